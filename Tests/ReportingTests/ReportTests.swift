import Testing

@testable import Reporting

/// The page.
struct ReportTests {
    private static func page(_ charts: [any Chart]) -> String {
        var report = Report(
            title: "Eviction <policies>", summary: "Belady hits \"twice\" as often.\n\nSo it is.",
            command: "quire simulate cache --trace 'a & b'",
            parameters: [("trace", "t.jsonl"), ("request", Gallery.hostile)],
            stamp: ReportStamp(version: "1.2.3", traceHash: "9f31", seed: 42, clients: .closed))
        report.append(heading: "Results")
        report.append(prose: "One.\n\nTwo.")
        report.append(ReportTable(title: "T", columns: ["a", .bar("b")], rows: [["x", .init(1)]]))
        for chart in charts { report.append(chart) }
        return report.html()
    }

    private static let full = page(Gallery.usual.map(\.chart))

    @Test func `the page is well formed, and no id comes twice`() throws {
        let document = try MarkupReader(Self.full)
        let ids = document.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        for element in document.elements {
            for (_, value) in element.attributes where value.hasPrefix("url(#") {
                #expect(ids.contains(String(value.dropFirst(5).dropLast())))
            }
            if let value = element.attributes["href"] {
                #expect(ids.contains(String(value.dropFirst())))
            }
        }
    }

    @Test func `the page runs nothing and loads nothing`() throws {
        let document = try MarkupReader(Self.full)
        let names = Set(document.elements.map(\.name))
        #expect(names.isDisjoint(with: ["script", "link", "img", "iframe", "image", "object"]))
        for element in document.elements {
            for (key, value) in element.attributes where key != "xmlns" {
                #expect(!value.contains("://"), "\(element.name) \(key)")
            }
        }
        for style in document.named("style") {
            #expect(!style.text.contains("@import") && !style.text.contains("url("))
        }
        let policy = document.named("meta").compactMap { $0.attributes["content"] }
        #expect(policy.contains("default-src 'none'; style-src 'unsafe-inline'"))
    }

    @Test func `everything that was given stands on the page`() throws {
        let document = try MarkupReader(Self.full)
        #expect(document.named("h1").map(\.text) == ["Eviction <policies>"])
        #expect(document.named("title")[0].text == "Eviction <policies>")
        #expect(document.named("code").map(\.text) == ["quire simulate cache --trace 'a & b'"])
        #expect(document.named("dd").map(\.text) == ["1.2.3", "9f31", "42", "closed loop"])
        #expect(document.named("p").map(\.text).contains("So it is."))
        #expect(document.named("td").contains { $0.text.contains("<script>alert('x')") })
        #expect(document.named("h3").count == Gallery.usual.count)
    }

    @Test func `each chart is there in two widths, with its data below`() throws {
        let document = try MarkupReader(Self.full)
        let drawings = document.named("svg")
        let classes = drawings.compactMap { $0.attributes["class"] }
        #expect(classes.count { $0 == "q-chart wide" } == Gallery.usual.count)
        #expect(classes.count { $0 == "q-chart narrow" } == Gallery.usual.count)
        #expect(document.named("details").count == Gallery.usual.count)
        #expect(document.named("style").count == 1)
    }

    @Test func `the page prints in light colours and follows the reader's scheme`() {
        #expect(Self.full.contains("@media screen and (prefers-color-scheme:dark){:root{"))
        #expect(Self.full.contains("@media print"))
        #expect(Self.full.contains("@media screen and (max-width:40rem)"))
    }

    @Test func `the same report is the same bytes`() {
        #expect(Self.page(Gallery.usual.map(\.chart)) == Self.full)
    }

    @Test func `the same chart twice makes no trouble`() throws {
        let chart = Gallery.usual[0].chart
        let document = try MarkupReader(Self.page([chart, chart]))
        let ids = document.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
    }

    @Test func `a stamp without trace, seed or clients says the version only`() {
        #expect(ReportStamp(version: "1").lines.map(\.name) == ["Quire"])
        let bare = Report(title: "t", summary: "s", command: "c", parameters: [])
        #expect(!bare.html().contains("Parameters") && !bare.html().contains("<dl"))
    }

    @Test func `names are escaped, commands of writing direction are not passed on`() {
        #expect(
            Markup.escaped("<a href=\"x\">'&'") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;")
        #expect(
            Markup.escaped("a\u{0}\u{1B}\u{202E}\u{FFFF}b\n")
                == "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b\n")
    }
}
