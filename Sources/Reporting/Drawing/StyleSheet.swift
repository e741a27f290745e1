/// The rules that colour a chart. Colours are custom properties, so that the scheme of the reader
/// decides; each rule names the light colour first, for viewers that know no custom properties.
enum StyleSheet {
    /// The custom properties, for the elements that `selector` names.
    static func variables(for selector: String) -> String {
        let light = Palette.all.map { "--q-\($0.key):\($0.light)" }.joined(separator: ";")
        let dark = Palette.all.map { "--q-\($0.key):\($0.dark)" }.joined(separator: ";")
        return """
            \(selector){color-scheme:light dark;\(light)}
            @media screen and (prefers-color-scheme:dark){\(selector){\(dark)}}

            """
    }

    /// What the classes of a chart mean.
    static let rules: String = {
        var text = ""
        for entry in Palette.all {
            text +=
                ".qf-\(entry.key)"
                + "{fill:\(entry.light);fill:var(--q-\(entry.key),\(entry.light))}"
            text +=
                ".qs-\(entry.key)"
                + "{stroke:\(entry.light);stroke:var(--q-\(entry.key),\(entry.light))}\n"
        }
        text += """
            .q-chart{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",\
            Arial,sans-serif;font-variant-numeric:tabular-nums}
            .q-line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .q-edge{stroke-width:1}
            .q-thin{fill:none;stroke-width:1}
            .q-rule{fill:none;stroke-width:2}
            .q-b{font-weight:600}
            .q-h{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}

            """
        return text
    }()
}
