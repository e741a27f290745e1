import Foundation
import TestSupport
import Testing

@testable import Tensors

private let widths = [1, 7, 8, 15, 16, 17, 31, 33, 64, 100, 255, 1000]

/// Runs an operation on rows 1..<4 of five; compares them with the reference and the others with
/// the poison that was there before.
private func expectRows(
    _ out: FloatMatrix, from poison: Float, within tolerance: Double, _ comment: String,
    _ reference: (_ row: Int, _ column: Int) -> Double
) {
    var worst = 0.0
    for row in 0..<out.rows {
        let floats = out.array(row)
        for (column, value) in floats.enumerated() {
            guard (1..<4).contains(row) else {
                #expect(value == poison, "\(comment): row \(row) was not asked for")
                continue
            }
            let wanted = reference(row, column)
            worst = max(worst, abs(Double(value) - wanted) / max(1, abs(wanted)))
        }
    }
    #expect(worst <= tolerance, "\(comment)")
}

@Test(arguments: KernelCase.all)
func `a normalised row has unit root mean square times the weight`(_ kernel: KernelCase) throws {
    let compute = try kernel.compute()
    var generator = SeededGenerator(seed: 1)
    for n in widths {
        let x = try FloatMatrix.random(rows: 5, columns: n, using: &generator)
        let xs = x.arrays
        let weight = (0..<n).map { _ in Float.random(in: -2...2, using: &generator) }
        let squares = (0..<5).map { row in xs[row].reduce(0.0) { $0 + Double($1 * $1) } }
        for weight in [weight, nil] {
            let out = try FloatMatrix.filled(rows: 5, columns: n, with: 99)
            compute.rmsNorm(x, weight: weight, epsilon: 1e-5, rows: 1..<4, into: out)
            expectRows(out, from: 99, within: 2e-6, "width \(n)") { row, column in
                let factor = 1 / (squares[row] / Double(n) + 1e-5).squareRoot()
                return Double(xs[row][column]) * factor * Double(weight?[column] ?? 1)
            }
        }
    }
}

@Test(arguments: KernelCase.all)
func `heads are normalised one by one`(_ kernel: KernelCase) throws {
    let compute = try kernel.compute()
    var generator = SeededGenerator(seed: 2)
    for headDim in [8, 32, 80] {
        let x = try FloatMatrix.random(rows: 5, columns: 3 + 2 * headDim, using: &generator)
        let before = x.arrays
        let weight = (0..<headDim).map { _ in Float.random(in: 0...2, using: &generator) }
        compute.rmsNormHeads(
            x, column: 3, heads: 2, headDim: headDim, weight: weight, epsilon: 1e-6, rows: 1..<4)
        for row in 0..<5 {
            for (column, value) in x.array(row).enumerated() {
                let old = before[row][column]
                guard column >= 3, (1..<4).contains(row) else {
                    #expect(value == old)
                    continue
                }
                let start = 3 + (column - 3) / headDim * headDim
                let head = before[row][start..<start + headDim]
                let mean = head.reduce(0.0) { $0 + Double($1 * $1) } / Double(headDim)
                let wanted =
                    Double(old) / (mean + 1e-6).squareRoot() * Double(weight[column - start])
                #expect(abs(Double(value) - wanted) <= 4e-6)
            }
        }
    }
}

@Test(arguments: KernelCase.all)
func `gated activations are those of the definitions`(_ kernel: KernelCase) throws {
    let compute = try kernel.compute()
    var generator = SeededGenerator(seed: 3)
    for n in widths {
        // Gate and up side by side in one matrix, as fused projections leave them.
        let x = try FloatMatrix.random(
            rows: 5, columns: 2 * n + 1, in: -12...12, using: &generator)
        let xs = x.arrays
        let silu = try FloatMatrix.filled(rows: 5, columns: n, with: 99)
        compute.gateMultiply(
            x, x, upColumn: n, by: .silu, width: n, rows: 1..<4, into: silu)
        expectRows(silu, from: 99, within: 1e-6, "silu, width \(n)") { row, column in
            let g = Double(xs[row][column])
            return g / (1 + Foundation.exp(-g)) * Double(xs[row][n + column])
        }
        let gelu = try FloatMatrix.filled(rows: 5, columns: n, with: 99)
        compute.gateMultiply(
            x, gateColumn: 1, x, upColumn: n, by: .gelu, width: n, rows: 1..<4, into: gelu)
        expectRows(gelu, from: 99, within: 3e-6, "gelu, width \(n)") { row, column in
            let g = Double(xs[row][column + 1])
            let u = (2 / Double.pi).squareRoot() * (g + 0.044715 * g * g * g)
            return 0.5 * g * (1 + tanh(u)) * Double(xs[row][n + column])
        }
    }
}

@Test(arguments: KernelCase.all)
func `sums, biases, scales and caps touch their rows only`(_ kernel: KernelCase) throws {
    let compute = try kernel.compute()
    var generator = SeededGenerator(seed: 4)
    for n in widths {
        let a = try FloatMatrix.random(rows: 5, columns: n, using: &generator)
        let b = try FloatMatrix.random(rows: 5, columns: n, using: &generator)
        let (left, right) = (a.arrays, b.arrays)
        let bias = (0..<n).map { _ in Float.random(in: -1...1, using: &generator) }
        let out = try FloatMatrix.filled(rows: 5, columns: n, with: 99)
        compute.add(a, b, rows: 1..<4, into: out)
        expectRows(out, from: 99, within: 0, "add") { row, column in
            Double(left[row][column] + right[row][column])
        }
        compute.addBias(bias, to: out, rows: 1..<4)
        expectRows(out, from: 99, within: 0, "bias") { row, column in
            Double(left[row][column] + right[row][column] + bias[column])
        }
        compute.scale(out, by: 100, rows: 1..<4)
        let scaled = out.arrays
        compute.softCap(out, cap: 30, rows: 1..<4)
        expectRows(out, from: 99, within: 3e-6, "cap") { row, column in
            30 * tanh(Double(scaled[row][column]) / 30)
        }
    }
}

@Test(arguments: KernelCase.all)
func `a large matrix is shared without a change of a bit`(_ kernel: KernelCase) throws {
    let compute = try kernel.compute()
    let alone = try #require(Compute(pool: WorkerPool(threads: 1), level: kernel.level))
    var generator = SeededGenerator(seed: 5)
    let x = try FloatMatrix.random(rows: 67, columns: 2000, using: &generator)
    let out = try FloatMatrix(rows: 67, columns: 2000)
    let single = try FloatMatrix(rows: 67, columns: 2000)
    compute.rmsNorm(x, weight: nil, epsilon: 1e-5, rows: 0..<67, into: out)
    for row in 0..<67 {
        alone.rmsNorm(x, weight: nil, epsilon: 1e-5, rows: row..<row + 1, into: single)
    }
    #expect(out.bits == single.bits)
}
