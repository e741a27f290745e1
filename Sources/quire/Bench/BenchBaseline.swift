/// An earlier measurement of the same things: rows of a JSON file that `--compare` names.
struct BenchBaseline {
    private let keys: [String]
    private let rows: [[BenchValue?]: BenchRow]

    /// Reads the rows that an earlier run wrote with `--format json`. The last of rows that have
    /// the same `keys` counts.
    ///
    /// - Throws: when the file cannot be read, or `BaselineError` with the number of the first line
    ///   that is no row.
    init(file: String, keys: [String]) throws {
        try self.init(LineReader(path: file), name: file, keys: keys)
    }

    /// Reads the rows of a text.
    init(text: String, name: String, keys: [String]) throws {
        try self.init(LineReader(text), name: name, keys: keys)
    }

    private init(_ reader: LineReader, name: String, keys: [String]) throws {
        self.keys = keys
        var rows: [[BenchValue?]: BenchRow] = [:]
        var lines = reader
        while let line = try lines.nextFilled() {
            let text = String(decoding: line.bytes ?? [], as: UTF8.self)
            guard let row = BenchRow(json: Substring(text)) else {
                throw BaselineError(
                    description: "line \(line.number) of \(Terminal.plain(name)) is no row of "
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

/// A file that is no baseline.
struct BaselineError: Error, CustomStringConvertible {
    let description: String
}
