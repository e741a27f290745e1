/// Columns of text, aligned; numbers to the right.
struct TextTable {
    /// How a column is aligned.
    enum Alignment {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns
    }

    mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "a row has one cell a column")
        rows.append(row)
    }

    /// The lines of the table, the titles first.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                let padded = columns[column].alignment == .left ? cell + padding : padding + cell
                line += (column == 0 ? "" : "  ") + padded
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
