import ModelFiles
import Testing

/// The typed accessors: a value, nil, or an error that names the key.
struct MetadataTests {
    private func metadata() throws -> GGUFMetadata {
        var writer = GGUFWriter()
        for (key, value) in GGUFRoundTripTests.values { writer.add(key, value) }
        writer.add("nan", .float32(.nan))
        return try GGUFFile(bytes: writer.bytes()).metadata
    }

    private func expect(
        _ code: ModelFileError.Code, _ key: String, _ body: () throws -> Void
    ) {
        let error = #expect(throws: ModelFileError.self) { try body() }
        #expect(error?.code == code)
        #expect(error?.location == .key(key))
        #expect(error?.description.contains("'\(key)'") == true)
    }

    @Test func `integers of every width are read`() throws {
        let metadata = try metadata()
        let keys = ["a.uint8", "a.int8", "a.uint16", "a.int16", "a.uint32", "a.int32", "a.int64"]
        let values = try keys.map { try metadata.integer($0) }
        #expect(values == [200, -100, 60_000, -30_000, 4_000_000_000, -2_000_000_000, .min])
        #expect(try metadata.integer("a.uint8", in: 200...200) == 200)
        #expect(try metadata.integer(ifPresent: "none") == nil)
        expect(.outOfRange, "a.uint64") {
            _ = try metadata.integer("a.uint64")
        }
        expect(.outOfRange, "a.int8") {
            _ = try metadata.integer("a.int8", in: 1...10)
        }
        expect(.missingKey, "none") {
            _ = try metadata.integer("none")
        }
        for key in ["a.float32", "a.bool", "a.string", "b.int32"] {
            expect(.wrongType, key) {
                _ = try metadata.integer(ifPresent: key)
            }
        }
    }

    @Test func `numbers, truth values and texts are read`() throws {
        let metadata = try metadata()
        #expect(try metadata.double("a.float32") == -1.5)
        #expect(try metadata.double("a.float64") == .pi)
        #expect(try metadata.double("a.int8") == -100)
        #expect(try metadata.bool("a.bool"))
        #expect(try metadata.string("a.string") == "naïve ☃")
        #expect(try metadata.string("a.bytes") == "\u{FFFD}\0\u{FFFD}")
        expect(.outOfRange, "nan") { _ = try metadata.double("nan") }
        expect(.wrongType, "a.string") {
            _ = try metadata.double("a.string")
        }
        expect(.wrongType, "a.uint8") {
            _ = try metadata.bool("a.uint8")
        }
        expect(.wrongType, "a.uint8") {
            _ = try metadata.string("a.uint8")
        }
        let missing: [() throws -> Void] = [
            { _ = try metadata.double("none") },
            { _ = try metadata.bool("none") },
            { _ = try metadata.string("none") },
        ]
        for body in missing { expect(.missingKey, "none", body) }
    }

    @Test func `arrays are read by kind of element`() throws {
        let metadata = try metadata()
        #expect(try metadata.integers("b.int32") == [1, -2, 3])
        #expect(try metadata.integers("b.uint8") == [1, 255])
        #expect(try metadata.integers("b.none") == [])
        #expect(try metadata.floats("b.floats") == [0, -1, .infinity])
        #expect(try metadata.floats("b.float64") == [2.5])
        #expect(try metadata.strings("b.strings").count == 4)
        #expect(try metadata.array("b.bools")[0] == .bool(true))
        #expect(try metadata.array("b.strings")[2] == .text("zwei"))
        #expect(metadata.type(of: "b.bools") == .array)
        let wrong: [(String, () throws -> Void)] = [
            ("b.floats", { _ = try metadata.integers("b.floats") }),
            ("b.uint64", { _ = try metadata.integers("b.uint64") }),
            ("b.int32", { _ = try metadata.floats("b.int32") }),
            ("b.int32", { _ = try metadata.strings("b.int32") }),
            ("a.string", { _ = try metadata.strings("a.string") }),
            ("a.uint8", { _ = try metadata.array("a.uint8") }),
        ]
        for (key, body) in wrong { expect(.wrongType, key, body) }
        #expect(try metadata.strings(ifPresent: "none")?.count == nil)
        expect(.missingKey, "none") {
            _ = try metadata.strings("none")
        }
    }
}
