import ModelFiles
import Testing

/// A wrong file, the code of its error, and what the message must mention.
struct Malformed: CustomTestStringConvertible, Sendable {
    let name: String
    let code: ModelFileError.Code
    let mentions: [String]
    let bytes: [UInt8]

    init(_ name: String, _ code: ModelFileError.Code, _ mentions: String..., bytes: [UInt8]) {
        self.name = name
        self.code = code
        self.mentions = mentions
        self.bytes = bytes
    }

    var testDescription: String { name }

    func check() {
        let error = #expect(throws: ModelFileError.self) {
            try GGUFFile(bytes: bytes, name: "wrong.gguf")
        }
        guard let error else { return }
        #expect(error.code == code, "\(error)")
        #expect(error.description.hasPrefix("wrong.gguf: "))
        for mention in mentions {
            #expect(error.description.contains(mention), "\(error) does not mention \(mention)")
        }
    }
}

/// Every wrong header is an error that says what and where.
struct MalformedHeaderTests {
    private static func version(_ version: UInt32) -> [UInt8] { RawGGUF(version: version).bytes }

    static let wrongMagicAndVersion: [Malformed] = [
        Malformed("empty", .notGGUF, "0 bytes", bytes: []),
        Malformed("three bytes", .notGGUF, "3 bytes", bytes: Array("GGU".utf8)),
        Malformed("magic alone", .truncated, "byte 4", "version", bytes: Array("GGUF".utf8)),
        Malformed("wrong magic", .notGGUF, "byte 0", "47 47 55 46", bytes: Array("GGML1234".utf8)),
        Malformed("version 0", .unsupportedVersion, "byte 4", "version 0", bytes: version(0)),
        Malformed("version 1", .unsupportedVersion, "byte 4", "convert", bytes: version(1)),
        Malformed("version 4", .unsupportedVersion, "version 4", bytes: version(4)),
        Malformed("version -1", .unsupportedVersion, "4294967295", bytes: version(.max)),
        Malformed("big-endian 3", .wrongByteOrder, "big-endian", bytes: version(3 << 24)),
        Malformed("big-endian 2", .wrongByteOrder, "big-endian", bytes: version(2 << 24)),
    ]

    @Test(arguments: wrongMagicAndVersion)
    func `magic and version`(_ malformed: Malformed) { malformed.check() }

    static let hugeCounts: [UInt64] = [
        .max, 1 << 63, (1 << 63) - 1, 1 << 61, 1 << 32, 1 << 20, 2,
    ]

    @Test(arguments: hugeCounts)
    func `a count beyond what the file holds is refused`(count: UInt64) {
        Malformed(
            "tensors", .badCount, "byte 8", "\(count) tensors",
            bytes: RawGGUF(tensors: count).bytes
        ).check()
        Malformed(
            "entries", .badCount, "byte 16", "\(count) metadata entries",
            bytes: RawGGUF(entries: count).bytes
        ).check()
    }

    @Test func `a count that fits the bytes but not the limits is refused`() {
        var raw = RawGGUF(entries: UInt64(ModelFileLimits.metadataEntries + 1))
        raw.bytes += [UInt8](repeating: 0, count: 14 * (ModelFileLimits.metadataEntries + 1))
        Malformed("entries", .tooLarge, "byte 16", bytes: raw.bytes).check()
    }

    private static func key(length: UInt64) -> [UInt8] {
        var raw = RawGGUF(entries: 1)
        raw.u64(length)
        raw.bytes += Array(repeating: UInt8(ascii: "k"), count: 70_000)
        return raw.bytes
    }

    private static var duplicateKey: [UInt8] {
        var raw = RawGGUF(entries: 2)
        raw.entry("a.b", uint32: 1)
        raw.entry("a.b", uint32: 1)
        return raw.bytes
    }

