import Reporting
import Simulation

extension NotebookResult {
    /// The notebook's plots of the result.
    var charts: [any Chart] {
        switch self {
        case .traditional(let statistics):
            return [
                Self.shares(
                    held: statistics.totalAllocated - statistics.wastedMemory,
                    wasted: statistics.wastedMemory, free: 0,
                    caption: "Reserving the longest "
                        + "length leaves \(Self.percent(1 - statistics.efficiency)) of it empty.")
            ]
        case .paged(let statistics), .simulator(_, let statistics):
            return [
                Self.shares(
                    held: statistics.usedCapacity - statistics.wastedCapacity,
                    wasted: statistics.wastedCapacity,
                    free: max(0, statistics.totalCapacity - statistics.usedCapacity),
                    caption: "Of the pages taken, \(Self.percent(1 - statistics.efficiency)) is "
                        + "behind the last token of a sequence.")
            ]
        case .comparison(let counts, let traditional, let paged):
            return Self.comparison(counts, traditional, paged)
        case .pageSizes(let sizes, let statistics):
            return [Self.bySize(sizes, statistics)]
        case .concurrent(let memories, let pairs):
            return [Self.concurrency(memories, pairs)]
        case .plots(let results): return results.flatMap(\.charts)
        }
    }

    private static func percent(_ share: Double) -> String { ValueFormat.percent.text(share) }

    private static func shares(
        held: Int, wasted: Int, free: Int, caption: String
    ) -> BarChart {
        BarChart(
            title: "What memory holds", caption: caption, categories: ["elements"],
            axis: Axis("Memory", .count("elements")),
            bars: [
                .init("tokens", [Double(held)], tone: .computed),
                .init("empty", [Double(wasted)], tone: .waste),
                .init("free", [Double(free)], tone: .free),
            ], arrangement: .share)
    }

    private static func comparison(
        _ counts: [Int], _ traditional: [TraditionalStatistics], _ paged: [PagedStatistics]
    ) -> [any Chart] {
        let places = counts.map(Double.init)
        let sequences = Axis("Sequences", .number)
        let share = { (values: [Double]) in
            percent(values.reduce(0, +) / Double(max(1, values.count)))
        }
        return [
            LineChart(
                title: "Memory efficiency by number of sequences",
                caption: "Pages hold tokens in \(share(paged.map(\.efficiency))) of what is "
                    + "taken, reservations in \(share(traditional.map(\.efficiency))), however "
                    + "many sequences there are.",
                x: sequences, y: Axis("Efficiency", .percent, from: 0, to: 1),
                series: [
                    Series("traditional", x: places, y: traditional.map(\.efficiency)),
                    Series("paged", x: places, y: paged.map(\.efficiency)),
                ]),
            LineChart(
                title: "Wasted memory by number of sequences",
                caption: "What reservations waste grows with every sequence; pages waste half a "
                    + "page a sequence.",
                x: sequences, y: Axis("Wasted", .count("elements"), from: 0),
                series: [
                    Series(
                        "traditional", x: places, y: traditional.map { Double($0.wastedMemory) }),
                    Series("paged", x: places, y: paged.map { Double($0.wastedCapacity) }),
                ]),
        ]
    }

    private static func bySize(_ sizes: [Int], _ statistics: [PagedStatistics]) -> LineChart {
        let order = sizes.indices.sorted { sizes[$0] < sizes[$1] }
        return LineChart(
            title: "Memory efficiency by page size",
            caption: "Half of a sequence's last page is empty on average: the larger the page, "
                + "the more.",
            x: Axis("Page size", .count("tokens"), spacing: .log2),
            y: Axis("Efficiency", .percent, to: 1),
            series: [
                Series(
                    "paged", x: order.map { Double(sizes[$0]) },
                    y: order.map { statistics[$0].efficiency })
            ])
    }

    private static func concurrency(
        _ memories: [Int], _ pairs: [(traditional: Int, paged: Int)]
    ) -> BarChart {
        let last = pairs.last ?? (0, 0)
        return BarChart(
            title: "Sequences at once by memory",
            caption: "The largest memory holds \(last.traditional) sequences of reservations and "
                + "\(last.paged) in pages.",
            categoryTitle: "elements", categories: memories.map { Sizes.count($0) },
            axis: Axis("Sequences at once", .number, from: 0),
            bars: [
                .init("traditional", pairs.map { Double($0.traditional) }),
                .init("paged", pairs.map { Double($0.paged) }),
            ])
    }
}
