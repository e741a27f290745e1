extension VirtualTerminal {
    /// Changes the width and wraps lines again; the cursor stays with its character.
    package mutating func resize(width newWidth: Int, height newHeight: Int) {
        var lines: [[(text: String, columns: Int)]] = [[]]
        var cursor = (line: 0, column: 0)
        let all = scrolledOut + rows
        let last = lastRow(of: all)
        for (index, old) in all.enumerated().prefix(last + 1) {
            let kept = keptColumns(of: old)
            if index == scrolledOut.count + row {
                cursor = (lines.count - 1, lines[lines.count - 1].columns + column)
            }
            var place = 0
            while place < kept {
                let columns = place + 1 < width && old.cells[place + 1].isEmpty ? 2 : 1
                lines[lines.count - 1].append((old.cells[place], columns))
                place += columns
            }
            if !old.isWrapped, index < last { lines.append([]) }
        }
        var wrapped: [Row] = []
        var place = (row: 0, column: 0)
        for (index, line) in lines.enumerated() {
            let first = wrapped.count
            let (rows, at) = Self.wrap(line, newWidth, index == cursor.line ? cursor.column : 0)
            wrapped += rows
            if index == cursor.line { place = (first + at.row, at.column) }
        }
        let above = max(wrapped.count - newHeight, 0)
        while wrapped.count < newHeight { wrapped.append(Self.blank(newWidth)) }
        replace(
            width: newWidth, scrolledOut: Array(wrapped[..<above]), rows: Array(wrapped[above...]),
            row: max(place.row - above, 0), column: place.column)
    }

    private func lastRow(of all: [Row]) -> Int {
        let filled = all.lastIndex { !$0.text.isEmpty } ?? 0
        return max(filled, scrolledOut.count + row)
    }

    /// Without what was never written at the end of a line, nor the gap before a wide character.
    private func keptColumns(of row: Row) -> Int {
        if row.isWrapped { return row.hasGap ? width - 1 : width }
        return row.used
    }

    private static func wrap(
        _ line: [(text: String, columns: Int)], _ width: Int, _ cursor: Int
    ) -> (rows: [Row], cursor: (row: Int, column: Int)) {
        var rows = [blank(width)]
        var column = 0
        var passed = 0
        var place: (row: Int, column: Int)?
        for (text, columns) in line {
            if column + columns > width {
                rows[rows.count - 1].isWrapped = true
                rows[rows.count - 1].hasGap = column < width
                rows.append(blank(width))
                column = 0
            }
            if passed >= cursor, place == nil { place = (rows.count - 1, column) }
            rows[rows.count - 1].cells[column] = text
            if columns == 2 { rows[rows.count - 1].cells[column + 1] = "" }
            column += columns
            passed += columns
            rows[rows.count - 1].used = column
        }
        let end = min(column + max(cursor - passed, 0), width - 1)
        return (rows, place ?? (rows.count - 1, end))
    }

    private mutating func replace(
        width: Int, scrolledOut: [Row], rows: [Row], row: Int, column: Int
    ) {
        self = VirtualTerminal(
            width: width, scrolledOut: scrolledOut, rows: rows, row: row, column: column,
            after: self)
    }
}

extension [(text: String, columns: Int)] {
    fileprivate var columns: Int { reduce(0) { $0 + $1.columns } }
}
