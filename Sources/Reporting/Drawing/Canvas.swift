/// The picture under construction: SVG elements from the top to the bottom.
///
/// Coordinates are units of the drawing; `bottom` is where the next part begins. Only charts of this
/// module can draw.
package struct Canvas {
    /// The size of labels.
    static let labelSize = 12.0

    /// The opacity of areas on which text stands.
    static let faint = 0.3

    /// The distance between lines of labels.
    static let lineHeight = 16.0

    /// The width of the drawing; text keeps its size in these units whatever the width, so that a
    /// narrow drawing is one for narrow screens.
    let width: Double

    /// What the names of this drawing's definitions begin with.
    let id: String

    /// The lower end of what was drawn so far.
    var bottom = 0.0

    private(set) var elements = ""
    private(set) var hatched: [Tone] = []

    init(width: Double, id: String) {
        self.width = width
        self.id = id
    }

    /// Whether the drawing is for a narrow screen.
    var isNarrow: Bool { width < 520 }

    // MARK: - Shapes

    /// A filled rectangle; nothing where it has no area.
    mutating func rect(
        x: Double, y: Double, width: Double, height: Double, fill: Tone, opacity: Double = 1,
        outlined: Bool = false
    ) {
        guard width > 0, height > 0 else { return }
        elements +=
            "<rect x=\"\(c(x))\" y=\"\(c(y))\" width=\"\(c(width))\" height=\"\(c(height))\""
        elements += paint(fill, opacity: opacity, outlined: outlined) + "/>\n"
    }

    /// A thick frame around what matters.
    mutating func emphasis(x: Double, y: Double, width: Double, height: Double) {
        var path = PathData()
        path.rect(x: x, y: y, width: width, height: height)
        stroke(path, "ink", style: "q-rule")
    }

    /// A filled path.
    mutating func fill(_ path: PathData, _ tone: Tone, opacity: Double = 1, outlined: Bool = false)
    {
        guard !path.isEmpty else { return }
        elements += "<path d=\"\(path.text)\""
        elements += paint(tone, opacity: opacity, outlined: outlined) + "/>\n"
    }

    /// A stroked path: `stroke` is a colour's key, `style` a class of the style sheet.
    mutating func stroke(
        _ path: PathData, _ stroke: String, style: String = "q-line", dash: Dash = .solid,
        opacity: Double = 1
    ) {
        guard !path.isEmpty else { return }
        elements += "<path d=\"\(path.text)\" class=\"\(style) qs-\(stroke)\""
        if dash != .solid { elements += " stroke-dasharray=\"\(dash.rawValue)\"" }
        if opacity < 1 { elements += " stroke-opacity=\"\(c(opacity))\"" }
        elements += "/>\n"
    }

    /// A marker of a series, with a rim of the ground so that overlapping ones stay apart.
    mutating func marker(_ marker: Marker, x: Double, y: Double, key: String, size: Double = 4) {
        elements += "<path d=\"\(marker.path(x: x, y: y, radius: size).text)\""
        elements += " class=\"qf-\(key) qs-ground q-edge\"/>\n"
    }

    /// A ring around a place that matters.
    mutating func ring(x: Double, y: Double) {
        stroke(Marker.circle.path(x: x, y: y, radius: 7), "ink", style: "q-rule")
    }

    /// One line of text at its baseline.
    ///
    /// - Parameter halo: whether a rim of the ground keeps it readable over lines.
    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, color: String = "muted",
        size: Double = Canvas.labelSize, bold: Bool = false, halo: Bool = false
    ) {
        guard !text.isEmpty else { return }
        let classes = (bold ? " q-b" : "") + (halo ? " q-h qs-ground" : "")
        elements += "<text x=\"\(c(x))\" y=\"\(c(y))\" class=\"qf-\(color)\(classes)\""
        elements += " font-size=\"\(c(size))\""
        if anchor != .start { elements += " text-anchor=\"\(anchor.rawValue)\"" }
        elements += ">\(Markup.escaped(text))</text>\n"
    }

    /// Lines of text below `bottom`, which moves down.
    mutating func paragraph(
        _ text: String, size: Double = Canvas.labelSize, color: String = "muted",
        bold: Bool = false
    ) {
        for line in TextMetrics.wrap(text, width: width - 4, size: size, bold: bold) {
            bottom += (size * 1.35).rounded()
            self.text(line, x: 2, y: bottom - size * 0.3, color: color, size: size, bold: bold)
        }
    }

    private func c(_ value: Double) -> String { DecimalText.coordinate(value) }

    /// The attributes that paint an area of a tone.
    private mutating func paint(_ tone: Tone, opacity: Double, outlined: Bool) -> String {
        var text: String
        switch (tone, tone.texture) {
        case (.free, _): text = " class=\"qf-ground qs-muted q-edge\""
        case (_, .solid):
            text = " class=\"qf-\(tone.key)\(outlined ? " qs-\(tone.key) q-edge" : "")\""
        case (_, _):
            if !hatched.contains(tone) { hatched.append(tone) }
            text = " fill=\"url(#\(id)-\(Pattern.name(of: tone)))\""
            if outlined { text += " class=\"qs-\(tone.key) q-edge\"" }
        }
        if opacity < 1 { text += " fill-opacity=\"\(c(opacity))\"" }
        return text
    }
}

/// Where text stands relative to its place.
enum Anchor: String {
    case start
    case middle
    case end
}

/// The dashes of a line, in units of the drawing.
enum Dash: String, CaseIterable {
    case solid = ""
    case long = "8 4"
    case short = "3 3"
    case mixed = "9 3 2 3"
}
