/// An earlier measurement of the same things: rows of a JSON file that `--compare` names.
struct BenchBaseline {
    private let keys: [String]
    private let rows: [[BenchValue?]: BenchRow]

    /// Reads the rows that an earlier run wrote with `--format json`. The last of rows that have
    /// the same `keys` counts.
    ///
    /// - Throws: when the file cannot be read, or `TraceError` with the number of the first line
    ///   that is no row.
    init(file: String, keys: [String]) throws {
        try self.init(
            text: try StandardStreams.read(file: file), name: file, keys: keys)
    }

    /// Reads the rows of a text.
    init(text: String, name: String, keys: [String]) throws {
        self.keys = keys
        var rows: [[BenchValue?]: BenchRow] = [:]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.contains(where: { !$0.isWhitespace }) {
            guard let row = BenchRow(json: line) else {
                throw TraceError(
                    description: "line \(index + 1) of \(Terminal.plain(name)) is no row of "
                        + "measurements; make the file with --format json")
            }
            rows[keys.map { row[$0] }] = row
        }
        self.rows = rows
    }

    /// How many times as fast a row is as the earlier one: that one's seconds by this one's. Nil
    /// where there was no such row.
    func speedup(of row: BenchRow, field: String) -> Double? {
        guard let earlier = rows[keys.map { row[$0] }]?[field]?.number,
            let now = row[field]?.number, now > 0
        else { return nil }
        return earlier / now
    }
}