    static let wrongKeys: [Malformed] = [
        Malformed("empty", .badKey, "byte 24", "0 bytes", bytes: key(length: 0)),
        Malformed(
            "2^63", .badString, "byte 24", "9223372036854775808", bytes: key(length: 1 << 63)),
        Malformed("-1", .badString, "byte 24", bytes: key(length: .max)),
        Malformed("too long", .badKey, "byte 24", "65536", bytes: key(length: 65_536)),
        Malformed(
            "not ASCII", .badKey, "byte 24", "ASCII", bytes: RawGGUF.entry("é", type: 0) { _ in }),
        Malformed("control", .badKey, "ASCII", bytes: RawGGUF.entry("a\n", type: 0) { _ in }),
        Malformed("twice", .duplicateKey, "byte 43", "'a.b'", bytes: duplicateKey),
    ]

    @Test(arguments: wrongKeys)
    func `keys`(_ malformed: Malformed) { malformed.check() }

    private static func value(_ type: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        RawGGUF.entry("a.key", type: type) { $0.bytes += bytes }
    }

    private static func array(_ type: UInt32, _ count: UInt64, _ bytes: [UInt8] = []) -> [UInt8] {
        RawGGUF.entry("a.key", type: 9) {
            $0.u32(type)
            $0.u64(count)
            $0.bytes += bytes
        }
    }

    static let wrongValues: [Malformed] = [
        Malformed("type 13", .badValueType, "byte 37", "'a.key'", "13", bytes: value(13, [0])),
        Malformed("type 255", .badValueType, "'a.key'", "255", bytes: value(255, [0])),
        Malformed("type -1", .badValueType, "'a.key'", bytes: value(.max, [0])),
        Malformed("bool 2", .badValue, "byte 41", "'a.key'", "2", bytes: value(7, [2])),
        Malformed("bool 255", .badValue, "'a.key'", bytes: value(7, [255])),
        Malformed("short u64", .truncated, "byte 41", "'a.key'", bytes: value(10, [1, 2, 3])),
        Malformed(
            "long string", .badString, "byte 41", "'a.key'",
            bytes: value(8, [9, 0, 0, 0, 0, 0, 0, 0, 65])),
        Malformed(
            "endless string", .badString, "byte 41",
            bytes: value(8, Array(repeating: 255, count: 9))),
        Malformed("array of arrays", .badValueType, "byte 41", "'a.key'", bytes: array(9, 1)),
        Malformed("array of 13", .badValueType, "byte 41", "13", bytes: array(13, 0)),
        Malformed("array of -1", .badValueType, "byte 41", bytes: array(.max, 0)),
        Malformed("2^60 bytes", .badCount, "byte 45", "'a.key'", bytes: array(0, 1 << 60)),
        Malformed("2^61 u64", .badCount, "byte 45", bytes: array(10, 1 << 61)),
        Malformed("2^63 u64", .badCount, "byte 45", bytes: array(10, 1 << 63)),
        Malformed("-1 strings", .badCount, "byte 45", bytes: array(8, .max)),
        Malformed("two of one", .badCount, "byte 45", bytes: array(4, 2, [0, 0, 0, 0])),
        Malformed("bool 2 in array", .badValue, "byte 54", bytes: array(7, 2, [1, 2])),
        Malformed(
            "string in array", .badString, "byte 53",
            bytes: array(8, 1, [255, 0, 0, 0, 0, 0, 0, 0])),
        Malformed(
            "second string cut", .badCount, "byte 45",
            bytes: array(8, 2, [0, 0, 0, 0, 0, 0, 0, 0, 1])),
    ]

    @Test(arguments: wrongValues)
    func `values`(_ malformed: Malformed) { malformed.check() }

    @Test func `a header cut at any byte is an error, never a trap`() throws {
        var writer = GGUFWriter()
        for (key, value) in GGUFRoundTripTests.values { writer.add(key, value) }
        writer.addTensor("a", dimensions: [8], floats: Array(repeating: 1, count: 8))
        writer.addTensor(
            "b", dimensions: [32, 2], formatID: 8, data: [UInt8](repeating: 0, count: 68))
        let bytes = writer.bytes()
        let end = 32 + 68
        let dataStart = bytes.count - 32 - 96
        for count in 0..<dataStart + end {
            #expect(throws: ModelFileError.self, "cut at \(count)") {
                try GGUFFile(bytes: Array(bytes[..<count]))
            }
        }
        // The last tensor's padding is not data.
        for count in dataStart + end...bytes.count {
            #expect(throws: Never.self) { try GGUFFile(bytes: Array(bytes[..<count])) }
        }
    }
}
