import Reporting

/// The pictures of a comparison.
enum CompareCharts {
    static func all(_ rows: [BenchRow]) -> [any Chart] {
        [throughput(rows), memory(rows), waiting(rows)]
    }

    /// Throughput while requests come without end.
    static func drift(_ rows: [BenchRow]) -> [any Chart] {
        [
            LineChart(
                title: "Throughput over time",
                caption: "A level line: what was answered before makes nothing slower.",
                x: Axis("Time", .seconds, from: 0),
                y: Axis("Tokens a second", .count("tokens/s")),
                series: [
                    Series(
                        "generated", x: rows.map { $0.number("until_s") },
                        y: rows.map { $0.number("tok_s") })
                ])
        ]
    }

    private static func throughput(_ rows: [BenchRow]) -> BarChart {
        BarChart(
            title: "Throughput in the same memory",
            caption: "Continuous batching fills the places of those who have ended; paging makes "
                + "more places.",
            categories: rows.map { $0.word("arm") },
            axis: Axis("Tokens a second", .count("tokens/s")),
            bars: [.init("generated", rows.map { $0.number("tok_s") }, tone: .computed)])
    }

    /// Slots of the whole cache, on the average of the steps. Shared tokens count for each that has
    /// them, so that what is stored may be more than what is allocated; then nothing is waste.
    private static func memory(_ rows: [BenchRow]) -> BarChart {
        let shown = rows.filter { $0["stored"]?.number != nil }
        let stored = shown.map { min($0.number("stored"), $0.number("allocated")) }
        let allocated = shown.map { $0.number("allocated") }
        return BarChart(
            title: "What the memory for keys and values holds",
            caption: "A contiguous cache sets the longest context aside for everybody; most of it "
                + "never holds a token.",
            categories: shown.map { $0.word("arm") }, axis: Axis("Of all slots", .percent),
            bars: [
                .init("tokens", stored, tone: .computed),
                .init("set aside and empty", zip(allocated, stored).map(-), tone: .waste),
                .init("free", allocated.map { 1 - $0 }, tone: .free),
            ], arrangement: .stacked)
    }

    private static func waiting(_ rows: [BenchRow]) -> BarChart {
        let shown = rows.filter { $0["stored"]?.number != nil }
        return BarChart(
            title: "Until the first token",
            caption: "All requests wait from the start: more of them at once is less waiting.",
            categories: shown.map { $0.word("arm") }, axis: Axis("Time", .seconds),
            bars: [
                .init("median", shown.map { $0.number("ttft_p50_s") }, tone: .series(0)),
                .init("p99", shown.map { $0.number("ttft_p99_s") }, tone: .series(1)),
            ])
    }
}
