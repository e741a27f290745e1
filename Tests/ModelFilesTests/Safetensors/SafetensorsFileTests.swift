import ModelFiles
import QuireJSON
import Tensors
import TestSupport
import Testing

/// What a right file says, and that its tensors are its tensors.
struct SafetensorsFileTests {
    static let values: [Float] = [1, -2, 3.5, 4, 5, 6]

    static func small() -> SafetensorsBytes {
        var file = SafetensorsBytes()
        file.members.append(.init("__metadata__", ["format": "pt"]))
        file.add("norm", [6], values)
        file.add("matrix", [2, 3], values, as: .bf16)
        file.add("half", [3, 2], values, as: .f16)
        file.add("one", [], [7])
        file.add("none", "F32", [0, 4], [])
        file.add("cube", [2, 1, 3], values)
        file.add("bytes", "F8_E4M3", [2, 2], [1, 2, 3, 4])
        return file
    }

    @Test func `a file in memory and on disk says the same`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("model.safetensors", Self.small().bytes)
        let memory = try SafetensorsFile(bytes: Self.small().bytes)
        for file in [memory, try .open(path), try .open(folder.path)] {
            #expect(file.tensors == memory.tensors)
            #expect(file.notes == ["format": "pt"])
            #expect(file.byteCount == Self.small().bytes.count)
            let matrix = try #require(file.tensor(named: "matrix"))
            #expect(matrix.dimensions == [3, 2] && matrix.format == .bf16)
            #expect(matrix.elementCount == 6 && matrix.byteCount == 12)
            #expect(try file.floats(matrix) == Self.values)
            let half = try #require(file.tensor(named: "half"))
            #expect(try file.floats(half) == Self.values)
            #expect(try file.weights(half, rows: 1..<3).rows == 2)
            let cube = try #require(file.tensor(named: "cube"))
            #expect(cube.dimensions == [3, 1, 2])
            #expect(try file.weights(cube).rows == 2)
            let one = try #require(file.tensor(named: "one"))
            #expect(one.dimensions == [1])
            #expect(try file.floats(one) == [7])
            #expect(try file.floats(#require(file.tensor(named: "none"))) == [])
        }
    }

    @Test func `some rows of a matrix are those rows`() throws {
        let file = try SafetensorsFile(bytes: Self.small().bytes)
        let rows = try file.weights(#require(file.tensor(named: "half")), rows: 1..<3)
        var row: [Float] = [0, 0]
        for (index, expected) in [[3.5, 4], [5, 6]].enumerated() {
            var span = row.mutableSpan
            rows.dequantize(row: index, into: &span)
            #expect(row == expected.map { Float($0) })
        }
    }

    @Test func `a tensor without numbers asks for no memory, whatever its other sizes`() throws {
        var file = SafetensorsBytes()
        file.add("wide", "F32", [0, 1 << 40], [])
        file.add("tall", "BF16", [1 << 40, 0], [])
        let model = try SafetensorsFile(bytes: file.bytes)
        for tensor in model.tensors { #expect(try model.floats(tensor) == []) }
    }

    @Test func `a header padded with spaces is read, and one without tensors`() throws {
        var file = Self.small()
        file.padding = 13
        #expect(try SafetensorsFile(bytes: file.bytes).tensors.count == 7)
        #expect(try SafetensorsFile(bytes: SafetensorsBytes().bytes).tensors.isEmpty)
    }

    @Test func `bytes of eight bits are listed and refused by name`() throws {
        let file = try SafetensorsFile(bytes: Self.small().bytes, name: "x.safetensors")
        let tensor = try #require(file.tensor(named: "bytes"))
        #expect(tensor.typeName == "F8_E4M3" && tensor.format == nil)
        let error = #expect(throws: ModelFileError.self) { try file.weights(tensor) }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.description.contains("'bytes'") == true)
        #expect(error?.description.contains("F8_E4M3") == true)
    }

    @Test func `the identity is that of the content, the revision that of the file too`() throws {
        let folder = try TemporaryFolder()
        let one = try SafetensorsFile.open(try folder.write("1.safetensors", Self.small().bytes))
        let same = try SafetensorsFile.open(try folder.write("2.safetensors", Self.small().bytes))
        var other = Self.small()
        other.data[20] ^= 1
        let changed = try SafetensorsFile(bytes: other.bytes)
        #expect(try one.identity() == same.identity())
        #expect(try one.identity() == SafetensorsFile(bytes: Self.small().bytes).identity())
        #expect(try one.identity() != changed.identity())
        #expect(try one.revision() != same.revision())
    }
}
