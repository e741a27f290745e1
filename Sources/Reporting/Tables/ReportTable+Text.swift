extension ReportTable {
    /// The table for a terminal: titles first, words to the left, numbers to the right, bars after
    /// their numbers. Characters that would command the terminal are replaced.
    ///
    /// - Parameter barWidth: cells of a bar.
    package func lines(barWidth: Int = 10) -> [String] {
        let titles = columns.map { Self.harmless($0.title) }
        let cells = rows.map { row in row.map { Self.harmless($0.text) } }
        let widths = columns.indices.map { column in
            ([titles] + cells).map { Self.cellCount($0[column]) }.max() ?? 0
        }
        let fullBars = columns.indices.map(fullBar)
        var lines = [line(titles, widths, bars: fullBars.map { $0 == nil ? nil : "" }, barWidth)]
        for (row, texts) in zip(rows, cells) {
            let bars = row.indices.map { column in
                fullBars[column].map { full in
                    BarText.bar((row[column].value ?? 0) / full, width: barWidth)
                }
            }
            lines.append(line(texts, widths, bars: bars, barWidth))
        }
        return lines
    }

    private func line(
        _ texts: [String], _ widths: [Int], bars: [String?], _ barWidth: Int
    ) -> String {
        var line = ""
        for (column, text) in texts.enumerated() {
            let padding = String(
                repeating: " ", count: max(0, widths[column] - Self.cellCount(text)))
            line += column == 0 ? "" : "  "
            line += columns[column].kind == .text ? text + padding : padding + text
            if let bar = bars[column] {
                line += " " + bar + String(repeating: " ", count: barWidth - bar.count)
            }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Cells of a terminal that a text takes: two for the wide characters of East Asia, none for
    /// marks that join the character before them.
    static func cellCount(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { count, scalar in
            switch scalar.value {
            case 0x300...0x36F, 0x200B...0x200D, 0xFE00...0xFE0F: count
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
                0xFE30...0xFE6F, 0xFF00...0xFF60, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                count + 2
            default: count + 1
            }
        }
    }

    /// On one line, and without characters that command a terminal.
    private static func harmless(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isBreak = scalar == "\n" || scalar == "\r" || scalar == "\t"
            let kept: Unicode.Scalar = Markup.isAllowed(scalar) ? scalar : "\u{FFFD}"
            result.unicodeScalars.append(isBreak ? " " : kept)
        }
        return result
    }
}
