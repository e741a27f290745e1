import TestSupport
import Testing

@testable import Tensors

/// Activations as bytes are the same memory, to the bit, whatever a processor has.
struct RoundingBitsTests {
    @Test(
        arguments: ISALevel.subsets,
        [Refinement.none, .outliers(above: 3), .all] as [Refinement])
    func `rounding has the bits of portable C and of the definition`(
        level: ISALevel, refinement: Refinement
    ) throws {
        for columns in [1, 31, 32, 33, 255, 257, 897, 1056] {
            let x = try rows(columns)
            let (wanted, got) = try (words(x, refinement, .scalar), words(x, refinement, level))
            for row in 0..<x.rows {
                #expect(got.words[row] == wanted.words[row], "\(level) \(columns) \(row)")
                let defined = ReferenceProduct.Activations(x.array(row), refinement)
                let values = defined.coarse.flatMap { run in
                    run.values.map { Float($0) * run.scale }
                }
                #expect(wanted.values[row].numbers == Array(values[..<columns]).numbers)
                let further = defined.fine.flatMap { run in
                    run.map { run in run.values.map { Float($0) * run.scale } }
                        ?? [Float](repeating: 0, count: 32)
                }
                guard refinement != .none else { continue }
                #expect(got.words[x.rows + row] == wanted.words[x.rows + row], "\(level) \(row)")
                #expect(
                    wanted.values[x.rows + row].numbers == Array(further[..<columns]).numbers)
            }
        }
    }

    /// Ordinary values, ties, and all that is no ordinary number.
    private func rows(_ columns: Int) throws -> FloatMatrix {
        var generator = SeededGenerator(seed: UInt64(columns))
        let patterns: [(Int) -> Float] = [
            { _ in Float.random(in: -3...3, using: &generator) },
            // The largest is 127, so that halves are ties.
            { $0 % 32 == 0 ? 127 : Float($0 % 127) - 63.5 },
            { Float($0 - 20) * .leastNonzeroMagnitude },
            { Float($0 % 5) * 0x1p-121 },
            { $0 % 70 == 40 ? .infinity : Float($0) },
            { $0 % 70 == 4 ? .nan : -Float($0) },
            { $0 == 0 ? Float(bitPattern: 0xFFA0_0055) : 1 },
            { Float($0 % 3 - 1) * .greatestFiniteMagnitude },
            { $0 % 50 == 9 ? 3e4 : Float.random(in: -1...1, using: &generator) },
            { _ in -0.0 },
        ]
        let x = try FloatMatrix(rows: patterns.count, columns: columns)
        for (row, pattern) in patterns.enumerated() {
            x.withMutableRow(row) { for i in $0.indices { $0[i] = pattern(i) } }
        }
        return x
    }

    private func words(
        _ x: FloatMatrix, _ refinement: Refinement, _ level: ISALevel
    ) throws -> (words: [[UInt32]], values: [[Float]]) {
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let activations = try QuantizedActivations(
            rows: x.rows, columns: x.columns, refinement: refinement)
        // What is not written again is seen.
        let before = try FloatMatrix.filled(rows: x.rows, columns: x.columns, with: 55.4)
        compute.quantize(before, rows: 0..<x.rows, into: activations)
        compute.quantize(x, rows: 0..<x.rows, into: activations)
        let all = 0..<(refinement == .none ? x.rows : 2 * x.rows)
        return (all.map { activations.words($0) }, all.map { activations.coarse($0) })
    }
}
