import ModelFiles
import QuireJSON
import TestSupport
import Testing

/// Every wrong header is an error that says what and where.
struct MalformedSafetensorsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: ModelFileError.Code
        let mentions: String
        let bytes: [UInt8]

        init(
            _ name: String, _ code: ModelFileError.Code, _ mentions: String, bytes: [UInt8]
        ) {
            testDescription = name
            self.code = code
            self.mentions = mentions
            self.bytes = bytes
        }

        /// A header as text, with four bytes of data.
        init(
            _ name: String, _ code: ModelFileError.Code, _ mentions: String, _ header: String
        ) {
            self.init(
                name, code, mentions,
                bytes: SafetensorsBytes.bytes(header: Array(header.utf8), data: [1, 2, 3, 4]))
        }

        /// A right entry but for what is said.
        init(
            _ name: String, _ code: ModelFileError.Code, _ mentions: String,
            type: String = #""F32""#, shape: String = "[1]", offsets: String = "[0,4]"
        ) {
            self.init(
                name, code, mentions,
                #"{"a":{"dtype":\#(type),"shape":\#(shape),"data_offsets":\#(offsets)}}"#)
        }
    }

    private static func length(_ length: UInt64) -> [UInt8] {
        SafetensorsBytes.bytes(header: Array("{}".utf8), length: length)
    }

    static let lengths = [
        Case("empty", .truncated, "0 bytes", bytes: []),
        Case("a length alone", .truncated, "8 bytes", bytes: Array(length(0).prefix(8))),
        Case("length 0", .badCount, "byte 0", bytes: length(0)),
        Case("length 1", .badCount, "byte 0", bytes: length(1)),
        Case("beyond the file", .truncated, "byte 0", bytes: length(3)),
        Case("beyond the bound", .tooLarge, "100000001", bytes: length(100_000_001)),
        Case("2^63", .tooLarge, "9223372036854775808", bytes: length(1 << 63)),
        Case("all ones", .tooLarge, "byte 0", bytes: length(.max)),
        Case("GGUF", .tooLarge, "safetensors", bytes: Array("GGUF1234rest".utf8)),
    ]

    static let texts = [
        Case("an array", .badJSON, "byte 8", "[]  "),
        Case("a space first", .badJSON, "'{'", #" {"a":{}}"#),
        Case("cut short", .badJSON, "byte", #"{"a":{"dtype""#),
        Case("text behind it", .badJSON, "end of the text", "{}x"),
        Case("nested deep", .badJSON, "a", #"{"a":"# + String(repeating: "[", count: 1_000)),
        Case(
            "a byte that is no UTF-8", .badJSON, "UTF-8",
            bytes: SafetensorsBytes.bytes(header: Array("{\"".utf8) + [0xFF] + Array("\"}".utf8))),
        Case("a tensor that is a number", .badJSON, "object", #"{"a":1}"#),
        Case("a tensor without keys", .missingKey, "'a'", #"{"a":{}}"#),
        Case("no offsets", .missingKey, "'a'", #"{"a":{"dtype":"F32","shape":[1]}}"#),
        Case("a key of its own", .badKey, "'strides'", #"{"a":{"strides":[1]}}"#),
        Case("a key twice", .duplicateKey, "shape", #"{"a":{"shape":[1],"shape":[1]}}"#),
        Case("notes that are numbers", .badJSON, "string", #"{"__metadata__":{"a":1}}"#),
        Case("a note twice", .duplicateKey, "x", #"{"__metadata__":{"x":"","x":""}}"#),
        Case("no name", .badTensorName, "0 bytes", #"{"":{}}"#),
        Case("a name of lines", .badTensorName, "control", #"{"a\nb":{}}"#),
        Case(
            "a long name", .badTensorName, "1024",
            "{\"" + String(repeating: "a", count: 1_025) + "\":{}}"),
        Case(
            "a tensor twice", .duplicateTensor, "'a'",
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{}}"#),
    ]

    static let shapes = [
        Case("an unknown type", .badTensorType, "F33", type: #""F33""#),
        Case("a type that is no text", .badJSON, "string", type: "32"),
        Case("a shape that is no list", .badJSON, "array", shape: "1"),
        Case("a negative size", .badShape, "-1", shape: "[-1]"),
        Case("a broken size", .badJSON, "integer", shape: "[0.5]"),
        Case("an infinite size", .badJSON, "integer", shape: "[1e999]"),
        Case("a size beyond 63 bits", .badJSON, "integer", shape: "[9223372036854775808]"),
        Case("sizes that overflow", .badShape, "overflow", shape: "[4294967296,4294967296]"),
        Case(
            "an overflow behind a zero", .badShape, "overflow", shape: "[0,4294967296,4294967296]",
            offsets: "[0,0]"),
        Case("bytes that overflow", .badShape, "4 bytes", shape: "[4611686018427387904]"),
        Case("nine sizes", .badShape, "8", shape: "[1,1,1,1,1,1,1,1,1]"),
        Case("too few bytes", .badShape, "expected 8", shape: "[2]"),
        Case("too many bytes", .badShape, "expected 2", type: #""BF16""#),
        Case("half a byte", .badShape, "whole number", type: #""F4""#, shape: "[7]"),
        Case("one offset", .missingKey, "'a'", offsets: "[0]"),
        Case("three offsets", .badShape, "2", offsets: "[0,4,4]"),
        Case("reversed", .badOffset, "before its start", offsets: "[4,0]"),
        Case("negative", .badShape, "-4", offsets: "[-4,0]"),
        Case("beyond the file", .truncated, "8 bytes", offsets: "[4,8]"),
        Case("far beyond the file", .truncated, "fetch", offsets: "[0,9223372036854775807]"),
    ]

    @Test(arguments: lengths + texts + shapes)
    func `a wrong file is refused by what is wrong`(_ wrong: Case) {
        let error = #expect(throws: ModelFileError.self) {
            try SafetensorsFile(bytes: wrong.bytes, name: "wrong.safetensors")
        }
        guard let error else { return }
        #expect(error.code == wrong.code, "\(error)")
        #expect(error.description.hasPrefix("wrong.safetensors: "))
        #expect(error.description.contains(wrong.mentions), "\(error)")
    }

    @Test(arguments: [
        ([0..<4, 4..<8, 4..<8], "overlap"), ([0..<4, 0..<8, 8..<12], "overlap"),
        ([0..<4, 8..<12], "hole"), ([4..<8, 8..<12], "hole"), ([0..<4, 4..<8], "follow"),
    ])
    func `data is without overlaps, holes and rests`(ranges: [Range<Int>], mention: String) {
        var file = SafetensorsBytes()
        for (index, range) in ranges.enumerated() {
            file.add("t\(index)", "U8", [range.count], range)
        }
        file.data = Array(repeating: 0, count: 12)
        let error = #expect(throws: ModelFileError.self) {
            try SafetensorsFile(bytes: file.bytes)
        }
        #expect(error?.code == .badOffset)
        #expect(error?.message.contains(mention) == true, "\(String(describing: error))")
    }

    @Test func `the order of the header is not that of the data`() throws {
        var file = SafetensorsBytes()
        file.add("b", "U8", [4], 4..<8)
        file.add("a", "U8", [4], 0..<4)
        file.data = Array(repeating: 0, count: 8)
        #expect(try SafetensorsFile(bytes: file.bytes).tensors.map(\.name) == ["a", "b"])
    }
}
