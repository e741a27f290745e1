import Foundation
import ModelFiles
import TestSupport
import Testing

/// Models in several files.
struct SplitFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// One part with one tensor; nil leaves a key out.
    private func part(
        _ number: Int?, of count: Int?, tensors: Int32? = 3, tensor: String? = nil
    ) -> [UInt8] {
        var writer = GGUFWriter()
        if let number { writer.add("split.no", .uint16(UInt16(number))) }
        if let count { writer.add("split.count", .uint16(UInt16(count))) }
        if let tensors { writer.add("split.tensors.count", .int32(tensors)) }
        writer.add("part", .int32(Int32(number ?? -1)))
        let name = tensor ?? "tensor\(number ?? -1)"
        writer.addTensor(name, dimensions: [2], floats: [Float(number ?? 0), 7])
        return writer.bytes()
    }

    private func name(_ number: Int, of count: Int = 3) -> String {
        "model-0000\(number)-of-0000\(count).gguf"
    }

    private func writeAll() throws -> String {
        for number in 0..<3 {
            _ = try folder.write(name(number + 1), part(number, of: 3))
        }
        return folder.path(name(1))
    }

    private func fails(
        _ path: String, _ code: ModelFileError.Code = .badSplit, mentions: String...
    ) {
        let error = #expect(throws: ModelFileError.self) { try GGUFFile.open(path) }
        #expect(error?.code == code)
        for mention in mentions {
            #expect(error?.description.contains(mention) == true, "\(String(describing: error))")
        }
    }

    @Test func `all parts are one model`() throws {
        let file = try GGUFFile.open(writeAll())
        #expect(file.tensors.map(\.name) == ["tensor0", "tensor1", "tensor2"])
        #expect(file.tensors.map(\.fileIndex) == [0, 1, 2])
        #expect(file.paths.count == 3)
        #expect(file.byteCount == 3 * part(0, of: 3).count)
        #expect(try file.metadata.integer("part") == 0)
    }

    @Test func `a split of one file is a model`() throws {
        let path = try folder.write("any.gguf", part(0, of: 1, tensors: 1))
        #expect(try GGUFFile.open(path).tensors.count == 1)
    }

    @Test func `a missing part is named`() throws {
        let first = try folder.write(name(1), part(0, of: 3))
        fails(first, .unreadable, mentions: name(2))
    }

    @Test func `a part that is not the first says which is`() throws {
        _ = try writeAll()
        fails(folder.path(name(2)), mentions: name(1), "part 2 of 3")
    }

    @Test func `a part with another count is refused`() throws {
        let first = try writeAll()
        _ = try folder.write(name(2), part(1, of: 4))
        fails(first, mentions: name(2), "split.count", "4")
    }

    @Test func `a part in another's place is refused`() throws {
        let first = try writeAll()
        _ = try folder.write(name(2), part(2, of: 3))
        fails(first, mentions: name(2), "split.no")
        _ = try folder.write(name(2), part(0, of: 3))
        fails(first, mentions: name(2), "split.no")
    }

    @Test func `a part without keys is refused`() throws {
        let first = try writeAll()
        _ = try folder.write(name(3), part(nil, of: nil, tensors: nil))
        fails(first, mentions: name(3), "split.count")
    }

    @Test func `a wrong number of tensors is refused`() throws {
        let first = try writeAll()
        _ = try folder.write(name(1), part(0, of: 3, tensors: 4))
        fails(first, mentions: "split.tensors.count", "4", "3")
    }

    @Test func `a tensor in two parts is refused`() throws {
        let first = try writeAll()
        _ = try folder.write(name(3), part(2, of: 3, tensor: "tensor1"))
        fails(first, .duplicateTensor, mentions: "tensor1", name(3))
    }

    @Test func `a part that lost its name is refused with the pattern`() throws {
        let path = try folder.write("renamed.gguf", part(0, of: 3))
        fails(path, mentions: "NAME-00001-of-00003.gguf")
        let wrong = try folder.write("model-00001-of-00002.gguf", part(0, of: 3))
        fails(wrong, mentions: "NAME-00001-of-00003.gguf")
        let digits = try folder.write("model-+0001-of-00003.gguf", part(0, of: 3))
        fails(digits)
    }

    @Test func `a first part that a link repeats is refused`() throws {
        let first = try folder.write("model-00001-of-00002.gguf", part(0, of: 2, tensors: 2))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("model-00002-of-00002.gguf"), withDestinationPath: first)
        fails(first, mentions: "split.no")
    }

    @Test(arguments: [
        ("split.count", GGUFValue.uint16(65_535)), ("split.count", .int32(-1)),
        ("split.count", .text("3")), ("split.no", .uint16(3)), ("split.no", .int64(-1)),
        ("split.tensors.count", .int32(-1)),
    ])
    func `keys that make no sense are refused`(key: String, value: GGUFValue) throws {
        var writer = GGUFWriter()
        for (name, good) in [("split.no", 0), ("split.count", 3), ("split.tensors.count", 1)] {
            writer.add(name, name == key ? value : .int32(Int32(good)))
        }
        let path = try folder.write(name(1), writer.bytes())
        let error = #expect(throws: ModelFileError.self) { try GGUFFile.open(path) }
        #expect(error?.location == .key(key))
    }

    @Test func `one part in memory is refused`() {
        let error = #expect(throws: ModelFileError.self) { try GGUFFile(bytes: part(0, of: 3)) }
        #expect(error?.code == .badSplit)
    }
}
