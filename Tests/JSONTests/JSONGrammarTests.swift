import QuireJSON
import Testing

/// What is JSON (RFC 8259) and what is not.
struct JSONGrammarTests {
    @Test(arguments: [
        "null", " true ", "false", "0", "-0", "12", "-12", "1.5", "1e3", "1E+3", "1e-3", "0.1e1",
        "9223372036854775807", "-9223372036854775808", "123456789012345678901234567890",
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t\u0041""#, #""\ud83d\ude00""#, #""\ud800""#, #""é☃😀""#,
        "[]", "[ ]", "[1]", "[1,2 , 3]", "[[],[[]]]", "{}", #"{"a":1}"#, #"{ "a" : { "a" : [] } }"#,
        #"{"a":1,"a":2}"#, #"{"":0}"#, "\t\n\r [null]\n", "\"\u{7F}\"", "\"\u{2028}\"", "1e-999",
        #""\u0000""#,
    ])
    func `is JSON`(text: String) throws {
        #expect(throws: Never.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(throws: Never.self) { try skipping(text) }
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5",
        "1.e3", "1e", "1e+", "0x10", "1_000", "--1", "1 2", "\"", "\"a", #""\x""#, #""\u12""#,
        #""\u12g4""#, #""\"#, "\"\n\"", "\"\t\"", "\"\0\"", "'a'", "[", "]", "[1", "[1,", "[1,]",
        "[,1]", "[1 2]", "[1,,2]", "{", "}", "{]", "[}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
        #"{"a" 1}"#, #"{a:1}"#, #"{1:1}"#, #"{"a":1 "b":2}"#, #"{,}"#, "[1]]", "{}{}", "// x\n1",
        "/**/1", "\u{FEFF}1", "\u{A0}1", "[1]x", #"["a":1]"#, "truefalse",
    ])
    func `is not JSON`(text: String) {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: Array(text.utf8))
        }
        #expect(error?.code == .badJSON)
        #expect(error.map { (0...text.utf8.count).contains($0.offset) } == true)
        #expect(throws: JSONError.self) { try skipping(text) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE2, 0x98],
            [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF],
            [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
        ] as [[UInt8]])
    func `text that is not UTF-8 is refused`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: [quote] + bytes + [quote])
        }
        #expect(error?.offset == 1)
        #expect(throws: JSONError.self) { try JSONValue(parsing: [quote] + bytes) }
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func `depth is bounded`(opening: String) {
        let bomb = Array(String(repeating: opening, count: 100_000).utf8)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bomb) }
        #expect(error?.message.contains("deep") == true)
        var reader = JSONReader(bomb)
        #expect(throws: JSONError.self) { try reader.skip() }
    }

    @Test func `the deepest text allowed is read`() throws {
        let depth = JSONLimits.depth
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(throws: Never.self) { try JSONValue(parsing: Array(text.utf8)) }
        let deeper = Array("[\(text)]".utf8)
        #expect(throws: JSONError.self) { try JSONValue(parsing: deeper) }
    }

    @Test func `a tree of too many values is refused, skipping them is not`() throws {
        let count = JSONLimits.values
        let text = Array(("[" + String(repeating: "0,", count: count) + "0]").utf8)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .tooLarge)
        var reader = JSONReader(text)
        try reader.skip()
        try reader.finish()
    }

    private func skipping(_ text: String) throws {
        var reader = JSONReader(Array(text.utf8))
        try reader.skip()
        try reader.finish()
    }
}
