/// A chart as SVG text.
struct SVGDocument {
    private let chart: any Chart
    private let width: Double
    private let id: String

    init(_ chart: any Chart, width: Double, id: String) {
        precondition(width >= 240 && width <= 4000, "a drawing is 240 to 4000 units wide")
        self.chart = chart
        self.width = width
        self.id = id
    }

    /// With title, caption and style sheet: a file of its own.
    var standalone: String {
        var canvas = Canvas(width: width, id: id)
        canvas.bottom = 6
        canvas.paragraph(chart.title, size: 16, color: "ink", bold: true)
        canvas.paragraph(chart.caption, size: 13)
        canvas.bottom += 6
        let style = StyleSheet.variables(for: ".q-chart") + StyleSheet.rules
        return text(canvas, style: "<style>\n\(style)</style>\n", ground: true)
    }

    /// For a page that has the style sheet and shows title and caption itself.
    ///
    /// - Parameter classes: further classes of the `svg` element.
    func embedded(classes: String) -> String {
        text(Canvas(width: width, id: id), style: "", classes: " " + classes, ground: false)
    }

    private func text(
        _ canvas: Canvas, style: String, classes: String = "", ground: Bool
    ) -> String {
        var canvas = canvas
        chart.draw(on: &canvas)
        let height = DecimalText.coordinate(canvas.bottom + 4)
        let size = "0 0 \(DecimalText.coordinate(width)) \(height)"
        var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"\(size)\""
        if ground {
            // A file has its size where there is room for it, and shrinks where there is not.
            text += " width=\"\(DecimalText.coordinate(width))\" height=\"\(height)\""
            text += " style=\"max-width:100%;height:auto\""
        }
        text += " class=\"q-chart\(classes)\" role=\"img\""
        text += " aria-labelledby=\"\(id)-t \(id)-d\">\n"
        text += "<title id=\"\(id)-t\">\(Markup.escaped(chart.title))</title>\n"
        let words = [chart.caption, chart.summary].filter { !$0.isEmpty }.joined(separator: " ")
        text += "<desc id=\"\(id)-d\">\(Markup.escaped(words))</desc>\n"
        text += style
        if ground { text += "<rect width=\"100%\" height=\"100%\" class=\"qf-ground\"/>\n" }
        return text + canvas.elements + "</svg>\n"
    }
}
