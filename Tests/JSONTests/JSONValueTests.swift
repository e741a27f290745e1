import Foundation
import QuireJSON
import TestSupport
import Testing

/// What values JSON text stands for, and what the writer makes of them.
struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    @Test func `escapes and surrogate pairs become characters`() throws {
        #expect(
            try parse(#""\"\\\/\b\f\n\r\tA\u00e9\u2603\ud83d\ude00""#).string
                == "\"\\/\u{8}\u{C}\n\r\tAé☃😀")
        #expect(try parse(#""\u0000""#).string == "\0")
    }

    @Test(arguments: [
        (#""\ud800""#, "\u{FFFD}"), (#""\udc00x""#, "\u{FFFD}x"), (#""\ud800\n""#, "\u{FFFD}\n"),
        (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\ud800\ud800\udc00""#, "\u{FFFD}\u{10000}"),
        (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
    ])
    func `a lone surrogate is replaced`(text: String, expected: String) throws {
        #expect(try parse(text).string == expected)
    }

    @Test func `integers are exact to the ends of Int`() throws {
        #expect(try parse("9223372036854775807") == .integer(.max))
        #expect(try parse("-9223372036854775808") == .integer(.min))
        #expect(try parse("9223372036854775808") == .number(0x1p63))
        #expect(try parse("-9223372036854775809") == .number(-0x1p63))
        #expect(try parse("-0") == .integer(0))
        #expect(try parse("1000000000000000019884624838656") == .number(1e30))
    }

    @Test(arguments: [
        "1e999", "-1e999", "1e99999999999999999999", "1" + String(repeating: "0", count: 400),
    ])
    func `a number beyond a double is an error, not infinity`(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test(arguments: ["1e-999", "0e99999999999999999999", "0.0", "-1e-400"])
    func `a number too small for a double is zero`(text: String) throws {
        #expect(try parse(text).double == 0)
    }

    @Test func `a number of a million digits is an error`() {
        let error = #expect(throws: JSONError.self) {
            try parse(String(repeating: "7", count: 1_000_000))
        }
        #expect(error?.code == .badJSON)
    }

    @Test func `every double is read as the nearest`() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(try parse("\(value)").double == value)
            let short = Double(Int.random(in: -99_999...99_999, using: &random)) / 1_000
            #expect(try parse("\(short)").double == short)
        }
    }

    /// A.10
    @Test(arguments: [
        ("3", 3), ("3.0", 3), ("3e0", 3), ("30e-1", 3), ("0.3e1", 3), ("-3.00", -3), ("1E2", 100),
        ("0.0", 0), ("-0.0", 0), ("0e999", 0), ("1e18", 1_000_000_000_000_000_000),
        ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807.0", .max),
        ("-9223372036854775808e0", .min), ("922337203685477580.70e1", .max),
        ("1." + String(repeating: "0", count: 500), 1),
        ("1" + String(repeating: "0", count: 30) + "e-30", 1),
    ])
    func `an integer is one in any spelling`(text: String, expected: Int) throws {
        var reader = JSONReader(Array(text.utf8))
        #expect(try reader.integer() == expected)
        #expect(try parse(text).integer == expected)
        #expect(try parse(text).double == Double(expected))
    }

    @Test(arguments: [
        "1.5", "1e-1", "3.0000001", "9223372036854775808", "-9223372036854775809.0", "1e19",
        "1e300", "\"1\"", "null", "true", "[1]",
    ])
    func `what is no integer of 64 bits is none in any spelling`(text: String) throws {
        var reader = JSONReader(Array(text.utf8))
        #expect(throws: JSONError.self) { try reader.integer() }
        #expect(try parse(text).integer == nil)
    }

    @Test func `a spelling is kept where it costs nothing`() throws {
        #expect(try parse("1.0") == .number(1))
        #expect(try parse("1e2") == .number(100))
        #expect(try parse("-0.0") == .number(-0.0))
        #expect(try parse("9007199254740993.0") == .integer(9_007_199_254_740_993))
        #expect(try parse("9007199254740993.5").integer == nil)
    }

    @Test func `objects keep their order, and the last of duplicate keys counts`() throws {
        let value = try parse(#"{"b":1,"a":2,"b":3}"#)
        #expect(value.members?.map(\.key) == ["b", "a", "b"])
        #expect(value["b"] == .integer(3))
        #expect(value["c"] == nil)
        #expect(value.array == nil && value.string == nil && value.bool == nil)
    }

    @Test func `a tree makes the round trip through the writer`() throws {
        let value: JSONValue = [
            "text": "quote \" slash \\ bell \u{7} delete \u{7F} newline \n é☃😀", "int": -5,
            "half": 0.5, "small": 1e-300, "yes": true, "nothing": nil,
            "list": [1, [2, []], [:], ["k": "v"]], "empty": "",
        ]
        var writer = JSONWriter()
        writer.value(value)
        #expect(try parse(writer.text) == value)
        let reference = try JSONSerialization.jsonObject(with: Data(writer.bytes))
        #expect((reference as? [String: Any])?.count == 8)
    }

    @Test func `the writer puts commas and escapes where they belong`() {
        var out = JSONWriter()
        out.beginObject()
        out.key("a\n")
        out.array([1, 2]) { $0.integer($1) }
        out.key("b")
        out.double(.nan)
        out.key("c")
        out.beginObject()
        out.endObject()
        out.key("d")
        out.float(0.1)
        out.endObject()
        #expect(out.text == #"{"a\n":[1,2],"b":null,"c":{},"d":0.1}"#)
    }
}
