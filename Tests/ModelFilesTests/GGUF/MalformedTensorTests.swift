import ModelFiles
import Testing

/// Every wrong tensor list is an error that says which tensor and where.
struct MalformedTensorTests {
    private static func alignment(_ value: UInt32, offset: UInt64 = 0) -> [UInt8] {
        var raw = RawGGUF(tensors: 2, entries: 1)
        raw.entry("general.alignment", uint32: value)
        raw.tensor("a", [4])
        raw.tensor("b", [4], offset: offset)
        raw.data(512)
        return raw.bytes
    }

    static let wrongAlignment: [Malformed] = [
        Malformed("0", .badAlignment, "byte 53", "general.alignment", bytes: alignment(0)),
        Malformed("1", .badAlignment, "general.alignment", bytes: alignment(1)),
        Malformed("3", .badAlignment, "general.alignment is 3", bytes: alignment(3)),
        Malformed("2^31", .badAlignment, "2147483648", bytes: alignment(1 << 31)),
        Malformed("2^32-1", .badAlignment, "4294967295", bytes: alignment(.max)),
        Malformed(
            "a string", .badAlignment, "string",
            bytes: RawGGUF.entry("general.alignment", type: 8) { $0.string("32") }),
        Malformed(
            "64 bits", .badAlignment, "uint64",
            bytes: RawGGUF.entry("general.alignment", type: 10) { $0.u64(32) }),
        Malformed("not kept", .badOffset, "'b'", "64", bytes: alignment(64, offset: 32)),
        Malformed("2^30", .truncated, "'b'", bytes: alignment(1 << 30, offset: 1 << 30)),
    ]

    @Test(arguments: wrongAlignment)
    func `alignment`(_ malformed: Malformed) { malformed.check() }

    private static var duplicate: [UInt8] {
        var raw = RawGGUF(tensors: 2)
        raw.tensor("same", [8])
        raw.tensor("same", [8], offset: 32)
        raw.data(64)
        return raw.bytes
    }

    private static func notText(_ name: [UInt8]) -> [UInt8] {
        var raw = RawGGUF(tensors: 1)
        raw.string(name)
        raw.data(256)
        return raw.bytes
    }

    static let wrongNames: [Malformed] = [
        Malformed("empty", .badTensorName, "byte 24", bytes: RawGGUF.tensor("")),
        Malformed(
            "64 bytes", .badTensorName, "byte 24", "64",
            bytes: RawGGUF.tensor(String(repeating: "n", count: 64))),
        Malformed("twice", .duplicateTensor, "byte 60", "'same'", bytes: duplicate),
        Malformed("not UTF-8", .badTensorName, "byte 24", bytes: notText([0x66, 0xFF])),
        Malformed("a newline", .badTensorName, "byte 24", "\\n", bytes: notText([0x66, 0x0A])),
        Malformed("a NUL", .badTensorName, "byte 24", "\\u{0}", bytes: notText([0x66, 0x00])),
        Malformed(
            "an escape", .badTensorName, "control character \\u{1b}",
            bytes: notText([0x1B, 0x5B, 0x32, 0x4A])),
        Malformed(
            "an escape of one character", .badTensorName, "control character \\u{9b}",
            bytes: notText([0xC2, 0x9B])),
    ]

    @Test(arguments: wrongNames)
    func `names`(_ malformed: Malformed) { malformed.check() }

    private static func count(_ count: UInt32) -> [UInt8] {
        var raw = RawGGUF(tensors: 1)
        raw.string("t")
        raw.u32(count)
        raw.data(256)
        return raw.bytes
    }

