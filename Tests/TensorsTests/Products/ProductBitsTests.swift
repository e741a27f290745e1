import TestSupport
import Testing

@testable import Tensors

/// One arithmetic: whatever a processor has, products have the bits of portable C, and these are
/// the bits of the definition in plain Swift.
struct ProductBitsTests {
    @Test func `portable C has the bits of the plain definition`() throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 2), level: .scalar))
        for (seed, test) in Self.cases where test.rows * test.columns <= 9_000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let weights = problem.parts
            for row in 0..<test.rows {
                let x = problem.x.array(row)
                let wanted = weights.map { ReferenceProduct.ofFloats($0.map(\.value), x) }
                #expect(try problem.floatProduct(compute).array(row) == wanted, "\(test), float")
            }
            guard !test.format.isFloat else { continue }
            let refinement = Problem.refinement(seed)
            let out = try problem.byteProduct(compute, refinement)
            for row in 0..<test.rows {
                let x = ReferenceProduct.Activations(problem.x.array(row), refinement)
                let wanted = weights.map {
                    ReferenceProduct.ofBytes($0, run: test.format.run, x)
                }
                #expect(out.array(row) == wanted, "\(test), int8 \(refinement)")
            }
        }
    }

    @Test(arguments: ISALevel.subsets)
    func `every set of features has the bits of portable C`(level: ISALevel) throws {
        let plain = try #require(Compute(pool: WorkerPool(threads: 2), level: .scalar))
        let compute = try #require(Compute(pool: WorkerPool(threads: 2), level: level))
        #expect(try compute.packingFingerprint() == plain.packingFingerprint())
        for (seed, test) in Self.cases {
            var generator = SeededGenerator(seed: UInt64(seed))
            let problem = try Problem(test, using: &generator)
            let same = try problem.floatProduct(compute).bits == problem.floatProduct(plain).bits
            #expect(same, "\(level) \(test), float")
            guard !test.format.isFloat else { continue }
            let refinement = Problem.refinement(seed)
            let (bits, wanted) = try (
                problem.byteProduct(compute, refinement).bits,
                problem.byteProduct(plain, refinement).bits
            )
            #expect(bits == wanted, "\(level) \(test), int8 \(refinement)")
        }
    }

    @Test(arguments: ISALevel.subsets)
    func `any bit pattern of weights gives the bits of portable C`(level: ISALevel) throws {
        let plain = try #require(Compute(pool: WorkerPool(threads: 1), level: .scalar))
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        for format in TensorFormat.supported {
            var generator = SeededGenerator(seed: UInt64(format.rawValue))
            let test = ProductCase(format: format, columns: 512, outputs: 37, rows: 3)
            // Scales of all kinds: subnormal, infinite, not a number.
            let rowBytes = try #require(format.rowBytes(columns: test.columns))
            let bytes = (0..<test.outputs * rowBytes).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let problem = try Problem(test, bytes: bytes, using: &generator)
            let floats = try [compute, plain].map { try problem.floatProduct($0).numbers }
            #expect(floats[0] == floats[1], "\(level) \(format), float")
            guard !format.isFloat else { continue }
            let ints = try [compute, plain].map { try problem.byteProduct($0, .all).numbers }
            #expect(ints[0] == ints[1], "\(level) \(format), int8")
        }
    }

    private static let cases = Array(KernelCases.products.enumerated())
}

extension Problem {
    /// The weights of every row, as what they are made of.
    var parts: [[ReferenceWeight]] {
        let all = ReferenceDecoder.weights(bytes, test.format)
        return (0..<test.outputs).map { Array(all[$0 * test.columns..<($0 + 1) * test.columns]) }
    }
}

extension FloatMatrix {
    /// The bits, one NaN like another.
    var numbers: [UInt32] { arrays.flatMap(\.numbers) }
}

extension [Float] {
    /// The bits, one NaN like another.
    var numbers: [UInt32] { map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
}
