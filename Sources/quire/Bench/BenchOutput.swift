import ArgumentParser

/// What `quire bench` writes to stdout.
enum BenchFormat: String, CaseIterable, ExpressibleByArgument {
    /// A table for a person.
    case text
    /// One JSON object a row.
    case json
    /// A line of names, then one line a row.
    case csv
}

/// The output options of measurements that are rows.
struct BenchOutputOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "What stdout gets: text for a person, json (an object a row) or csv for a program.")
    var format: BenchFormat = .text

    @OptionGroup var report: ReportOptions
}

/// Rows of one kind, printed as they come: a program or a person need not wait for the last.
struct BenchPrinter {
    /// A column of the table: the field's name and its title.
    typealias Column = (name: String, title: String)

    /// Lines for a file, or for a person.
    let format: BenchFormat
    /// What all rows have in common: the machine and the settings.
    let common: BenchRow
    /// What a person sees of a row.
    let columns: [Column]

    /// The rows that were printed, for a report at the end.
    private(set) var rows: [BenchRow] = []

    private var widths: [Int] = []
    private var names: [String] = []

    init(_ format: BenchFormat, common: BenchRow, columns: [Column]) {
        self.format = format
        self.common = common
        self.columns = columns
    }

    /// The lines that come before the rows.
    mutating func begin() -> [String] {
        guard format == .text else { return [] }
        // Rows are printed as they come: the first column has room for names.
        widths = columns.map { max($0.title.count, $0.name == columns[0].name ? 15 : 7) }
        let settings = common.names.compactMap { name -> String? in
            guard let value = common[name], value != .none else { return nil }
            return "\(name) \(Terminal.plain(value.short))"
        }
        return settings + [line(columns.map(\.title))]
    }

    /// The lines of a row.
    mutating func lines(_ row: BenchRow) throws -> [String] {
        let whole = row.followed(by: common)
        rows.append(row)
        switch format {
        case .json:
            return [try JSONText.line(whole)]
        case .csv:
            let fields = (names.isEmpty ? whole.names : names).map { whole[$0]?.csv ?? "" }
            guard names.isEmpty else { return [fields.joined(separator: ",")] }
            // All rows of a run have the names of the first.
            names = whole.names
            return [names.joined(separator: ","), fields.joined(separator: ",")]
        case .text:
            let cells = columns.map { Terminal.plain((whole[$0.name] ?? .none).short) }
            return [line(cells)]
        }
    }

    /// Names to the left, numbers to the right.
    private mutating func line(_ cells: [String]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            widths[column] = max(widths[column], cell.count)
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            line += (column == 0 ? "" : "  ") + (column == 0 ? cell + padding : padding + cell)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
