/// Rows of numbers and words, for a terminal or a page.
package struct ReportTable: Hashable, Sendable {
    /// A column: its title and how its cells are shown.
    package struct Column: Hashable, Sendable, ExpressibleByStringLiteral {
        /// How cells are shown.
        enum Kind: Hashable {
            case text
            case number
            case bar(full: Double?)
        }

        /// What stands above the cells.
        package let title: String
        let kind: Kind

        /// A column of words, aligned to the left.
        package static func text(_ title: String) -> Self { Self(title: title, kind: .text) }

        /// A column of numbers, aligned to the right.
        package static func number(_ title: String) -> Self { Self(title: title, kind: .number) }

        /// Numbers with a small bar beside each.
        ///
        /// - Parameter full: the value of a full bar; nil: the largest of the column.
        package static func bar(_ title: String, of full: Double? = nil) -> Self {
            precondition(full.map { $0 > 0 && $0.isFinite } ?? true, "a full bar has a length")
            return Self(title: title, kind: .bar(full: full))
        }

        /// A column of words.
        package init(stringLiteral title: String) { self = .text(title) }

        private init(title: String, kind: Kind) {
            self.title = title
            self.kind = kind
        }
    }

    /// A cell: its text, and its value where it is a number.
    package struct Cell: Hashable, Sendable, ExpressibleByStringLiteral,
        ExpressibleByStringInterpolation
    {
        /// What is shown.
        package let text: String

        /// What a bar shows; nil: no number.
        package let value: Double?

        /// A cell of words.
        package init(_ text: String) {
            self.text = text
            value = nil
        }

        /// A number, written with its unit; one that is not finite is a dash.
        package init(_ value: Double, _ format: ValueFormat = .number) {
            text = format.text(value)
            self.value = value.isFinite ? value : nil
        }

        /// A whole number, digits grouped by three.
        package init(_ value: Int) {
            text = DecimalText.fixed(Double(value), digits: 0)
            self.value = Double(value)
        }

        /// A number that is written in the caller's own way.
        package init(_ text: String, value: Double) {
            self.text = text
            self.value = value.isFinite ? value : nil
        }

        /// A cell of words.
        package init(stringLiteral text: String) { self.init(text) }

        /// No value: a dash.
        package static let missing = Cell("\u{2013}")
    }

    /// What the table is about.
    package let title: String

    /// The columns from left to right.
    package let columns: [Column]

    /// The rows, each with one cell a column.
    package private(set) var rows: [[Cell]]

    /// What is said under the table; empty: nothing.
    package var note: String

    /// A table; each row has one cell a column.
    package init(title: String, columns: [Column], rows: [[Cell]] = [], note: String = "") {
        self.title = title
        self.columns = columns
        self.rows = []
        self.note = note
        for row in rows { append(row) }
    }

    /// Adds a row with one cell a column.
    package mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row has one cell a column")
        rows.append(row)
    }

    /// The value of a full bar in a column; nil: the column has no bars.
    func fullBar(_ column: Int) -> Double? {
        guard case .bar(let full) = columns[column].kind else { return nil }
        let largest = rows.compactMap { $0[column].value }.max() ?? 0
        return full ?? (largest > 0 ? largest : 1)
    }
}
