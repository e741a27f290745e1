import Reporting

extension BenchPrinter {
    /// Writes the page that was asked for, if one was: the rows as a table, and charts of them.
    ///
    /// - Parameters:
    ///   - options: where to.
    ///   - title: what was measured.
    ///   - summary: the answer in a sentence.
    ///   - charts: drawn of the rows.
    func write(
        _ options: ReportOptions, title: String, summary: String,
        charts: ([BenchRow]) -> [any Chart]
    ) throws {
        try options.write {
            var report = Report(
                title: title, summary: summary,
                parameters: common.names.compactMap { name in
                    guard let value = common[name], value != .none else { return nil }
                    return (name, value.short)
                })
            for chart in charts(rows) { report.append(chart) }
            report.append(table(title))
            return report
        }
    }

    private func table(_ title: String) -> ReportTable {
        ReportTable(
            title: title,
            columns: columns.enumerated().map { index, column in
                index == 0 ? .text(column.title) : .number(column.title)
            },
            rows: rows.map { row in
                columns.map { column in
                    let value = row[column.name] ?? .none
                    guard let number = value.number else { return .init(value.short) }
                    return .init(value.short, value: number)
                }
            })
    }
}

extension BenchRow {
    /// A field as a number; not a number where it is none.
    func number(_ name: String) -> Double { self[name]?.number ?? .nan }

    /// A field as a word.
    func word(_ name: String) -> String { self[name]?.short ?? "" }
}
