import Reporting

/// The page of `quire simulate cache`.
struct CacheReportPage {
    private let result: CacheResult

    init(_ result: CacheResult) { self.result = result }

    /// The page.
    var report: Report {
        var report = Report(
            title: "What a prefix cache hits", summary: summary,
            parameters: [
                ("prompts", result.source), ("model", result.rows.first?.model ?? ""),
                ("lookups", Sizes.grouped(result.rows.first?.lookups ?? 0)),
            ], stamp: result.stamp)
        report.append(hitRates)
        if let chart = headroom { report.append(chart) }
        report.append(table)
        return report
    }

    private var policies: [String] { distinct(result.rows.map(\.policy)) }
    private var capacities: [Int] { distinct(result.rows.map(\.capacity)) }

    private func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }

    private func row(_ policy: String, _ capacity: Int) -> CacheRow? {
        result.rows.first { $0.policy == policy && $0.capacity == capacity }
    }

    private var summary: String {
        let online = result.rows.filter { $0.policy != "belady" }
        guard let best = online.max(by: { $0.hit_rate < $1.hit_rate }) else {
            return "What belady hits nobody can pass."
        }
        return "At most, \(best.policy) hits \(ValueFormat.percent.text(best.hit_rate)) of the "
            + "blocks, with \(words(best.capacity))."
    }

    private func words(_ capacity: Int) -> String {
        capacity == 0 ? "room for all" : "\(Sizes.grouped(capacity)) blocks"
    }

    private var hitRates: LineChart {
        // No bound has no place on the axis.
        let bounded = capacities.filter { $0 > 0 }.sorted()
        let series = policies.map { policy in
            let rows = bounded.compactMap { row(policy, $0) }
            return Series(
                policy, x: rows.map { Double($0.capacity) }, y: rows.map(\.hit_rate),
                style: policy == "belady" ? .bound : .line)
        }
        return LineChart(
            title: "Hit rate by capacity",
            caption: policies.contains("belady")
                ? "Belady's line knows the future: a better policy can win what lies below it."
                : "A larger cache hits more; a better policy hits more in the same room.",
            x: Axis("Capacity", .count("blocks"), spacing: .log),
            y: Axis("Hit rate", .percent, from: 0), series: series)
    }

    /// How much of the way from LRU to Belady each policy goes; nil where one of those is missing.
    private var headroom: BarChart? {
        guard policies.contains("lru"), policies.contains("belady") else { return nil }
        let places = capacities.filter { capacity in
            guard let lru = row("lru", capacity), let belady = row("belady", capacity) else {
                return false
            }
            return belady.hits > lru.hits
        }
        let others = policies.filter { $0 != "lru" && $0 != "belady" }
        guard !places.isEmpty, !others.isEmpty else { return nil }
        return BarChart(
            title: "From LRU to Belady",
            caption: "The part of what LRU leaves to be won that a policy wins; below zero it "
                + "loses to LRU.",
            categoryTitle: "capacity", categories: places.map(words),
            axis: Axis("Of the way", .percent),
            bars: others.map { policy in
                .init(policy, places.map { share(policy, $0) })
            })
    }

    private func share(_ policy: String, _ capacity: Int) -> Double {
        guard let lru = row("lru", capacity), let belady = row("belady", capacity),
            let own = row(policy, capacity)
        else { return .nan }
        return Double(own.hits - lru.hits) / Double(belady.hits - lru.hits)
    }

    private var table: ReportTable {
        ReportTable(
            title: "Hits",
            columns: [
                .text("Policy"), .number("Blocks"), .number("Hits"), .bar("Hit rate", of: 1),
                .number("Hit tokens"),
            ],
            rows: result.rows.map { row in
                [
                    .init(row.policy),
                    row.capacity == 0 ? "no bound" : .init(row.capacity), .init(row.hits),
                    .init(row.hit_rate, .percent), .init(row.hit_tokens),
                ]
            })
    }
}
