import QuireJSON
import Testing

/// Reading value by value.
struct JSONReaderTests {
    @Test func `a file is read member by member`() throws {
        let text = #"""
            {"skip": [{"x": [1, 2, {"y": null}]}, "]"], "model": {"vocab": {"a": 0, "\u00e9": 1}},
             "merges": [["a", "b"], "c d"], "flag": true, "score": -1.5}
            """#
        var reader = JSONReader(Array(text.utf8))
        var vocabulary: [String: Int] = [:]
        var merges: [String] = []
        var flag = false
        var score = 0.0
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "model":
                try reader.beginObject()
                while try reader.nextKey() != nil {
                    try reader.beginObject()
                    var piece: [UInt8] = []
                    while try reader.nextKey(into: &piece) {
                        vocabulary[String(decoding: piece, as: UTF8.self)] = try reader.integer()
                        piece = []
                    }
                }
            case "merges":
                try reader.beginArray()
                while try reader.nextElement() {
                    if try reader.peek() == .string {
                        merges.append(try reader.string())
                    } else {
                        merges.append(try reader.value().array?.compactMap(\.string).joined() ?? "")
                    }
                }
            case "flag": flag = try reader.bool()
            case "score": score = try reader.double()
            default: try reader.skip()
            }
        }
        try reader.finish()
        #expect(vocabulary == ["a": 0, "é": 1])
        #expect(merges == ["ab", "c d"])
        #expect(flag && score == -1.5)
    }

    @Test func `an error names what was found, what was expected, and where`() {
        var reader = JSONReader(Array("[true]".utf8), path: "config.json")
        let error = #expect(throws: JSONError.self) { try reader.beginObject() }
        #expect(error?.description.contains("config.json: at byte 0") == true)
        #expect(error?.message.contains("array") == true)
        #expect(error?.message.contains("object") == true)
    }

    @Test func `a null is read only if it is there`() throws {
        var reader = JSONReader(Array("[null, 1]".utf8))
        try reader.beginArray()
        #expect(try reader.nextElement())
        #expect(try reader.readNull())
        #expect(try reader.nextElement())
        #expect(try !reader.readNull())
        #expect(try reader.integer() == 1)
        #expect(try !reader.nextElement())
        try reader.finish()
    }

    @Test func `strings gather in one buffer`() throws {
        var reader = JSONReader(Array(#"["ab", "\n", "é"]"#.utf8))
        var buffer: [UInt8] = []
        try reader.beginArray()
        while try reader.nextElement() { try reader.string(into: &buffer) }
        #expect(String(decoding: buffer, as: UTF8.self) == "ab\né")
    }
}
