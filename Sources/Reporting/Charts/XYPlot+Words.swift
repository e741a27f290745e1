extension XYPlot {
    /// The axes, and each series' first, last and largest value.
    var summary: String {
        var parts = ["Horizontal: \(x.label). Vertical: \(y.label)."]
        for series in series { parts.append(words(series)) }
        for rule in rules where !rule.label.isEmpty { parts.append("Line: \(rule.label).") }
        for mark in marks { parts.append("Marked: \(mark.label).") }
        return parts.joined(separator: " ")
    }

    private func words(_ series: Series) -> String {
        let points = series.points.filter { x.takes($0.x) && y.takes($0.y) }
        guard let first = points.first, let last = points.last else {
            return "\(series.name): no data."
        }
        guard points.count > 1 else { return "\(series.name): \(place(first))." }
        let highest = points.max { $0.y < $1.y } ?? first
        return "\(series.name): \(points.count) points, from \(place(first)) to \(place(last)), "
            + "highest \(place(highest))."
    }

    private func place(_ point: Series.Point) -> String {
        "\(y.format.text(point.y)) at \(x.format.text(point.x))"
    }

    /// A row a place with a column a series where all have the same places; else a row a point.
    func data(title: String) -> ReportTable {
        let places = series.first.map { $0.points.map(\.x) } ?? []
        let isShared = series.allSatisfy { $0.points.map(\.x) == places }
        let hasLabels = series.contains { $0.points.contains { !$0.label.isEmpty } }
        if isShared, !hasLabels {
            let columns = [.number(x.label)] + series.map { ReportTable.Column.number($0.name) }
            return .data(title: title, columns: columns, count: places.count) { row in
                [.init(places[row], x.format)]
                    + series.map { .init($0.points[row].y, y.format) }
            }
        }
        let points = series.flatMap { series in series.points.map { (series.name, $0) } }
        var columns: [ReportTable.Column] = ["Series", .number(x.label), .number(y.label)]
        if hasLabels { columns.insert("Point", at: 1) }
        return .data(title: title, columns: columns, count: points.count) { row in
            let (name, point) = points[row]
            var cells: [ReportTable.Cell] = [
                .init(name), .init(point.x, x.format), .init(point.y, y.format),
            ]
            if hasLabels { cells.insert(.init(point.label), at: 1) }
            return cells
        }
    }
}

extension ReportTable {
    /// The table under a chart: of more than `ReportingLimits.dataRows` rows evenly spaced ones,
    /// and a note that says so.
    static func data(
        title: String, columns: [Column], count: Int, row: (Int) -> [Cell]
    ) -> ReportTable {
        let indices = Thinning.indices(count, limit: ReportingLimits.dataRows)
        let note = indices.count < count ? "\(indices.count) of \(count) rows." : ""
        return ReportTable(
            title: "Data: \(title)", columns: columns, rows: indices.map(row), note: note)
    }
}
