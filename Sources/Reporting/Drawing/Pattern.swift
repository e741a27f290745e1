/// The textures of areas, as SVG patterns: the colour, with lines or dots of the ground over it.
enum Pattern {
    /// The name of a tone's pattern within one drawing.
    static func name(of tone: Tone) -> String { "\(tone.texture.rawValue)-\(tone.key)" }

    /// The pattern of a tone, its name beginning with the drawing's `id`.
    static func definition(of tone: Tone, id: String) -> String {
        let lines: String
        switch tone.texture {
        case .solid: lines = ""
        case .dots:
            lines = "<circle cx=\"3\" cy=\"3\" r=\"1.1\" class=\"qf-ground\"/>"
        case .rising: lines = stroke("M-1 7L7 -1M-1 1L1 -1M5 7L7 5", width: "1.4")
        case .falling: lines = stroke("M-1 -1L7 7M5 -1L7 1M-1 5L1 7", width: "2.8")
        case .crossed: lines = stroke("M-1 -1L7 7M-1 7L7 -1", width: "1")
        case .level: lines = stroke("M0 1.5H6M0 4.5H6", width: "1.1")
        case .upright: lines = stroke("M3 0V6", width: "1.2")
        }
        return """
            <pattern id="\(id)-\(name(of: tone))" width="6" height="6" \
            patternUnits="userSpaceOnUse"><rect width="6" height="6" class="qf-\(tone.key)"/>\
            \(lines)</pattern>

            """
    }

    private static func stroke(_ path: String, width: String) -> String {
        "<path d=\"\(path)\" class=\"qs-ground\" fill=\"none\" stroke-width=\"\(width)\"/>"
    }
}
