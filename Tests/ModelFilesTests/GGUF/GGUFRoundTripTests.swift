import Foundation
import ModelFiles
import Testing

/// What the writer writes, the reader reads.
struct GGUFRoundTripTests {
    static let values: [(String, GGUFValue)] = [
        ("a.uint8", .uint8(200)), ("a.int8", .int8(-100)), ("a.uint16", .uint16(60_000)),
        ("a.int16", .int16(-30_000)), ("a.uint32", .uint32(4_000_000_000)),
        ("a.int32", .int32(-2_000_000_000)), ("a.float32", .float32(-1.5)),
        ("a.bool", .bool(true)), ("a.string", .text("naïve ☃")), ("a.empty", .text("")),
        ("a.bytes", .string([0xFF, 0x00, 0xC3])), ("a.uint64", .uint64(.max)),
        ("a.int64", .int64(.min)), ("a.float64", .float64(.pi)),
        ("b.strings", .array(GGUFArray(texts: ["", "one", "zwei", "三"]))),
        ("b.floats", .array(GGUFArray(floats: [0, -1, .infinity]))),
        ("b.int32", .array(GGUFArray(int32s: [1, -2, 3]))),
        ("b.none", .array(GGUFArray(int32s: []))),
        ("b.bools", .array(GGUFArray(.bool, [.bool(true), .bool(false)]))),
        ("b.uint8", .array(GGUFArray(.uint8, [.uint8(1), .uint8(255)]))),
        ("b.int8", .array(GGUFArray(.int8, [.int8(-1)]))),
        ("b.uint16", .array(GGUFArray(.uint16, [.uint16(7)]))),
        ("b.int16", .array(GGUFArray(.int16, [.int16(-7)]))),
        ("b.uint32", .array(GGUFArray(.uint32, [.uint32(7)]))),
        ("b.uint64", .array(GGUFArray(.uint64, [.uint64(1 << 63)]))),
        ("b.int64", .array(GGUFArray(.int64, [.int64(-1)]))),
        ("b.float64", .array(GGUFArray(.float64, [.float64(2.5)]))),
    ]

    @Test(arguments: [2, 3] as [UInt32], [8, 32, 64, 4_096])
    func `every value type comes back as it was written`(version: UInt32, alignment: Int) throws {
        var writer = GGUFWriter(version: version, alignment: alignment)
        for (key, value) in Self.values { writer.add(key, value) }
        writer.addTensor("t", dimensions: [3, 2], floats: [1, 2, 3, 4, 5, 6])
        writer.addTensor("u", dimensions: [32], formatID: 8, data: Array(repeating: 7, count: 34))
        let file = try GGUFFile(bytes: writer.bytes())
        #expect(file.version == version)
        #expect(file.metadata.keys.suffix(Self.values.count) == Self.values.map(\.0)[...])
        for (key, value) in Self.values { #expect(file.metadata.value(for: key) == value) }
        #expect(file.tensors.map(\.name) == ["t", "u"])
        #expect(file.tensors.allSatisfy { $0.offset.isMultiple(of: alignment) })
        #expect(file.tensor(named: "t")?.dimensions == [3, 2])
        #expect(file.tensor(named: "u")?.byteCount == 34)
    }

    @Test func `strings of an array are reached in place`() throws {
        var writer = GGUFWriter()
        writer.add("tokens", .array(GGUFArray(texts: ["a", "", "xyz"])))
        let strings = try GGUFFile(bytes: writer.bytes()).metadata.strings("tokens")
        #expect(strings.count == 3)
        #expect(strings.slice(2).elementsEqual("xyz".utf8))
        let (length, first) = (strings[2].count, strings[2][0])
        #expect(length == 3 && first == UInt8(ascii: "x"))
        #expect(strings.text(0) == "a")
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["QUIRE_MODELS"] != nil))
    func `real models open`() throws {
        let folder = ProcessInfo.processInfo.environment["QUIRE_MODELS"] ?? ""
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasSuffix(".gguf") {
            let file = try GGUFFile.open("\(folder)/\(name)")
            #expect(!file.tensors.isEmpty)
            #expect(try file.metadata.strings("tokenizer.ggml.tokens").count > 100_000)
        }
    }
}