    static let wrongDimensions: [Malformed] = [
        Malformed("none", .badShape, "byte 33", "'t'", "0 dimensions", bytes: count(0)),
        Malformed("five", .badShape, "byte 33", "'t'", "5 dimensions", bytes: count(5)),
        Malformed("2^32-1", .badShape, "byte 33", "4294967295", bytes: count(.max)),
        Malformed("a zero", .badShape, "byte 37", "'t'", bytes: RawGGUF.tensor("t", [0])),
        Malformed("a later zero", .badShape, "byte 45", bytes: RawGGUF.tensor("t", [4, 0])),
        Malformed(
            "2^64-1", .badShape, "byte 37", "18446744073709551615",
            bytes: RawGGUF.tensor("t", [.max])),
        Malformed(
            "2^63", .badShape, "byte 37", "9223372036854775808",
            bytes: RawGGUF.tensor("t", [1 << 63])),
        Malformed(
            "2^32 x 2^32", .badShape, "byte 45", "overflow",
            bytes: RawGGUF.tensor("t", [1 << 32, 1 << 32])),
        Malformed(
            "2^62 floats", .badShape, "'t'", "larger", bytes: RawGGUF.tensor("t", [1 << 62])),
        Malformed(
            "2^16 to the fourth", .badShape, "'t'",
            bytes: RawGGUF.tensor("t", [1 << 16, 1 << 16, 1 << 16, 1 << 16])),
        Malformed(
            "more than the file", .badShape, "'t'", "larger", bytes: RawGGUF.tensor("t", [1_000])),
        Malformed(
            "33 in Q4_0", .badShape, "'t'", "Q4_0", "32",
            bytes: RawGGUF.tensor("t", [33], type: 2)),
        Malformed(
            "32 in Q4_K", .badShape, "'t'", "Q4_K", "256",
            bytes: RawGGUF.tensor("t", [32], type: 12)),
        Malformed(
            "rows of 16 in Q8_0", .badShape, "'t'", bytes: RawGGUF.tensor("t", [16, 2], type: 8)),
    ]

    @Test(arguments: wrongDimensions)
    func `dimensions`(_ malformed: Malformed) { malformed.check() }

    static let noTypes: [UInt32] = [4, 5, 31, 32, 33, 36, 37, 38, 43, 100, 1 << 31, .max]

    @Test(arguments: noTypes)
    func `a type that does not exist is refused`(type: UInt32) {
        Malformed(
            "type", .badTensorType, "byte 45", "'t'", "type \(type)",
            bytes: RawGGUF.tensor("t", [256], type: type)
        ).check()
    }

    static let offsets: [UInt64] = [1, 4, 16, 32, 64, 1 << 40, 1 << 63, .max - 31, .max]

    @Test(arguments: offsets)
    func `data must begin where the data before it ended`(offset: UInt64) {
        Malformed(
            "first", .badOffset, "byte 49", "'t'", "\(offset)", "expected 0",
            bytes: RawGGUF.tensor("t", [4], offset: offset)
        ).check()
        guard offset != 32 else { return }
        var raw = RawGGUF(tensors: 2)
        raw.tensor("a", [4])
        raw.tensor("b", [4], offset: offset)
        raw.data(256)
        Malformed("second", .badOffset, "'b'", "expected 32", bytes: raw.bytes).check()
    }

    @Test func `overlapping tensors are refused`() {
        var raw = RawGGUF(tensors: 2)
        raw.tensor("a", [64])
        raw.tensor("b", [64], offset: 0)
        raw.data(512)
        Malformed("overlap", .badOffset, "'b'", "expected 256", bytes: raw.bytes).check()
    }

    @Test func `a last tensor that lacks one byte is refused`() throws {
        let whole = RawGGUF.tensor("t", [64], data: 256)
        #expect(throws: Never.self) { try GGUFFile(bytes: whole) }
        Malformed("short", .truncated, "'t'", "\(whole.count)", bytes: whole.dropLast()).check()
    }

    @Test func `sizes that sum beyond 64 bits are refused at the first that the file lacks`() {
        var raw = RawGGUF(tensors: 3)
        raw.tensor("a", [(1 << 60) - 8])
        raw.tensor("b", [(1 << 60) - 8], offset: 1 << 62)
        raw.tensor("c", [8], offset: 0)
        raw.data(256)
        Malformed("sum", .badShape, "'a'", bytes: raw.bytes).check()
    }
}
