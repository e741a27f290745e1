import Reporting
import Simulation

/// The page of `quire simulate memory`.
struct MemoryReportPage {
    private let result: MemoryResult
    private let histories: [MemoryHistory]
    private let isPaper: Bool

    /// - Parameter histories: one for each row, of the first set of requests.
    init(_ result: MemoryResult, _ histories: [MemoryHistory], isPaper: Bool) {
        self.result = result
        self.histories = histories
        self.isPaper = isPaper
    }

    /// The page.
    var report: Report {
        let tables = MemoryTables(result, isPaper: isPaper)
        var report = Report(
            title: "What the KV cache's memory holds", summary: summary,
            parameters: [
                ("lengths", result.lengths), ("requests", "\(result.requests)"),
                ("sets of requests", "\(result.rows.first?.runs ?? 1)"),
                ("slots", "\(result.capacity)"), ("longest sequence", "\(result.max_length)"),
                ("requests that did not fit", "\(result.overlong)"),
            ], stamp: result.stamp)
        report.append(prose: tables.heading)
        report.append(shares)
        report.append(batches)
        for chart in growth { report.append(chart) }
        if let chart = blockSizes { report.append(chart) }
        if let chart = savings { report.append(chart) }
        report.append(tables.use)
        if let table = tables.sharing { report.append(table) }
        if let table = tables.prefix { report.append(table) }
        for note in tables.notes { report.append(prose: note) }
        return report
    }

    private var best: MemoryRow? { result.rows.max { $0.mean_batch < $1.mean_batch } }
    private var worst: MemoryRow? { result.rows.min { $0.mean_batch < $1.mean_batch } }

    private var summary: String {
        guard let best, let worst else { return "" }
        return "\(best.label) holds tokens in \(percent(best.tokens)) of the memory and runs "
            + "\(DecimalWords.tenths(best.mean_batch)) requests at once; \(worst.label) in "
            + "\(percent(worst.tokens)), and \(DecimalWords.tenths(worst.mean_batch))."
    }

    private func percent(_ share: Double) -> String { ValueFormat.percent.text(share) }

    private var labels: [String] { result.rows.map(\.label) }

    private var shares: BarChart {
        BarChart(
            title: "What memory holds",
            caption: "Only the first part of each bar is of use now: the rest is promised, "
                + "wasted inside of what requests hold, or held by nobody.",
            categories: labels, axis: Axis("Share of slots", .percent),
            bars: [
                .init("tokens", result.rows.map(\.tokens), tone: .computed),
                .init("reserved", result.rows.map(\.reserved), tone: .reserved),
                .init("internal", result.rows.map(\.internal), tone: .waste),
                .init("external", result.rows.map(\.external), tone: .external),
            ], arrangement: .share)
    }

    private var batches: BarChart {
        var bars = [BarChart.Bars("simulated", result.rows.map(\.mean_batch))]
        if isPaper {
            bars.append(.init("paper", result.rows.map { $0.paper_mean_batch ?? .nan }))
        }
        return BarChart(
            title: "Requests at once",
            caption: "What is not wasted runs more requests in the same memory.",
            categories: labels, axis: Axis("Requests", .number, from: 0), bars: bars)
    }

    /// What memory holds step by step, under the first policy and in blocks of 16 (or the last).
    private var growth: [AreaChart] {
        let blocks = result.rows.firstIndex { $0.policy == "paged" && $0.block_size == 16 }
        let places = Set([0, blocks ?? histories.count - 1]).sorted()
        return places.filter(histories.indices.contains).map { place in
            let moments = histories[place].moments
            func layer(
                _ name: String, _ tone: Tone, _ value: (MemoryHistory.Moment) -> Int
            ) -> StackedLayers.Layer {
                .init(name, tone, moments.map { Double(value($0)) })
            }
            return AreaChart(
                title: "Memory over time: \(labels[place])",
                caption: "Tokens grow below the capacity line; what lies between is not in use.",
                x: Axis("Step", .number), y: Axis("Slots", .count("slots"), from: 0),
                stack: StackedLayers(
                    places: moments.map { Double($0.step) },
                    layers: [
                        layer("tokens", .computed, \.tokens),
                        layer("reserved", .reserved, \.reserved),
                        layer("internal", .waste, \.internalWaste),
                    ]),
                rules: [.capacity("capacity", at: Double(result.capacity))])
        }
    }

    /// Waste by block size; nil for a single size.
    private var blockSizes: LineChart? {
        let rows = result.rows.filter { $0.policy == "paged" }
            .sorted { ($0.block_size ?? 0) < ($1.block_size ?? 0) }
        guard rows.count > 1 else { return nil }
        let places = rows.map { Double($0.block_size ?? 0) }
        return LineChart(
            title: "Slots without a token, by block size",
            caption: "The last block of a sequence is half empty on average, so waste grows with "
                + "the block.",
            x: Axis("Block size", .count("tokens"), spacing: .log2),
            y: Axis("Share of slots", .percent, from: 0),
            series: [
                Series("in held blocks", x: places, y: rows.map { $0.reserved + $0.internal }),
                Series("in all", x: places, y: rows.map { 1 - $0.tokens }),
            ])
    }

    /// What sharing saves; nil where it was not counted.
    private var savings: BarChart? {
        guard !result.sharing.isEmpty else { return nil }
        let counts = result.sharing.map(\.sequences).reduce(into: [Int]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        func values(_ kind: String) -> [Double] {
            counts.map { count in
                result.sharing.first { $0.kind == kind && $0.sequences == count }?.saved ?? .nan
            }
        }
        return BarChart(
            title: "Blocks that sharing saves",
            caption: "Samples share their prompt; beams share what they have in common as well.",
            categoryTitle: "sequences", categories: counts.map(String.init),
            axis: Axis("Blocks saved", .percent, from: 0),
            bars: [.init("parallel samples", values("samples")), .init("beams", values("beams"))])
    }
}

/// Numbers in sentences.
enum DecimalWords {
    /// With one digit behind the point.
    static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// With two digits behind the point.
    static func hundredths(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let digits = hundredths % 100
        return "\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
}
