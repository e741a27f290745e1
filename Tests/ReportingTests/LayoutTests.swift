import Testing

@testable import Reporting

/// Where things lie, exactly.
struct LayoutTests {
    @Test func `thinning keeps both ends and every extreme`() {
        var values = [Double](repeating: 1, count: 10_000)
        values[1234] = 99
        values[7777] = -99
        let kept = Thinning.extremes(values, limit: 400)
        #expect(kept.count <= 400)
        #expect(kept == kept.sorted())
        for index in [0, 1234, 7777, 9999] { #expect(kept.contains(index)) }
        #expect(Thinning.extremes([3, 1, 2], limit: 400) == [0, 1, 2])
    }

    @Test func `evenly spaced rows hold the first and the last`() {
        #expect(Thinning.indices(5, limit: 10) == [0, 1, 2, 3, 4])
        #expect(Thinning.indices(9, limit: 3) == [0, 4, 8])
        let many = Thinning.indices(100_000, limit: 200)
        #expect(many.count == 200 && many.first == 0 && many.last == 99_999)
        #expect(Set(many).count == 200)
    }

    @Test func `layers add up, and what is no number counts as nothing`() {
        let stack = StackedLayers(
            places: [0, 1, 2],
            layers: [.init("a", .computed, [1, .nan, 3]), .init("b", .reused, [10, -5, 30])])
        #expect(stack.totals == [11, 0, 33])
    }

    @Test func `percentiles are the nearest rank`() {
        let values = (1...200).map(Double.init)
        #expect(CDFChart.quantile(0.5, of: values) == 100)
        #expect(CDFChart.quantile(0.99, of: values) == 198)
        #expect(CDFChart.quantile(1, of: values) == 200)
        #expect(CDFChart.quantile(0.5, of: [7]) == 7)
        #expect(CDFChart.quantile(0.5, of: []) == nil)
        let chart = CDFChart(
            title: "t", caption: "c", x: Axis("TTFT", .seconds),
            distributions: [.init("a", [0.2, .nan, 0.1])])
        #expect(
            chart.data.rows[0].map(\.text) == [
                "a", "2", "100 ms", "200 ms", "200 ms", "200 ms", "200 ms",
            ])
    }

    @Test func `values below a logarithmic axis count in the curve as in the table`() {
        let waits = CDFChart.Distribution("queue", [0, 0.5, 0, 2, .nan])
        var chart = CDFChart(
            title: "t", caption: "c", x: Axis("Queue", .seconds, spacing: .log),
            distributions: [waits])
        let points = chart.series(waits).points
        #expect(points.map(\.x) == [0.5, 0.5, 2])
        #expect(points.map(\.y) == [0.5, 0.75, 1])
        #expect(chart.data.rows[0][1].text == "4")
        chart.x.spacing = .linear
        #expect(chart.series(waits).points.map(\.y) == [0, 0.25, 0.5, 0.75, 1])
        chart.x.spacing = .log
        #expect(chart.series(.init("none", [0, 0])).points.isEmpty)
    }

    @Test func `a prefix lies where its parent ends, and is as tall as the requests it serves`() {
        let tree = PrefixTreeChart(
            title: "t", caption: "c",
            nodes: [
                .init("system", tokens: 100), .init(parent: 0, "a", tokens: 50, requests: 2),
                .init(parent: 0, "b", tokens: 70), .init(parent: 1, "c", tokens: 10, requests: 3),
                .init("other", tokens: 5, requests: 1),
            ])
        #expect(tree.places.map(\.start) == [0, 100, 100, 150, 0])
        #expect(tree.places.map(\.weight) == [6, 5, 1, 3, 1])
        #expect(tree.places.map(\.above) == [0, 0, 5, 0, 6])
        #expect(tree.summary.contains("235 tokens are stored; without sharing they would be 955"))
    }

