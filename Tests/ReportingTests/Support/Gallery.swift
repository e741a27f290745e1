import Testing

@testable import Reporting

/// One of each chart, as people meet them, and again with what tries to break them.
enum Gallery {
    /// A name that somebody gives a request.
    static let hostile = "<script>alert('x')</script>&\"]]>\u{0}\u{1B}[31m\u{202E}"

    /// A chart under a name for test output.
    struct Item: Sendable, CustomTestStringConvertible {
        let name: String
        let chart: any Chart
        var testDescription: String { name }

        init(_ name: String, _ chart: any Chart) {
            self.name = name
            self.chart = chart
        }
    }

    /// A chart's files in both widths, read once for all tests.
    struct Files: Sendable {
        let narrow: String
        let wide: String
        let narrowDocument: Result<MarkupReader, MarkupReader.Failure>
        let wideDocument: Result<MarkupReader, MarkupReader.Failure>

        init(_ chart: any Chart) {
            narrow = chart.svg(width: ChartWidth.narrow)
            wide = chart.svg()
            narrowDocument = MarkupReader.reading(narrow)
            wideDocument = MarkupReader.reading(wide)
        }
    }

    static let files: [Files] = all.map { Files($0.chart) }

    static let all =
        usual + empty + extreme + named(hostile)
        + named("a name that is far too long for any legend, any row and any tick of a chart")

    private static let x = Axis("Time", .seconds)
    private static let y = Axis("Height")

    static let usual: [Item] = [
        Item(
            "eviction",
            LineChart(
                title: "Hit rate by capacity", caption: "Belady is far ahead.",
                x: Axis("Capacity", .count("blocks"), spacing: .log),
                y: Axis("Hit rate", .percent),
                series: (0..<8).map {
                    Series(
                        "policy \($0)", x: [1e3, 1e4, 3e4],
                        y: [0.04, 0.2, 0.3 + Double($0) / 100])
                } + [
                    Series("Belady", x: [1e3, 1e4, 3e4], y: [0.19, 0.366, 0.366], style: .bound)
                ])),
        Item(
            "goodput",
            LineChart(
                title: "Throughput and goodput by load", caption: "The knee is at 10.",
                x: Axis("Offered load", .count("requests/s")),
                y: Axis("Served", .count("requests/s")),
                series: [
                    Series("throughput", x: [2, 4, 8, 10, 12], y: [2, 4, 8, 10, 11]),
                    Series("goodput", x: [2, 4, 8, 10, 12], y: [2, 4, 8, 9.9, 3]),
                ],
                rules: [.note("", at: 10)], marks: [Mark("knee at 10", x: 10, y: 9.9)])),
        Item(
            "growth",
            AreaChart(
                title: "KV cache", caption: "It fills.", x: x, y: Axis("Memory", .binaryBytes),
                stack: layers, rules: [.capacity("capacity 9 GiB", at: 9 * 1_073_741_824)])),
        Item("shares", bars(arrangement: .share)), Item("stack", bars(arrangement: .stacked)),
        Item("groups", bars(arrangement: .grouped)),
        Item(
            "distribution",
            CDFChart(
                title: "TTFT", caption: "The tail is long.",
                x: Axis("TTFT", .seconds, spacing: .log),
                distributions: [.init("all", (1...400).map { Double($0 * $0) / 1e4 })],
                rules: [.target("target 2 s", at: 2, .place)])),
        Item("batching", batching), Item("gantt", gantt(rows: 12)),
        Item(
            "roofline",
            RooflineChart(
                title: "Roofline", caption: "Decode climbs.",
                roofs: [.init("A100", bandwidth: 2e12, peak: 312e12)],
                series: [
                    Series(
                        "decode",
                        [1, 8, 64].map { .init($0, $0 * 1.8e12, label: "batch \(Int($0))") }),
                    Series("prefill", [.init(900, 290e12, label: "1,024 tokens")]),
                ])),
        Item(
            "dots",
            LineChart(
                title: "Quality", caption: "int8 is near.", x: Axis("Tokens", .count("tokens/s")),
                y: Axis("Perplexity", from: 8),
                series: [
                    Series(
                        "KV", [.init(41, 9.2, label: "f16"), .init(43, 9.3, label: "int8")],
                        style: .points)
                ])
        ),
        Item("map", blockMap(moments: 20, blocks: 48)), Item("table", blockTable("A")),
        Item("tree", tree("system prompt")),
    ]

