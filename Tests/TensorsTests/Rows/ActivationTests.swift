import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Activations are those of their definitions, with a gate and without.
struct ActivationTests {
    private static func definition(_ gate: ProductInput.Gate, _ x: Double) -> Double {
        switch gate {
        case .silu: x / (1 + Foundation.exp(-x))
        case .gelu:
            x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        case .geluExact: x / 2 * erfc(-x / 2.0.squareRoot())
        case .relu: max(x, 0)
        case .reluSquared: max(x, 0) * max(x, 0)
        case .siluClamped: min(x, 7) / (1 + Foundation.exp(-1.702 * min(x, 7)))
        }
    }

    private static let gates: [ProductInput.Gate] = [
        .silu, .gelu, .geluExact, .relu, .reluSquared, .siluClamped,
    ]

    @Test(arguments: KernelCase.all, gates)
    func `with a gate and without, activations are those of the definitions`(
        _ kernel: KernelCase, _ gate: ProductInput.Gate
    ) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 63)
        for n in [1, 7, 16, 33, 100, 1000] {
            let x = try FloatMatrix.random(rows: 3, columns: n, in: -12...12, using: &generator)
            let up = try FloatMatrix.random(rows: 3, columns: n, in: -12...12, using: &generator)
            let xs = x.arrays
            let out = try FloatMatrix.filled(rows: 3, columns: n, with: 99)
            compute.gateMultiply(x, up, by: gate, width: n, rows: 1..<3, into: out)
            compute.activate(x, by: gate, rows: 1..<3)
            #expect(out.array(0).allSatisfy { $0 == 99 } && x.array(0) == xs[0])
            for row in 1..<3 {
                for i in 0..<n {
                    let alone = Self.definition(gate, Double(xs[row][i]))
                    let other = Double(up.array(row)[i])
                    let factor = gate == .siluClamped ? 1 + min(7, max(-7, other)) : other
                    let (a, b) = (Double(x.array(row)[i]), Double(out.array(row)[i]))
                    #expect(abs(a - alone) <= 1e-6 * max(1, abs(alone)), "\(gate)")
                    let wanted = alone * factor
                    #expect(abs(b - wanted) <= 1e-6 * max(1, abs(wanted)), "\(gate)")
                }
            }
        }
    }

    /// Also where next to nothing of the normal distribution is left, and of subnormal results.
    @Test(arguments: ISALevel.available)
    func `the error of gelu by erf is within its bound`(_ level: ISALevel) throws {
        let compute = try level.compute()
        let inputs =
            stride(from: Float(-14.5), through: 6, by: 0.000_37).map { $0 }
            + (-126...2).flatMap { [Float(sign: .plus, exponent: $0, significand: 1.37)] }
        let x = try FloatMatrix(rows: 1, columns: inputs.count)
        x.withMutableRow(0) { for i in inputs.indices { $0[i] = inputs[i] } }
        compute.activate(x, by: .geluExact, rows: 0..<1)
        var worst = 0.0
        for (input, value) in zip(inputs, x.array(0)) {
            let wanted = Self.definition(.geluExact, Double(input))
            worst = max(worst, abs(Double(value) - wanted) / Double(Float(wanted).ulp))
        }
        #expect(worst <= 5.5, "\(worst)")
    }

    @Test(arguments: ISALevel.available, gates)
    func `what is not a number stays so, and large values are themselves`(
        _ level: ISALevel, _ gate: ProductInput.Gate
    ) throws {
        let compute = try level.compute()
        let x = try FloatMatrix(rows: 1, columns: 19)
        x.withMutableRow(0) { row in
            for i in row.indices { row[i] = [Float.nan, 100, -100, 0, -0.0][i % 5] }
        }
        compute.activate(x, by: gate, rows: 0..<1)
        for (i, value) in x.array(0).enumerated() {
            switch i % 5 {
            case 0: #expect(value.isNaN)
            case 1:
                let wanted: Float =
                    switch gate {
                    case .siluClamped: Float(Self.definition(gate, 7))
                    case .reluSquared: 10_000
                    default: 100
                    }
                #expect(abs(value - wanted) < 1e-5)
            default: #expect(abs(value) < 1e-30)
            }
        }
    }

    @Test(arguments: KernelCase.all)
    func `a clamp holds the columns that it names`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 64)
        let x = try FloatMatrix.random(rows: 3, columns: 40, using: &generator)
        x.withMutableRow(1) { $0[20] = .nan }
        let before = x.arrays
        compute.clamp(x, column: 3, width: 33, to: 0.75, rows: 1..<3)
        for row in 0..<3 {
            for (i, value) in x.array(row).enumerated() {
                let old = before[row][i]
                let held = row > 0 && (3..<36).contains(i) && !old.isNaN
                #expect(value.isNaN == old.isNaN)
                if !old.isNaN { #expect(value == (held ? min(0.75, max(-0.75, old)) : old)) }
            }
        }
    }
}