    @Test func `a large tree is drawn in part and summed whole`() {
        let leaves = (0..<2500).map { PrefixTreeChart.Node(parent: 0, "\($0)", tokens: 2) }
        let tree = PrefixTreeChart(
            title: "t", caption: "c", nodes: [.init("system", tokens: 1)] + leaves)
        #expect(tree.places.count == ReportingLimits.treeNodes)
        #expect(
            tree.summary.contains(
                "2501 nodes. 5001 tokens are stored; without sharing they would be 7500"))
    }

    @Test(
        arguments: [
            (2, 3, nil), (401, 1, "The first 400 of 401 rows."),
            (1, 50_001, "The first 50000 of 50001 spans."),
            (401, 130, "The first 400 of 401 rows, and of these the first 50000 of 52000 spans."),
        ] as [(Int, Int, String?)])
    func `a time line says what it leaves out`(rows: Int, spans: Int, words: String?) {
        let row = TimelineChart.Row(
            "r", (0..<spans).map { .init(Double($0), Double($0) + 1, .computed) })
        let chart = TimelineChart(
            title: "t", caption: "c", panels: [.init(rows: Array(repeating: row, count: rows))])
        #expect(TimelineLayout(chart).cut == words)
    }

    @Test func `a roof is memory up to the ridge and arithmetic beyond`() {
        let roof = RooflineChart.Roof("A100", bandwidth: 2e12, peak: 312e12)
        #expect(roof.ridge == 156)
        #expect(roof.reach(at: 1) == 2e12)
        #expect(roof.reach(at: 156) == 312e12)
        #expect(roof.reach(at: 1000) == 312e12)
    }

    @Test func `bars stand where their names have room, and lie otherwise`() {
        let canvas = Canvas(width: ChartWidth.narrow, id: "t")
        func layout(_ names: [String]) -> BarLayout {
            BarLayout(
                BarChart(
                    title: "t", caption: "c", categories: names, axis: Axis("y"),
                    bars: [.init("s", names.map { _ in 1 })]))
        }
        #expect(layout(["max", "pow2", "oracle", "paged"]).stands(on: canvas))
        #expect(layout(["a name of a few words", "b"]).stands(on: canvas))
        #expect(!layout(["internationalisation-of-names", "b"]).stands(on: canvas))
        #expect(!layout((0..<40).map(String.init)).stands(on: canvas))
    }

    @Test func `blocks of a sequence are full but the last`() {
        let chart = Gallery.blockTable("A")
        let sequence = BlockTableChart.Sequence("A", table: [0, 2], tokens: 6)
        #expect((0..<2).map { chart.filled(sequence, $0) } == [4, 2])
        #expect(chart.data.rows[1].map(\.text) == ["A", "A", "1", "2", "2/4", "1"])
    }

    @Test func `the time of a row is told by what happened`() {
        let chart = Gallery.gantt(rows: 2)
        #expect(
            chart.data.columns.map(\.title) == [
                "Row", "from", "to", "prefill", "decoded", "waiting",
            ])
        #expect(chart.data.rows[0].map(\.text) == ["request 0", "0 s", "6 s", "1 s", "4 s", "1 s"])
    }

    @Test func `text is cut where it has no room, names in their middle`() {
        #expect(TextMetrics.truncated("short", width: 100, size: 12) == "short")
        let cut = TextMetrics.truncated("a name without an end", width: 60, size: 12)
        #expect(cut.hasSuffix("…") && TextMetrics.width(cut, size: 12) <= 60)
        #expect(TextMetrics.truncated("abc", width: 3, size: 12) == "")
        let name = TextMetrics.shortened("request-with-a-long-name-196", width: 90, size: 12)
        #expect(name.hasSuffix("96") && name.contains("…"))
        #expect(TextMetrics.width(name, size: 12) <= 90)
        for line in TextMetrics.wrap("one two threeandaverylongword", width: 50, size: 12) {
            #expect(TextMetrics.width(line, size: 12) <= 50)
        }
    }
}