    static let empty: [Item] = [
        Item("no lines", LineChart(title: "t", caption: "c", x: x, y: y, series: [])),
        Item(
            "no points",
            LineChart(title: "t", caption: "c", x: x, y: y, series: [Series("a", [])])),
        Item(
            "no areas",
            AreaChart(title: "t", caption: "c", x: x, y: y, stack: .init(places: [], layers: []))),
        Item("no bars", BarChart(title: "t", caption: "c", categories: [], axis: y, bars: [])),
        Item("no rows", TimelineChart(title: "t", caption: "c", panels: [])),
        Item("no moments", BlockMapChart(title: "t", caption: "c", moments: [])),
        Item("no pictures", BlockTableChart(title: "t", caption: "c", blockSize: 4, pictures: [])),
        Item("no nodes", PrefixTreeChart(title: "t", caption: "c", nodes: [])),
        Item(
            "no values", CDFChart(title: "t", caption: "c", x: x, distributions: [.init("a", [])])),
        Item("no roofs", RooflineChart(title: "t", caption: "c", roofs: [], series: [])),
    ]

    static let extreme: [Item] = [
        Item(
            "one point",
            LineChart(title: "t", caption: "c", x: x, y: y, series: [Series("a", [.init(3, 7)])])),
        Item(
            "zeros",
            LineChart(
                title: "t", caption: "c", x: x, y: y, series: [Series("a", x: [0, 0], y: [0, 0])])),
        Item(
            "not finite",
            LineChart(
                title: "t", caption: "c", x: x, y: y,
                series: [
                    Series("a", x: [0, .nan, 2, 3, .infinity], y: [.nan, 1, -.infinity, 4, 5])
                ])),
        Item(
            "wide range",
            LineChart(
                title: "t", caption: "c", x: Axis("x", .seconds, spacing: .log),
                y: Axis("y", spacing: .log),
                series: [Series("a", x: [1e-9, 1, 1e12], y: [1e12, 1e-9, 0])])),
        Item(
            "tiny",
            LineChart(
                title: "t", caption: "c", x: y, y: y,
                series: [Series("a", x: [0, 1e-9], y: [1e-9, 3e-9])])),
        Item(
            "huge",
            LineChart(
                title: "t", caption: "c", x: y, y: y,
                series: [Series("a", x: [0, 1e300], y: [-1e300, 1e300])])),
        Item(
            "zero bars",
            BarChart(
                title: "t", caption: "c", categories: ["a", "b"], axis: y,
                bars: [.init("s", [0, 0]), .init("n", [.nan, -1])], arrangement: .share)),
        Item(
            "below zero",
            BarChart(
                title: "t", caption: "c", categories: ["a", "b"], axis: Axis("Change", .percent),
                bars: [.init("s", [-0.6, 0.25]), .init("t", [-0.5, 0])])),
        Item(
            "many bars",
            BarChart(
                title: "t", caption: "c", categories: (0..<60).map { "category \($0)" }, axis: y,
                bars: (0..<3).map { .init("s\($0)", (0..<60).map(Double.init)) })),
        Item("many rows", gantt(rows: 200)), Item("too many rows", gantt(rows: 500)),
        Item("large map", blockMap(moments: 200, blocks: 600)),
        Item(
            "many points",
            LineChart(
                title: "t", caption: "c", x: x, y: y,
                series: [
                    Series("a", (0..<6000).map { .init(Double($0), Double($0 * 7919 % 1000)) })
                ])),
        Item(
            "deep tree",
            PrefixTreeChart(
                title: "t", caption: "c",
                nodes: (0..<2100).map { .init(parent: $0 == 0 ? nil : $0 - 1, "n\($0)", tokens: 2) }
            )),
    ]

    /// Every chart with the same name wherever it shows one.
    static func named(_ name: String) -> [Item] {
        let series = (0..<3).map {
            Series(name + "\($0)", [.init(1, Double($0 + 1), label: name), .init(2, 5)])
        }
        let axis = Axis(name, .count(name))
        return [
            Item(
                "line",
                LineChart(
                    title: name, caption: name, x: axis, y: axis, series: series,
                    rules: [.capacity(name, at: 3)], marks: [Mark(name, x: 1.5, y: 2)])),
            Item(
                "bar",
                BarChart(
                    title: name, caption: name, categoryTitle: name, categories: [name, name],
                    axis: axis,
                    bars: [.init(name, [1, 2])])),
            Item(
                "time",
                TimelineChart(
                    title: name, caption: name, time: axis,
                    panels: [
                        .init(
                            name,
                            rows: [
                                .init(
                                    name, [.init(0, 3, .computed, label: name)],
                                    moments: [.init(name, at: 1)])
                            ])
                    ], words: [.computed: name])),
            Item("table", blockTable(name)), Item("tree", tree(name)),
            Item(
                "map",
                BlockMapChart(
                    title: name, caption: name, time: axis, blockTitle: name,
                    moments: [.init(at: 0, [.computed, .free])], words: [.computed: name])),
            Item(
                "cdf",
                CDFChart(
                    title: name, caption: name, x: axis, distributions: [.init(name, [1, 2, 3])])),
        ]
    }
}
