import ModelFiles
import Tensors
import TestSupport
import Testing

/// From a tensor in a file to a matrix.
struct WeightsTests {
    private static let floats: [Float] = [1, -2, 3.5, 4, 5, 6]

    private func writer() -> GGUFWriter {
        var writer = GGUFWriter()
        writer.addTensor("pad", dimensions: [1], floats: [9])
        writer.addTensor("matrix", dimensions: [3, 2], floats: Self.floats)
        writer.addTensor("norm", dimensions: [6], floats: Self.floats)
        writer.addTensor(
            "odd", dimensions: [256], formatID: 16, data: Array(repeating: 0, count: 66))
        writer.addTensor("cube", dimensions: [3, 2, 1], floats: Self.floats)
        return writer
    }

    private func row(_ matrix: WeightMatrix, _ row: Int) -> [Float] {
        var values = [Float](repeating: .nan, count: matrix.columns)
        var span = values.mutableSpan
        matrix.dequantize(row: row, into: &span)
        return values
    }

    @Test func `a matrix is the same from memory and from a file`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("model.gguf")
        try writer().write(to: path)
        for file in [try GGUFFile.open(path), try GGUFFile(bytes: writer().bytes())] {
            let matrix = try file.weights("matrix", rows: 2, columns: 3)
            #expect(matrix.rows == 2 && matrix.columns == 3 && matrix.format == .f32)
            #expect(row(matrix, 0) == [1, -2, 3.5] && row(matrix, 1) == [4, 5, 6])
            #expect(try file.floats("norm", count: 6) == Self.floats)
            #expect(try file.floats("norm") == Self.floats)
            #expect(throws: ModelFileError.self) { try file.floats("matrix") }
            #expect(try file.weights("norm", rows: 1, columns: 6).rows == 1)
            #expect(try file.weights("cube", rows: 2, columns: 3).rows == 2)
        }
    }

    @Test(arguments: TensorFormat.supported)
    func `every supported format is given out`(format: TensorFormat) throws {
        var writer = GGUFWriter()
        let columns = 2 * format.blockSize
        let data = [UInt8](repeating: 0, count: 3 * 2 * format.blockBytes)
        writer.addTensor(
            "t", dimensions: [columns, 3], formatID: format.rawValue, data: data)
        let file = try GGUFFile(bytes: writer.bytes())
        let tensor = try #require(file.tensor(named: "t"))
        #expect(tensor.byteCount == data.count && tensor.formatName == format.name)
        let matrix = try file.weights("t", rows: 3, columns: columns)
        #expect(matrix.format == format)
        #expect(row(matrix, 2).allSatisfy { $0 == 0 })
    }

    @Test func `a format without kernels is listed, and refused by name when asked for`() throws {
        let file = try GGUFFile(bytes: writer().bytes())
        let tensor = try #require(file.tensor(named: "odd"))
        #expect(tensor.format == nil && tensor.formatName == "IQ2_XXS")
        let error = #expect(throws: ModelFileError.self) {
            try file.weights("odd", rows: 1, columns: 256)
        }
        #expect(error?.code == .unsupportedFormat)
        for mention in ["'odd'", "IQ2_XXS", "Q4_K", "MXFP4"] {
            #expect(error?.description.contains(mention) == true)
        }
    }

    @Test func `a missing tensor and a wrong shape are named`() throws {
        let file = try GGUFFile(bytes: writer().bytes())
        let missing = #expect(throws: ModelFileError.self) {
            try file.weights("none", rows: 1, columns: 1)
        }
        #expect(missing?.code == .missingTensor && missing?.location == .tensor("none"))
        for (rows, columns) in [(3, 2), (2, 4), (1, 6), (1, 3), (0, 0), (-1, -3)] {
            let wrong = #expect(throws: ModelFileError.self) {
                try file.weights("matrix", rows: rows, columns: columns)
            }
            #expect(wrong?.code == .wrongShape)
            #expect(wrong?.message.contains("[3, 2]") == true)
        }
        for count in [0, 3, 5, 7] {
            let wrong = #expect(throws: ModelFileError.self) {
                try file.floats("norm", count: count)
            }
            #expect(wrong?.code == .wrongShape)
        }
    }
}
