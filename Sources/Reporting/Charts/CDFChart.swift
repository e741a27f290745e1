/// Cumulative distributions with the target: which share of requests was at least that fast.
package struct CDFChart: Chart, Hashable {
    /// The values of one distribution.
    package struct Distribution: Hashable, Sendable {
        /// The name, for the legend.
        package var name: String

        /// The values, in any order; those that are not finite are left out.
        package var values: [Double]

        /// The colour; nil: that of its place.
        package var tone: Tone?

        /// A distribution.
        package init(_ name: String, _ values: [Double], tone: Tone? = nil) {
            self.name = name
            self.values = values
            self.tone = tone
        }
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The axis of the values; logarithmic where the tail is long.
    package var x: Axis

    /// What is compared.
    package var distributions: [Distribution]

    /// Targets: upright lines (`.target("TTFT ≤ 2 s", at: 2, .place)`) or shares.
    package var rules: [Rule]

    /// A chart of distributions.
    package init(
        title: String, caption: String, x: Axis, distributions: [Distribution],
        rules: [Rule] = []
    ) {
        self.title = title
        self.caption = caption
        self.x = x
        self.distributions = distributions
        self.rules = rules
    }

    private var plot: XYPlot {
        XYPlot(
            x: x, y: Axis("Share of requests", .percent, from: 0, to: 1),
            series: distributions.map(series), rules: rules)
    }

    /// Steps up by one share at each value. Values that have no place on a logarithmic axis are
    /// below its start: they count, and the curve begins at their share.
    func series(_ distribution: Distribution) -> Series {
        let values = distribution.values.filter(\.isFinite).sorted()
        let shown = values.drop { !x.takes($0) }
        let share = { (count: Int) in Double(count) / Double(values.count) }
        var points = shown.first.map { [Series.Point($0, share(shown.startIndex))] } ?? []
        for (index, value) in zip(shown.indices, shown) {
            points.append(Series.Point(value, share(index + 1)))
        }
        return Series(distribution.name, points, tone: distribution.tone, style: .step)
    }

    /// Shares of the values, as the table names them.
    private static let shares = [0.5, 0.9, 0.95, 0.99]

    /// The smallest value with at least that share at or below it (nearest rank); nil: no values.
    static func quantile(_ share: Double, of sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// Percentiles of each distribution (nearest rank).
    package var data: ReportTable {
        let shares = Self.shares.map { ReportTable.Column.number("p\(Int($0 * 100))") }
        let columns: [ReportTable.Column] =
            ["Distribution", .number("values")] + shares + [.number("largest")]
        return .data(title: title, columns: columns, count: distributions.count) { row in
            let values = distributions[row].values.filter(\.isFinite).sorted()
            let quantiles = (Self.shares + [1]).map { Self.quantile($0, of: values) }
            return [.init(distributions[row].name), .init(values.count)]
                + quantiles.map { $0.map { .init($0, x.format) } ?? .missing }
        }
    }

    /// The picture in words.
    package var summary: String {
        let parts = data.rows.map { row in
            "\(row[0].text): \(row[1].text) values, half of them at most \(row[2].text), "
                + "99 % at most \(row[5].text)."
        }
        return "Cumulative distribution of \(x.label). " + parts.joined(separator: " ")
            + rules.map { " Line: \($0.label)." }.joined()
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) { plot.draw(on: &canvas) }
}
