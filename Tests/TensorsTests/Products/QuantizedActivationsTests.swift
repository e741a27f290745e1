import TestSupport
import Testing

@testable import Tensors

struct QuantizedActivationsTests {
    @Test(arguments: [1, 31, 32, 33, 256, 640, 897])
    func `values come back within half a step, the same bits at every level`(
        columns: Int
    ) throws {
        var generator = SeededGenerator(seed: UInt64(columns))
        let x = try randomActivations(rows: 3, columns: columns, using: &generator)
        var first: [[Float]]?
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 2), level: level))
            let activations = try QuantizedActivations(
                rows: 3, columns: columns)
            compute.quantize(x, rows: 0..<3, into: activations)
            let back = (0..<3).map { activations.dequantized(row: $0) }
            #expect(back == first ?? back, "\(level)")
            first = back
            for row in 0..<3 {
                for block in stride(from: 0, to: columns, by: 32) {
                    let range = block..<min(block + 32, columns)
                    let largest = range.map { x.row(row)[$0].magnitude }.max() ?? 0
                    for i in range {
                        let error = (back[row][i] - x.row(row)[i]).magnitude
                        #expect(error <= largest / 254 * 1.0001)
                    }
                }
            }
        }
    }

    @Test(arguments: [1, 33, 640, 897], [Refinement.outliers(above: 3), .all])
    func `refined runs come back within a fraction of a step, the same bits at every level`(
        columns: Int, refinement: Refinement
    ) throws {
        var generator = SeededGenerator(seed: UInt64(columns))
        let x = try randomActivations(rows: 2, columns: columns, using: &generator)
        var first: [[Float]]?
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let activations = try QuantizedActivations(
                rows: 2, columns: columns, refinement: refinement)
            let single = try QuantizedActivations(rows: 2, columns: columns)
            compute.quantize(x, rows: 0..<2, into: activations)
            compute.quantize(x, rows: 0..<2, into: single)
            let back = (0..<2).map { activations.dequantized(row: $0) }
            #expect(back == first ?? back, "\(level)")
            first = back
            for row in 0..<2 {
                #expect(activations.coarse(row) == single.dequantized(row: row), "\(level)")
                let values = (0..<columns).map { x.row(row)[$0] }
                let mean = values.reduce(0) { $0 + $1.magnitude } / Float(columns)
                for run in stride(from: 0, to: columns, by: 32) {
                    let range = run..<min(run + 32, columns)
                    let largest = range.map { values[$0].magnitude }.max() ?? 0
                    // Beside the limit either may be, for rounding.
                    let isRefined = refinement == .all || largest > 3 * mean * 1.0001
                    let step = isRefined ? largest / (254 * 254) * 1.01 : largest / 254 * 1.0001
                    for i in range { #expect((back[row][i] - values[i]).magnitude <= step) }
                    let second = activations.coarse(2 + row)[run..<range.upperBound]
                    let isCoarse = refinement != .all && largest < 3 * mean * 0.9999
                    if isCoarse { #expect(second.allSatisfy { $0 == 0 }) }
                }
            }
        }
    }

    @Test(arguments: [1, 40, 256, 300, 2_048])
    func `rows are rounded in any order, each into its own memory`(columns: Int) throws {
        var generator = SeededGenerator(seed: UInt64(columns))
        let x = try randomActivations(rows: 5, columns: columns, using: &generator)
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let (forward, backward) = try (
                QuantizedActivations(rows: 5, columns: columns, refinement: .all),
                QuantizedActivations(rows: 5, columns: columns, refinement: .all)
            )
            compute.quantize(x, rows: 0..<5, into: forward)
            for row in (0..<5).reversed() {
                compute.quantize(x, rows: row..<row + 1, into: backward)
            }
            for row in 0..<5 {
                #expect(backward.coarse(row) == forward.coarse(row), "\(level)")
                #expect(backward.dequantized(row: row) == forward.dequantized(row: row))
            }
        }
    }

    @Test func `a run that is refined no more leaves nothing behind`() throws {
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            let activations = try QuantizedActivations(
                rows: 2, columns: 1_100, refinement: .outliers(above: 3))
            let fresh = try QuantizedActivations(
                rows: 2, columns: 1_100, refinement: .outliers(above: 3))
            let x = try FloatMatrix(rows: 2, columns: 1_100)
            for spike in [3, 40, 1_050, 1_099, 7] {
                for row in 0..<2 {
                    x.withMutableRow(row) { values in
                        for i in values.indices { values[i] = i == spike ? 50.3 : 0.7 }
                    }
                }
                compute.quantize(x, rows: 0..<2, into: activations)
            }
            compute.quantize(x, rows: 0..<2, into: fresh)
            for row in 0..<4 { #expect(activations.coarse(row) == fresh.coarse(row), "\(level)") }
            #expect(activations.coarse(2)[..<32].contains { $0 != 0 }, "\(level)")
        }
    }

    @Test func `what is not finite spoils its own row only`() throws {
        let block = [0x00, 0x3C] + [UInt8](repeating: 1, count: 32)
        let matrix = try WeightMatrix(
            format: .q8_0, rows: 1, columns: 64, bytes: block + block)
        for level in ISALevel.subsets {
            let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
            for bad: Float in [.nan, .infinity, -.infinity] {
                let x = try FloatMatrix(rows: 3, columns: 64)
                for row in 0..<3 {
                    x.withMutableRow(row) { for i in $0.indices { $0[i] = 1 } }
                }
                x.withMutableRow(1) { $0[40] = bad }
                let activations = try QuantizedActivations(rows: 3, columns: 64)
                compute.quantize(x, rows: 0..<3, into: activations)
                let out = try FloatMatrix(rows: 3, columns: 1)
                compute.multiply(
                    try matrix.packed(for: compute), activations, rows: 0..<3, into: out)
                #expect((out.row(0)[0] - 64).magnitude < 1e-3)
                #expect(out.row(1)[0].isNaN)
                #expect((out.row(2)[0] - 64).magnitude < 1e-3)
            }
        }
    }

    @Test func `tiny and zero values give zero, not NaN`() throws {
        let compute = Compute(pool: WorkerPool(threads: 1))
        let x = try FloatMatrix(rows: 1, columns: 64)
        x.withMutableRow(0) { for i in 32..<64 { $0[i] = 8 * .leastNonzeroMagnitude } }
        let activations = try QuantizedActivations(rows: 1, columns: 64)
        compute.quantize(x, rows: 0..<1, into: activations)
        #expect(activations.dequantized(row: 0).allSatisfy { $0 == 0 })
    }
}
