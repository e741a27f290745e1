@testable import Reporting

extension Gallery {
    static var layers: StackedLayers {
        let times = (0..<60).map { Double($0) * 2 }
        return StackedLayers(
            places: times,
            layers: [
                .init("computed", .computed, times.map { min(4e9, $0 * 1e8) }),
                .init("reused", .reused, times.map { min(2e9, $0 * 4e7) }),
                .init("reserved", .reserved, times.map { min(1e9, $0 * 2e7) }),
                .init("waste", .waste, times.map { $0 == 30 ? .nan : 2e8 }),
            ], isStepped: true)
    }

    static func bars(arrangement: BarChart.Arrangement) -> BarChart {
        BarChart(
            title: "What memory holds", caption: "Paging spends it on tokens.",
            categoryTitle: "Allocator", categories: ["max", "pow2", "oracle", "paged"],
            axis: Axis("Slots", .count("slots")),
            bars: [
                .init("tokens", [204, 268, 382, 963], tone: .computed),
                .init("reserved", [133, 178, 251, 0], tone: .reserved),
                .init("internal waste", [575, 130, 0, 37], tone: .waste),
                .init("external waste", [88, 424, 367, 0], tone: .external),
            ], arrangement: arrangement)
    }

    static var batching: TimelineChart {
        let panels = ["static", "continuous"].map { name in
            TimelineChart.Panel(
                name,
                rows: (0..<4).map { slot in
                    let end = Double(4 * slot + 3)
                    return .init(
                        "slot \(slot)",
                        [.init(0, end, .computed, label: "R\(slot)"), .init(end, 16, .idle)])
                })
        }
        return TimelineChart(title: "Batching", caption: "Idle slots are hatched.", panels: panels)
    }

    static func gantt(rows: Int) -> TimelineChart {
        let rows = (0..<rows).map { index in
            let start = Double(index * 37 % 11) + Double(index)
            return TimelineChart.Row(
                "request \(index)",
                [
                    .init(start, start + 1, .idle), .init(start + 1, start + 2, .computed),
                    .init(start + 2, start + 6, .decoded),
                ], moments: index % 5 == 0 ? [.init("preempted", at: start + 3)] : [])
        }
        return TimelineChart(
            title: "Scheduler", caption: "Requests wait.", panels: [.init(rows: rows)],
            usage: .init(
                axis: Axis("KV blocks", .count("blocks")),
                stack: StackedLayers(
                    places: [0, 5, 20], layers: [.init("held", .computed, [0, 50, 20])]),
                rules: [.capacity("capacity", at: 64)]),
            words: [.idle: "waiting", .computed: "prefill"])
    }

    static func blockMap(moments: Int, blocks: Int) -> BlockMapChart {
        let tones: [Tone] = [.computed, .reused, .reserved, .waste, .free, .free]
        return BlockMapChart(
            title: "Blocks", caption: "Holes are scattered.",
            moments: (0..<moments).map { time in
                .init(
                    at: Double(time),
                    (0..<blocks).map { tones[($0 * 7 + time * 3 + $0 * time) % tones.count] })
            })
    }

    static func blockTable(_ name: String) -> BlockTableChart {
        let pool: [BlockTableChart.Block] = [
            .init(filled: 4, .reused, references: 2), .init(filled: 0, .free, references: 0),
            .init(filled: 2, .computed, references: 1),
            .init(filled: 3, .computed, references: 1, isChanged: true),
        ]
        return BlockTableChart(
            title: name, caption: "One block is copied.", blockSize: 4,
            pictures: [
                .init(
                    name,
                    sequences: [
                        .init(name, table: [0, 2], tokens: 6),
                        .init("\(name) 2", table: [0, 3], tokens: 7),
                    ], pool: pool)
            ])
    }

    static func tree(_ name: String) -> PrefixTreeChart {
        PrefixTreeChart(
            title: name, caption: "The head is shared.",
            nodes: [
                .init(name, tokens: 512), .init(parent: 0, name, tokens: 800),
                .init(parent: 1, "question 1", tokens: 60, requests: 1, tone: .computed),
                .init(parent: 1, "question 2", tokens: 400, requests: 2, tone: .computed),
                .init(parent: 0, "turn", tokens: 300, requests: 1, tone: .computed),
            ])
    }
}
