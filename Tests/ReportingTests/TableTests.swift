import Testing

@testable import Reporting

/// Tables for terminals and pages.
struct TableTests {
    private let table = ReportTable(
        title: "Hit rates", columns: ["Policy", .number("hits"), .bar("rate", of: 1), "note"],
        rows: [
            ["lru", .init(60_921), .init(0.25, .percent), "today's"],
            ["日本", .init(105_710), .init(0.5, .percent), ""],
            ["none", .missing, .init(.nan, .percent), "x"],
        ])

    @Test func `columns are aligned, numbers to the right, bars behind them`() {
        #expect(
            table.lines(barWidth: 8) == [
                "Policy     hits    rate           note",
                "lru      60,921  25.0 % ██        today's",
                "日本    105,710  50.0 % ████",
                "none          –       –           x",
            ])
    }

    @Test func `a bar's full length is the largest value where none is given`() {
        let table = ReportTable(
            title: "t", columns: [.bar("n")], rows: [[.init(5)], [.init(10)], [.init(0)]])
        #expect(table.lines(barWidth: 4) == [" n", " 5 ██", "10 ████", " 0"])
        let zeros = ReportTable(title: "t", columns: [.bar("n")], rows: [[.init(0)]])
        #expect(zeros.lines() == ["n", "0"])
    }

    @Test func `a cell commands neither a terminal nor a page`() throws {
        let table = ReportTable(
            title: Gallery.hostile, columns: [.text(Gallery.hostile), .number("n")],
            rows: [[.init("a\nb\u{1B}[2J\u{202E}" + Gallery.hostile), .init("<b>", value: 1)]],
            note: Gallery.hostile)
        for line in table.lines() {
            #expect(line.unicodeScalars.allSatisfy { Markup.isAllowed($0) && $0 != "\n" })
        }
        let document = try MarkupReader("<p>\(table.html())</p>")
        #expect(document.named("script").isEmpty && document.named("b").isEmpty)
        #expect(document.named("th").contains { $0.text.contains("<script>") })
    }

    @Test func `a page's table has headers, and bars that screen readers skip`() throws {
        let document = try MarkupReader("<p>\(table.html())</p>")
        #expect(document.named("caption").map(\.text) == ["Hit rates"])
        #expect(
            document.named("th").map { $0.attributes["scope"] } == [
                "col", "col", "col", "col", "row", "row", "row",
            ])
        #expect(
            document.named("i").map { $0.attributes["style"] } == [
                "width:25%", "width:50%", "width:0%",
            ])
        #expect(document.named("span").allSatisfy { $0.attributes["aria-hidden"] == "true" })
    }

    @Test func `bars show eighths, and anything above nothing`() {
        #expect(BarText.bar(0, width: 4) == "    ")
        #expect(BarText.bar(1, width: 4) == "████")
        #expect(BarText.bar(0.5, width: 4) == "██  ")
        #expect(BarText.bar(17 / 32, width: 4) == "██▏ ")
        #expect(BarText.bar(1e-9, width: 4) == "▏   ")
        #expect(BarText.bar(7, width: 2) == "██")
        #expect(BarText.bar(-1, width: 2) == "  ")
        #expect(BarText.bar(.nan, width: 2) == "  ")
    }
}
