import TestSupport
import Testing

@testable import Tensors

struct MatrixMultiplyTests {
    @Test(arguments: ISALevel.available)
    func `products with int8 activations are those of the plain definition`(
        level: ISALevel
    ) throws {
        let pool = WorkerPool(threads: 1)
        let compute = try #require(Compute(pool: pool, level: level))
        for (seed, test) in KernelCases.products.enumerated() where !test.format.isFloat {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let activations = try problem.quantized(by: compute)
            let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
            compute.multiply(problem.matrix, activations, rows: 0..<test.rows, into: out)
            for row in 0..<test.rows {
                problem.expect(out.row(row), activations.dequantized(row: row), "\(level) \(test)")
            }
        }
    }

    @Test(arguments: ISALevel.available)
    func `products with float activations are those of the plain definition`(
        level: ISALevel
    ) throws {
        let pool = WorkerPool(threads: 1)
        let compute = try #require(Compute(pool: pool, level: level))
        for (seed, test) in KernelCases.products.enumerated() {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
            compute.multiply(problem.matrix, problem.x, rows: 0..<test.rows, into: out)
            for row in 0..<test.rows {
                problem.expect(out.row(row), problem.x.row(row).array, "\(level) \(test)")
            }
        }
    }

    @Test(arguments: ISALevel.available)
    func `an element is the same to the bit for any rows and threads`(level: ISALevel) throws {
        let one = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let two = try #require(Compute(pool: WorkerPool(threads: 2), level: level))
        for format in TensorFormat.supported {
            let test = ProductCase(format: format, columns: 768, outputs: 151, rows: 37)
            var generator = SeededGenerator(seed: 11)
            let problem = try Problem(test, using: &generator)
            let activations = try problem.quantized(by: one)
            func product(_ compute: Compute, runs: [Range<Int>]) throws -> [[UInt32]] {
                let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
                for rows in runs {
                    if format.isFloat {
                        compute.multiply(problem.matrix, problem.x, rows: rows, into: out)
                    } else {
                        compute.multiply(problem.matrix, activations, rows: rows, into: out)
                    }
                }
                return (0..<test.rows).map { out.row($0).array.map(\.bitPattern) }
            }
            let alone = try product(one, runs: (0..<37).map { $0..<($0 + 1) })
            #expect(try product(one, runs: [0..<37]) == alone, "\(format)")
            #expect(try product(two, runs: [0..<37]) == alone, "\(format)")
            #expect(try product(two, runs: [0..<2, 2..<5, 5..<9, 9..<14, 14..<37]) == alone)
        }
    }

    @Test(arguments: ISALevel.available)
    func `nothing outside the product is written`(level: ISALevel) throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 2), level: level))
        for format in TensorFormat.supported {
            let test = ProductCase(format: format, columns: 512, outputs: 5, rows: 9)
            var generator = SeededGenerator(seed: 5)
            let problem = try Problem(test, using: &generator)
            let activations = try problem.quantized(by: compute)
            let out = try FloatMatrix(rows: 9, columns: 12)
            for row in 0..<9 {
                out.withMutableRow(row) { for i in $0.indices { $0[i] = -77 } }
            }
            if format.isFloat {
                compute.multiply(problem.matrix, problem.x, rows: 2..<8, into: out, column: 3)
            } else {
                compute.multiply(problem.matrix, activations, rows: 2..<8, into: out, column: 3)
            }
            for row in 0..<9 {
                for (i, value) in out.row(row).array.enumerated() {
                    let inside = (2..<8).contains(row) && (3..<8).contains(i)
                    #expect((value == -77) != inside, "\(format) \(row) \(i)")
                }
            }
        }
    }

    @Test(arguments: ISALevel.available)
    func `extreme weights and activations are exact`(level: ISALevel) throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        for weight: Int8 in [-128, -127, 127, 0] {
            for activation: Float in [-127, 127, 0] {
                // A scale of 1: the product is a sum of integers.
                let block = [0x00, 0x3C] + [UInt8](repeating: UInt8(bitPattern: weight), count: 32)
                let matrix = try WeightMatrix(
                    format: .q8_0, rows: 1, columns: 96, bytes: block + block + block)
                let x = try FloatMatrix(rows: 1, columns: 96)
                x.withMutableRow(0) { for i in $0.indices { $0[i] = activation } }
                let activations = try QuantizedActivations(rows: 1, columns: 96)
                compute.quantize(x, rows: 0..<1, into: activations)
                let out = try FloatMatrix(rows: 1, columns: 1)
                compute.multiply(matrix, activations, rows: 0..<1, into: out)
                #expect(out.row(0)[0] == 96 * Float(weight) * activation)
            }
        }
    }

    @Test(arguments: TensorFormat.supported.filter { !$0.isFloat })
    func `blocks of zeros give zero and spoiled scales do not trap`(
        format: TensorFormat
    ) throws {
        var generator = SeededGenerator(seed: 13)
        for level in ISALevel.available {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let test = ProductCase(format: format, columns: 512, outputs: 3, rows: 6)
            var bytes = [UInt8](repeating: 0, count: 3 * (format.rowBytes(columns: 512) ?? 0))
            var problem = try Problem(test, bytes: bytes, using: &generator)
            let activations = try problem.quantized(by: compute)
            let out = try FloatMatrix(rows: 6, columns: 3)
            compute.multiply(problem.matrix, activations, rows: 0..<6, into: out)
            for row in 0..<6 { #expect(out.row(row).array == [0, 0, 0]) }
            for i in bytes.indices { bytes[i] = UInt8.random(in: 0...255, using: &generator) }
            for offset in RandomWeights.scaleOffsets(format) {
                RandomWeights.setHalf(0x7E00, at: offset, in: &bytes)
            }
            problem = try Problem(test, bytes: bytes, using: &generator)
            compute.multiply(problem.matrix, activations, rows: 0..<6, into: out)
            if format != .mxfp4 { #expect(out.row(0)[0].isNaN) }
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

/// A product to check: random weights and activations.
private struct Problem {
    let test: ProductCase
    let matrix: WeightMatrix
    let weights: [Float]
    let x: FloatMatrix

    init(
        _ test: ProductCase, bytes: [UInt8]? = nil, using generator: inout SeededGenerator
    ) throws {
        self.test = test
        let bytes =
            bytes
            ?? RandomWeights.bytes(
                test.format, count: test.outputs * test.columns, using: &generator)
        matrix = try WeightMatrix(
            format: test.format, rows: test.outputs, columns: test.columns, bytes: bytes)
        weights = ReferenceDecoder.decode(bytes, test.format)
        x = try randomActivations(rows: test.rows, columns: test.columns, using: &generator)
    }

    func quantized(by compute: Compute) throws -> QuantizedActivations {
        let activations = try QuantizedActivations(rows: test.rows, columns: test.columns)
        compute.quantize(x, rows: 0..<test.rows, into: activations)
        return activations
    }

    /// Compares one row of a product with the dot products in double precision.
    func expect(_ out: Span<Float>, _ activations: [Float], _ comment: Comment) {
        for o in 0..<test.outputs {
            let row = Array(weights[(o * test.columns)..<((o + 1) * test.columns)])
            let (sum, magnitude) = ReferenceDecoder.dot(row, activations)
            let error = (Double(out[o]) - sum).magnitude
            if !(error <= 1e-5 * magnitude) { Issue.record("\(comment): \(out[o]), not \(sum)") }
        }
    }
}

extension Span<Float> {
    fileprivate var array: [Float] { indices.map { self[$0] } }
}
