import Testing

@testable import Reporting

/// What holds for every chart, whatever it is given.
struct ChartTests {
    @Test(arguments: Gallery.all.indices)
    func `every chart is well-formed SVG with a title and a description`(index: Int) throws {
        let files = Gallery.files[index]
        for document in [files.narrowDocument, files.wideDocument] {
            let document = try document.get()
            let root = try #require(document.elements.first)
            #expect(root.name == "svg")
            #expect(root.attributes["role"] == "img")
            let labels = root.attributes["aria-labelledby"]?.split(separator: " ").map(String.init)
            let title = try #require(document.named("title").first)
            let words = try #require(document.named("desc").first)
            #expect(labels == [title, words].map { $0.attributes["id"] ?? "" })
            #expect(!title.text.isEmpty)
            #expect(words.text.count > Gallery.all[index].chart.caption.count)
        }
    }

    @Test(arguments: Gallery.all.indices)
    func `a picture refers to nothing outside of itself`(index: Int) throws {
        let document = try Gallery.files[index].wideDocument.get()
        let ids = document.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        for element in document.elements {
            #expect(!["script", "image", "foreignObject", "a"].contains(element.name))
            for (key, value) in element.attributes {
                #expect(!key.hasPrefix("on"))
                if key == "href" {
                    #expect(value.hasPrefix("#") && ids.contains("\(value.dropFirst())"))
                }
                if value.hasPrefix("url(") {
                    #expect(ids.contains(String(value.dropFirst(5).dropLast())))
                }
            }
        }
    }

    @Test(arguments: Gallery.all.indices)
    func `text neither overlaps nor leaves the picture`(index: Int) throws {
        let files = Gallery.files[index]
        for document in [files.narrowDocument, files.wideDocument] {
            let document = try document.get()
            let name = Gallery.all[index].name
            let size = try #require(document.elements[0].attributes["viewBox"])
                .split(separator: " ").compactMap { Double($0) }
            let boxes = try document.named("text").map(TextBox.init)
            for box in boxes {
                #expect(box.left >= -0.5 && box.right <= size[2] + 0.5, "\(name): \(box.text)")
                #expect(box.top >= -0.5 && box.bottom <= size[3] + 0.5, "\(name): \(box.text)")
            }
            for (index, box) in boxes.enumerated() {
                for other in boxes[(index + 1)...] {
                    #expect(!box.meets(other), "\(name): \(box.text) / \(other.text)")
                }
            }
        }
    }

    @Test(arguments: Gallery.all.indices)
    func `no coordinate is missing`(index: Int) {
        let text = Gallery.files[index].wide
        #expect(!text.contains("nan") && !text.contains("\"inf") && !text.contains("\u{2013}\""))
    }

    @Test(arguments: Gallery.all.indices)
    func `every chart has a table of its data`(index: Int) {
        let item = Gallery.all[index]
        let data = item.chart.data
        #expect(data.rows.count <= ReportingLimits.dataRows)
        #expect(data.title == "Data: \(item.chart.title)")
    }

    @Test func `equal charts are equal bytes, in every process`() {
        // The number changes with every deliberate change of a drawing; it may not change from run
        // to run, nor from system to system.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for (item, files) in zip(Gallery.all, Gallery.files) {
            #expect(files.wide == item.chart.svg(), "\(item.name)")
            for byte in (files.narrow + files.wide).utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
        #expect(String(hash, radix: 16) == "36474fc0e0733aa3")
    }

    @Test func `charts of different content never share an id`() throws {
        var owners: [String: String] = [:]
        for (item, files) in zip(Gallery.all, Gallery.files) {
            let text = files.wide
            let ids = try files.wideDocument.get().elements.compactMap { $0.attributes["id"] }
            for id in ids {
                #expect(owners[id, default: text] == text, "\(item.name): \(id)")
                owners[id] = text
            }
        }
    }
}

/// The place of a text element by this module's own metrics, which are those of a wide font.
private struct TextBox {
    let text: String
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    init(_ element: MarkupReader.Element) throws {
        let x = try #require(element.attributes["x"].flatMap(Double.init))
        let y = try #require(element.attributes["y"].flatMap(Double.init))
        let size = try #require(element.attributes["font-size"].flatMap(Double.init))
        let isBold = element.attributes["class"]?.contains("q-b") ?? false
        let width = TextMetrics.width(element.text, size: size, bold: isBold)
        text = element.text
        left =
            switch element.attributes["text-anchor"] {
            case "middle": x - width / 2
            case "end": x - width
            default: x
            }
        right = left + width
        top = y - size * 0.75
        bottom = y + size * 0.2
    }

    func meets(_ other: TextBox) -> Bool {
        left + 0.1 < other.right && other.left + 0.1 < right
            && top + 0.1 < other.bottom && other.top + 0.1 < bottom
    }
}
