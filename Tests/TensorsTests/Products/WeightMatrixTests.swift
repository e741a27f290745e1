import TestSupport
import Testing

@testable import Tensors

struct WeightMatrixTests {
    @Test(arguments: TensorFormat.supported)
    func `weights at any offset up to the last byte of a file are read in place`(
        format: TensorFormat
    ) throws {
        var generator = SeededGenerator(seed: 21)
        let columns = 512
        let rowBytes = try #require(format.rowBytes(columns: columns))
        let bytes = RandomWeights.bytes(format, count: 7 * columns, using: &generator)
        // Whole pages, the weights at an odd offset at their end: a byte too far is a fault.
        let pages = (bytes.count + 1 + 4095) / 4096 * 4096
        let offset = pages - 7 * rowBytes
        let folder = try TemporaryFolder()
        let path = try folder.write("weights", [UInt8](repeating: 0xFF, count: offset) + bytes)
        let file = try MappedFile(path: path)
        let matrix = try WeightMatrix(
            format: format, rows: 7, columns: columns, file: file, offset: offset)
        let copy = try WeightMatrix(format: format, rows: 7, columns: columns, bytes: bytes)
        let x = try randomActivations(rows: 1, columns: columns, using: &generator)
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let activations = try QuantizedActivations(rows: 1, columns: columns)
            compute.quantize(x, rows: 0..<1, into: activations)
            let outputs = try [matrix, copy].map { weights in
                let out = try FloatMatrix(rows: 1, columns: 7)
                if format.isFloat {
                    compute.multiply(weights, x, rows: 0..<1, into: out)
                } else {
                    compute.multiply(
                        try weights.packed(for: compute), activations, rows: 0..<1, into: out)
                }
                return (0..<7).map { out.row(0)[$0] }
            }
            #expect(outputs[0] == outputs[1], "\(level)")
        }
        for (rows, start) in [(7, offset + 1), (8, offset), (7, -1), (1, .max)] {
            #expect(throws: TensorError.self) {
                try WeightMatrix(
                    format: format, rows: rows, columns: columns, file: file, offset: start)
            }
        }
    }

    @Test func `a matrix beyond its file or of a bad shape is refused`() throws {
        func code(_ body: () throws(TensorError) -> WeightMatrix) -> TensorError.Code? {
            do {
                _ = try body()
                return nil
            } catch { return error.code }
        }
        let bytes = [UInt8](repeating: 0, count: 68)
        #expect(
            code { () throws(TensorError) in
                try WeightMatrix(format: .q8_0, rows: 2, columns: 32, bytes: bytes)
            } == nil)
        for (rows, columns) in [(3, 32), (2, 64), (1, 33), (-1, 32), (.max, 32), (2, .max)] {
            #expect(
                code { () throws(TensorError) in
                    try WeightMatrix(format: .q8_0, rows: rows, columns: columns, bytes: bytes)
                } != nil)
        }
        #expect(
            code { () throws(TensorError) in
                try WeightMatrix(
                    format: TensorFormat(rawValue: 99), rows: 2, columns: 32, bytes: bytes)
            } == .invalidShape)
    }
}
