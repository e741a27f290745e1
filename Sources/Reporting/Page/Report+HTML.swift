extension Report {
    /// The page.
    package func html() -> String {
        var text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>\(Markup.escaped(title))</title>
            <style>
            \(StyleSheet.variables(for: ":root"))\(StyleSheet.rules)\(PageStyle.rules)</style>
            </head>
            <body>
            <main>
            <header>
            <h1>\(Markup.escaped(title))</h1>
            \(Self.paragraphs(summary, style: "summary"))
            """
        text += stampHTML + "</header>\n"
        for (index, section) in sections.enumerated() { text += html(section, index: index) }
        text += parametersHTML
        text += "<section>\n<h2>Repeat it</h2>\n"
        text += "<pre><code>\(Markup.escaped(command))</code></pre>\n</section>\n"
        return text + "</main>\n</body>\n</html>\n"
    }

    private var stampHTML: String {
        guard let stamp else { return "" }
        let items = stamp.lines.map {
            "<div><dt>\(Markup.escaped($0.name))</dt><dd>\(Markup.escaped($0.value))</dd></div>"
        }
        return "<dl class=\"stamp\">\(items.joined())</dl>\n"
    }

    private var parametersHTML: String {
        guard !parameters.isEmpty else { return "" }
        let rows = parameters.map { name, value in
            "<tr><th scope=\"row\">\(Markup.escaped(name))</th>"
                + "<td>\(Markup.escaped(value))</td></tr>\n"
        }
        return "<section>\n<h2>Parameters</h2>\n<div class=\"table\" tabindex=\"0\"><table>\n"
            + "<tbody>\n\(rows.joined())</tbody></table></div>\n</section>\n"
    }

    private func html(_ section: Section, index: Int) -> String {
        switch section {
        case .heading(let words): "<h2>\(Markup.escaped(words))</h2>\n"
        case .prose(let words): Self.paragraphs(words, style: "")
        case .table(let table): "<section>\n\(table.html())</section>\n"
        case .chart(let chart): Self.figure(chart, index: index)
        }
    }

    private static func paragraphs(_ words: String, style: String) -> String {
        let attribute = style.isEmpty ? "" : " class=\"\(style)\""
        return words.split(separator: "\n\n").map {
            "<p\(attribute)>\(Markup.escaped(String($0)))</p>\n"
        }.joined()
    }

    /// A chart in both widths, of which the reader's screen shows one, and its data.
    private static func figure(_ chart: any Chart, index: Int) -> String {
        let wide = SVGDocument(chart, width: ChartWidth.wide, id: "c\(index)w")
        let narrow = SVGDocument(chart, width: ChartWidth.narrow, id: "c\(index)n")
        return """
            <figure>
            <figcaption><h3>\(Markup.escaped(chart.title))</h3>
            <p>\(Markup.escaped(chart.caption))</p></figcaption>
            \(wide.embedded(classes: "wide"))\(narrow.embedded(classes: "narrow"))\
            <details><summary>Data</summary>
            \(chart.data.html())</details>
            </figure>

            """
    }
}
