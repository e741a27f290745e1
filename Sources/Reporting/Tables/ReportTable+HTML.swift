extension ReportTable {
    /// The table for a page, its title as the caption; bars are drawn behind the numbers' ends.
    func html() -> String {
        var text = "<div class=\"table\" tabindex=\"0\"><table>\n"
        text += "<caption>\(Markup.escaped(title))</caption>\n<thead><tr>"
        for column in columns {
            let style = column.kind == .text ? "" : " class=\"n\""
            text += "<th scope=\"col\"\(style)>\(Markup.escaped(column.title))</th>"
        }
        text += "</tr></thead>\n<tbody>\n"
        let fullBars = columns.indices.map(fullBar)
        for row in rows {
            text += "<tr>"
            for (column, cell) in row.enumerated() {
                text += html(cell, column: column, fullBar: fullBars[column])
            }
            text += "</tr>\n"
        }
        text += "</tbody></table></div>\n"
        if !note.isEmpty { text += "<p class=\"note\">\(Markup.escaped(note))</p>\n" }
        return text
    }

    private func html(_ cell: Cell, column: Int, fullBar: Double?) -> String {
        let words = Markup.escaped(cell.text)
        if columns[column].kind == .text {
            return column == 0 ? "<th scope=\"row\">\(words)</th>" : "<td>\(words)</td>"
        }
        guard let fullBar else { return "<td class=\"n\">\(words)</td>" }
        let share = min(max((cell.value ?? 0) / fullBar, 0), 1) * 100
        let width = DecimalText.coordinate(share)
        return "<td class=\"n\">\(words)"
            + "<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:\(width)%\"></i></span>"
            + "</td>"
    }
}
