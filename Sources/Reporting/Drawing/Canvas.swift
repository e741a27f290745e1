/// The picture under construction: SVG elements from the top to the bottom.
///
/// Coordinates are units of the drawing; `bottom` is where the next part begins. Only charts of
/// this module can draw.
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
    private var clips = 0

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
        var path = PathData()
        path.rect(x: x, y: y, width: width, height: height)
        self.fill(path, fill, opacity: opacity, outlined: outlined)
    }

    /// A thick frame around what matters.
    mutating func emphasis(x: Double, y: Double, width: Double, height: Double) {
        var path = PathData()
        path.rect(x: x, y: y, width: width, height: height)
        stroke(path, "ink", style: "q-rule")
    }

    /// A filled path in a tone's colour, with its texture.
    ///
    /// - Parameters:
    ///   - opacity: less than one where words stand on the area.
    ///   - outlined: whether a line in the tone's colour goes around it.
    ///   - textured: false where the parts are too small for a texture.
    mutating func fill(
        _ path: PathData, _ tone: Tone, opacity: Double = 1, outlined: Bool = false,
        textured: Bool = true
    ) {
        guard !path.isEmpty else { return }
        let hasEdge = outlined || tone == .free
        let fillKey = tone == .free ? "ground" : tone.key
        let strokes = "q-edge qs-\(tone.lineKey)"
        let opacity = opacity < 1 ? " fill-opacity=\"\(c(opacity))\"" : ""
        guard textured, tone.texture != .solid else {
            let classes = "qf-\(fillKey)" + (hasEdge ? " " + strokes : "")
            elements += "<path d=\"\(path.text)\" class=\"\(classes)\"\(opacity)/>\n"
            return
        }
        let name = "\(id)-\(clips)"
        clips += 1
        elements += "<clipPath id=\"\(name)\"><path id=\"\(name)s\" d=\"\(path.text)\"/>"
        elements += "</clipPath><use href=\"#\(name)s\" class=\"qf-\(fillKey)\"\(opacity)/>"
        elements += "<path d=\"\(tone.texture.lines(over: path.bounds).text)\" fill=\"none\""
        elements += " class=\"qs-ground\" clip-path=\"url(#\(name))\""
        elements += "\(tone.texture.attributes)/>"
        if hasEdge { elements += "<use href=\"#\(name)s\" class=\"\(strokes)\" fill=\"none\"/>" }
        elements += "\n"
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
