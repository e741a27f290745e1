import TestSupport
import Testing

@testable import Tensors

/// Rows that a thread has no room for are made in the step's own buffers, with the bits that they
/// would have in a thread's memory: those of the operations one after the other.
struct WideRowTests {
    private static let rows = 3
    /// The widest row that fits, and two that do not, one of them with a run cut short.
    private static let widths = [
        RowScratch.floats, RowScratch.floats + 32, RowScratch.floats + 257,
    ]

    private static func matrix(_ columns: Int, seed: UInt64) throws -> FloatMatrix {
        var generator = SeededGenerator(seed: seed)
        return try randomActivations(rows: rows, columns: columns, using: &generator)
    }

    /// An input, and its rows made by the operations that it names.
    private static func inputs(
        _ columns: Int, _ compute: Compute
    ) throws -> [(input: ProductInput, made: FloatMatrix)] {
        let x = try matrix(columns, seed: 1)
        let up = try matrix(columns, seed: 2)
        let weight = (0..<columns).map { Float($0 % 5) / 3 - 0.5 }
        func made(_ make: (FloatMatrix) -> Void) throws -> FloatMatrix {
            let out = try FloatMatrix(rows: rows, columns: columns)
            make(out)
            return out
        }
        func gated(
            by activation: ProductInput.Gate
        ) throws -> (ProductInput, FloatMatrix) {
            let gate = try matrix(columns, seed: 3)
            let made = try made {
                compute.gateMultiply(
                    gate, up, by: activation, width: columns, rows: 0..<rows, into: $0)
            }
            return (.gated(gate, up: up, by: activation), made)
        }
        func activated(
            by activation: ProductInput.Gate
        ) throws -> (ProductInput, FloatMatrix) {
            let (x, made) = try (matrix(columns, seed: 3), matrix(columns, seed: 3))
            compute.activate(made, by: activation, rows: 0..<rows)
            return (.activated(x, by: activation), made)
        }
        let normed = ProductInput.normed(
            x, weight: weight, epsilon: 1e-6, floats: try made { _ in })
        return [
            (.rows(x), x),
            (
                normed,
                try made {
                    compute.rmsNorm(x, weight: weight, epsilon: 1e-6, rows: 0..<rows, into: $0)
                }
            ),
            try gated(by: .silu), try gated(by: .gelu), try activated(by: .geluExact),
        ]
    }

    @Test(arguments: KernelCase.all, widths)
    func `a product's input has the same bits on either side of the width`(
        _ kernel: KernelCase, columns: Int
    ) throws {
        let compute = try kernel.compute()
        for refinement in [Refinement.none, .outliers(above: 3)] {
            for (input, made) in try Self.inputs(columns, compute) {
                let (out, wanted) = try (
                    QuantizedActivations(
                        rows: Self.rows, columns: columns, refinement: refinement),
                    QuantizedActivations(
                        rows: Self.rows, columns: columns, refinement: refinement)
                )
                compute.quantize(input, rows: 1..<Self.rows, into: out)
                compute.quantize(made, rows: 1..<Self.rows, into: wanted)
                for row in 1..<Self.rows {
                    let values = out.dequantized(row: row)
                    #expect(values == wanted.dequantized(row: row))
                    #expect(values.suffix(2).contains { $0 != 0 }, "the row's end is made too")
                }
            }
        }
    }

    @Test(arguments: KernelCase.all, widths)
    func `a normed output is added with the same bits on either side of the width`(
        _ kernel: KernelCase, columns: Int
    ) throws {
        let compute = try kernel.compute()
        let weight = (0..<columns).map { Float($0 % 7) / 3 }
        let y = try Self.matrix(columns, seed: 4)
        let (fused, apart) = try (Self.matrix(columns, seed: 5), Self.matrix(columns, seed: 5))
        let normed = try FloatMatrix(rows: Self.rows, columns: columns)
        compute.rmsNorm(y, weight: weight, epsilon: 1e-6, rows: 1..<Self.rows, into: normed)
        compute.add(apart, normed, rows: 1..<Self.rows, into: apart)
        compute.addNormed(y, weight: weight, epsilon: 1e-6, to: fused, rows: 1..<Self.rows)
        #expect(fused.arrays == apart.arrays)
    }
}
