import TestSupport
import Testing

@testable import Tensors

struct MatrixMultiplyTests {
    @Test func `products are those of the plain definition at every level`() throws {
        let levels = try ISALevel.available.map { level in
            try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        }
        for (seed, test) in KernelCases.products.enumerated() {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let refinement: Refinement = [.none, .outliers(above: 3), .all][seed % 3]
            // The same bytes at every level, so that one reference serves all.
            let activations = try problem.quantized(by: levels[0], refinement)
            let rounded = (0..<test.rows).map { activations.dequantized(row: $0) }
            let exact = (0..<test.rows).map { problem.x.row($0).array }
            let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
            let ofFloats = problem.products(exact)
            let ofBytes = test.format.isFloat ? [] : problem.products(rounded)
            for compute in levels {
                out.poison()
                compute.multiply(problem.matrix, problem.x, rows: 0..<test.rows, into: out)
                expect(out, ofFloats, "\(compute.level) \(test), float")
                guard !test.format.isFloat else { continue }
                out.poison()
                compute.multiply(
                    try problem.matrix.packed(for: compute),
                    try problem.quantized(by: compute, refinement), rows: 0..<test.rows, into: out)
                expect(out, ofBytes, "\(compute.level) \(test), int8")
            }
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

    @Test(arguments: ISALevel.available)
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

    @Test(arguments: ISALevel.available)
    func `a product over no columns is zero`(level: ISALevel) throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let x = try FloatMatrix(rows: 2, columns: 0)
        let activations = try QuantizedActivations(rows: 2, columns: 0, level: level)
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
                let activations = try QuantizedActivations(rows: 1, columns: 96, level: level)
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
        for offset in RandomWeights.scaleOffsets(format) {
            RandomWeights.setHalf(0x2C00, at: offset, in: &block)
        }
        if format == .mxfp4 { block[0] = 127 }
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
        for level in ISALevel.available {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
            compute.multiply(
                try problem.matrix.packed(for: compute), try problem.quantized(by: compute),
                rows: 0..<test.rows, into: out)
            expect(out, wanted, "\(level) \(format), \(fill)")
        }
    }

    @Test func `levels with panels pack the same bytes and give the same bits`() throws {
        let levels = try ISALevel.available.filter(\.hasPanels).map { level in
            try #require(Compute(pool: WorkerPool(threads: 2), level: level))
        }
        let fingerprints = try levels.map { try $0.packingFingerprint() }
        #expect(Set(fingerprints).count <= 1)
        for (seed, test) in KernelCases.products.enumerated() where !test.format.isFloat {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let refinement: Refinement = [.none, .outliers(above: 3), .all][seed % 3]
            let bits = try levels.map { compute in
                let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
                compute.multiply(
                    try problem.matrix.packed(for: compute),
                    try problem.quantized(by: compute, refinement), rows: 0..<test.rows, into: out)
                return (0..<test.rows).map { out.row($0).array.map(\.bitPattern) }
            }
            #expect(Set(bits).count <= 1, "\(test)")
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
            compute.multiply(
                try problem.matrix.packed(for: compute), activations, rows: 0..<6, into: out)
            for row in 0..<6 { #expect(out.row(row).array == [0, 0, 0]) }
            for i in bytes.indices { bytes[i] = UInt8.random(in: 0...255, using: &generator) }
            for offset in RandomWeights.scaleOffsets(format) {
                RandomWeights.setHalf(0x7E00, at: offset, in: &bytes)
            }
            problem = try Problem(test, bytes: bytes, using: &generator)
            compute.multiply(
                try problem.matrix.packed(for: compute), activations, rows: 0..<6, into: out)
            if format != .mxfp4 { #expect(out.row(0)[0].isNaN) }
        }
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

    func quantized(
        by compute: Compute, _ refinement: Refinement = .none
    ) throws -> QuantizedActivations {
        let activations = try QuantizedActivations(
            rows: test.rows, columns: test.columns, refinement: refinement, level: compute.level)
        compute.quantize(x, rows: 0..<test.rows, into: activations)
        return activations
    }

    /// The dot products of every row of activations with every row of weights.
    func products(_ activations: [[Float]]) -> [[Product]] {
        let rows = (0..<test.outputs).map { o in
            Array(weights[(o * test.columns)..<((o + 1) * test.columns)])
        }
        return activations.map { a in rows.map { ReferenceDecoder.dot($0, a) } }
    }
}

extension WeightMatrix {
    /// As the products with bytes of the level want it.
    func packed(for compute: Compute) throws -> WeightMatrix {
        guard let bytes = packedByteCount(level: compute.level) else { return self }
        return packed(into: try PanelMemory(count: bytes), at: 0, by: compute)
    }
}

extension FloatMatrix {
    /// What a kernel does not write is then seen.
    fileprivate func poison() {
        for row in 0..<rows {
            withMutableRow(row) { for i in $0.indices { $0[i] = .nan } }
        }
    }
}

private typealias Product = (sum: Double, magnitude: Double)

extension Span<Float> {
    fileprivate var array: [Float] { indices.map { self[$0] } }
}
