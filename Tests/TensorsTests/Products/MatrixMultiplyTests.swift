import TestSupport
import Testing

@testable import Tensors

struct MatrixMultiplyTests {
    @Test func `products are within rounding of exact ones`() throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 2), level: .active))
        for (seed, test) in KernelCases.products.enumerated() {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let refinement = Problem.refinement(seed)
            let exact = (0..<test.rows).map { problem.x.row($0).array }
            let out = try problem.floatProduct(compute)
            expect(out, problem.products(exact), "\(test), float")
            guard !test.format.isFloat else { continue }
            let activations = try problem.quantized(by: compute, refinement)
            let rounded = (0..<test.rows).map { activations.dequantized(row: $0) }
            let bytes = try problem.byteProduct(compute, refinement)
            expect(bytes, problem.products(rounded), "\(test), int8")
        }
    }

    private func expect(_ out: FloatMatrix, _ products: [[Product]], _ comment: Comment) {
        for (row, products) in products.enumerated() {
            for (o, product) in products.enumerated() {
                let error = (Double(out.row(row)[o]) - product.sum).magnitude
                if !(error <= 1e-5 * product.magnitude) {
                    Issue.record("\(comment): \(out.row(row)[o]), not \(product.sum)")
                }
            }
        }
    }

    @Test(arguments: ISALevel.subsets)
    func `an element is the same to the bit for any rows and threads`(level: ISALevel) throws {
        let one = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let two = try #require(Compute(pool: WorkerPool(threads: 2), level: level))
        for format in TensorFormat.supported {
            let test = ProductCase(format: format, columns: 768, outputs: 151, rows: 37)
            var generator = SeededGenerator(seed: 11)
            let problem = try Problem(test, using: &generator)
            let activations = try problem.quantized(by: one, .outliers(above: 3))
            let matrix = try problem.matrix.packed(for: two)
            func product(_ compute: Compute, runs: [Range<Int>]) throws -> [[UInt32]] {
                let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
                for rows in runs {
                    if format.isFloat {
                        compute.multiply(problem.matrix, problem.x, rows: rows, into: out)
                    } else {
                        compute.multiply(matrix, activations, rows: rows, into: out)
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

    @Test(arguments: ISALevel.subsets)
    func `a product over no columns is zero`(level: ISALevel) throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let x = try FloatMatrix(rows: 2, columns: 0)
        let activations = try QuantizedActivations(rows: 2, columns: 0)
        for format in TensorFormat.supported {
            let matrix = try WeightMatrix(format: format, rows: 3, columns: 0, bytes: [])
            let out = try FloatMatrix(rows: 2, columns: 3)
            compute.multiply(matrix, x, rows: 0..<2, into: out)
            #expect(out.row(1).array == [0, 0, 0])
            guard !format.isFloat else { continue }
            out.poison()
            compute.multiply(
                try matrix.packed(for: compute), activations, rows: 0..<2, into: out)
            #expect(out.row(1).array == [0, 0, 0])
        }
    }

    @Test(arguments: ISALevel.subsets)
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
                compute.multiply(
                    try problem.matrix.packed(for: compute), activations, rows: 2..<8, into: out,
                    column: 3)
            }
            for row in 0..<9 {
                for (i, value) in out.row(row).array.enumerated() {
                    let inside = (2..<8).contains(row) && (3..<8).contains(i)
                    #expect((value == -77) != inside, "\(format) \(row) \(i)")
                }
            }
        }
    }

    @Test(arguments: ISALevel.subsets)
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
                compute.multiply(
                    try matrix.packed(for: compute), activations, rows: 0..<1, into: out)
                #expect(out.row(0)[0] == 96 * Float(weight) * activation)
            }
        }
    }

    /// Kernels add products up in 16 bits for as long as the largest integers allow.
    @Test(arguments: TensorFormat.supported.filter { !$0.isFloat }, [UInt8(0), 0x55, 0x7F, 0xFF])
    func `the largest integers of a format overflow nothing`(
        _ format: TensorFormat, _ fill: UInt8
    ) throws {
        var generator = SeededGenerator(seed: 17)
        let test = ProductCase(format: format, columns: 512, outputs: 17, rows: 4)
        var block = [UInt8](repeating: fill, count: format.blockBytes)
        for offset in format.halves { RandomWeights.setHalf(0x2C00, at: offset, in: &block) }
        for offset in format.powers { block[offset] = 127 }
        let blocks = test.outputs * test.columns / format.blockSize
        let bytes = Array(repeatElement(block, count: blocks).joined())
        let problem = try Problem(test, bytes: bytes, using: &generator)
        let signs: [[Float]] = [[1, 1, 1, 1], [-1, -1, -1, -1], [1, -1, 1, -1], [1, 1, -1, -1]]
        for (row, signs) in signs.enumerated() {
            problem.x.withMutableRow(row) { x in
                for i in x.indices { x[i] = 127 * signs[i % 4] }
            }
        }
        let wanted = problem.products((0..<test.rows).map { problem.x.row($0).array })
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
            compute.multiply(
                try problem.matrix.packed(for: compute), try problem.quantized(by: compute),
                rows: 0..<test.rows, into: out)
            expect(out, wanted, "\(level) \(format), \(fill)")
        }
    }

    @Test(arguments: TensorFormat.supported.filter { !$0.isFloat })
    func `blocks of zeros give zero and spoiled scales do not trap`(
        format: TensorFormat
    ) throws {
        var generator = SeededGenerator(seed: 13)
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let test = ProductCase(format: format, columns: 512, outputs: 3, rows: 6)
            var bytes = [UInt8](repeating: 0, count: 3 * (format.rowBytes(columns: 512) ?? 0))
            var problem = try Problem(test, bytes: bytes, using: &generator)
            let activations = try problem.quantized(by: compute)
            let out = try FloatMatrix(rows: 6, columns: 3)
            compute.multiply(
                try problem.matrix.packed(for: compute), activations, rows: 0..<6, into: out)
            for row in 0..<6 { #expect(out.row(row).array == [0, 0, 0]) }
            for i in bytes.indices { bytes[i] = UInt8.random(in: 0...255, using: &generator) }
            for offset in format.halves {
                RandomWeights.setHalf(0x7E00, at: offset, in: &bytes)
            }
            problem = try Problem(test, bytes: bytes, using: &generator)
            compute.multiply(
                try problem.matrix.packed(for: compute), activations, rows: 0..<6, into: out)
            if format.powers.isEmpty { #expect(out.row(0)[0].isNaN) }
        }
    }
}
