import TestSupport
import Testing

@testable import Tensors

/// Every operation on rows gives the bits of portable C at every level.
struct RowLevelsTests {
    enum Operation: String, CaseIterable, CustomTestStringConvertible {
        case rmsNorm, rmsNormWithoutWeight, silu, gelu, add, scale, softCap, exp, ropeNeox
        case ropeInterleaved, toFloat16, toBFloat16, fromFloat16, maximum, argmax, logSumExp
        case layerNorm, layerNormWithoutBias, layerNormWithoutWeight, geluExact, relu, reluSquared
        case siluClamped, siluAlone, geluAlone, geluExactAlone, reluAlone, reluSquaredAlone
        case siluClampedAlone, clamp

        var testDescription: String { rawValue }
    }

    /// What a row holds.
    enum Values: CaseIterable {
        case ordinary
        /// Zeros of both signs among others.
        case zeros
        /// Any bits, NaN and infinity too.
        case anything

        func next(using generator: inout SeededGenerator) -> Float {
            switch self {
            case .ordinary: .random(in: -9...9, using: &generator)
            case .zeros:
                [0, -0.0, .random(in: -1...0, using: &generator)].randomElement(using: &generator)
                    ?? 0
            case .anything: Float(bitPattern: .random(in: 0...UInt32.max, using: &generator))
            }
        }
    }

    /// Two rows of numbers: operations of one take the first.
    struct Inputs {
        var x: FloatMatrix
        var y: [Float]

        init(_ width: Int, _ values: Values, seed: UInt64) throws {
            var generator = SeededGenerator(seed: seed)
            x = try FloatMatrix(rows: 1, columns: width)
            x.withMutableRow(0) { row in
                for i in 0..<width { row[i] = values.next(using: &generator) }
            }
            y = (0..<width).map { _ in values.next(using: &generator) }
        }

        var array: [Float] { x.array(0) }

        func matrix(of floats: [Float]) throws -> FloatMatrix {
            let matrix = try FloatMatrix(rows: 1, columns: floats.count)
            matrix.withMutableRow(0) { row in
                for i in floats.indices { row[i] = floats[i] }
            }
            return matrix
        }
    }

    private static let gates: [Operation: ProductInput.Gate] = [
        .silu: .silu, .gelu: .gelu, .geluExact: .geluExact, .relu: .relu,
        .reluSquared: .reluSquared, .siluClamped: .siluClamped, .siluAlone: .silu,
        .geluAlone: .gelu, .geluExactAlone: .geluExact, .reluAlone: .relu,
        .reluSquaredAlone: .reluSquared, .siluClampedAlone: .siluClamped,
    ]

    private static func result(
        _ operation: Operation, _ inputs: Inputs, _ level: ISALevel
    ) throws -> [UInt32] {
        let compute = try level.compute()
        let (x, width) = (inputs.x, inputs.x.columns)
        let out = try FloatMatrix.filled(rows: 1, columns: width, with: level.poison)
        switch operation {
        case .rmsNorm:
            compute.rmsNorm(x, weight: inputs.y, epsilon: 1e-5, rows: 0..<1, into: out)
        case .rmsNormWithoutWeight:
            compute.rmsNorm(x, weight: nil, epsilon: 1e-5, rows: 0..<1, into: out)
        case .layerNorm, .layerNormWithoutBias, .layerNormWithoutWeight:
            let weight = operation == .layerNormWithoutWeight ? [] : inputs.y
            let bias = operation == .layerNorm ? Array(inputs.y.reversed()) : []
            let norm = Norm(.layer, weight: weight, bias: bias, epsilon: 1e-5)
            compute.normalize(x, by: norm, rows: 0..<1, into: out)
        case .silu, .gelu, .geluExact, .relu, .reluSquared, .siluClamped:
            guard let gate = gates[operation] else { preconditionFailure("no gate") }
            let up = try inputs.matrix(of: inputs.y)
            compute.gateMultiply(x, up, by: gate, width: width, rows: 0..<1, into: out)
        case .siluAlone, .geluAlone, .geluExactAlone, .reluAlone, .reluSquaredAlone,
            .siluClampedAlone:
            guard let gate = gates[operation] else { preconditionFailure("no gate") }
            let made = try inputs.matrix(of: inputs.array)
            compute.activate(made, by: gate, rows: 0..<1)
            return bits(made.array(0))
        case .clamp:
            let held = try inputs.matrix(of: inputs.array)
            compute.clamp(held, width: width, to: 0.7, rows: 0..<1)
            return bits(held.array(0))
        case .add: compute.add(x, try inputs.matrix(of: inputs.y), rows: 0..<1, into: out)
        case .scale, .softCap:
            compute.add(
                x, try inputs.matrix(of: .init(repeating: 0, count: width)), rows: 0..<1,
                into: out)
            if operation == .scale { compute.scale(out, by: 1.7, rows: 0..<1) }
            if operation == .softCap { compute.softCap(out, cap: 30, rows: 0..<1) }
        case .exp: return bits(compute.exp(inputs.array))
        case .ropeNeox, .ropeInterleaved:
            let half = width / 2
            let rotary = try RotaryTable(
                rows: 1, inverseFrequencies: .init(repeating: 1, count: half))
            rotary.cosines.withMutableRow(0) { for i in 0..<half { $0[i] = inputs.y[i] } }
            rotary.sines.withMutableRow(0) { for i in 0..<half { $0[i] = inputs.y[i + half] } }
            let turned = try inputs.matrix(of: inputs.array)
            compute.rope(
                turned, heads: 1, headDim: width, rows: 0..<1, table: rotary,
                style: operation == .ropeNeox ? .neox : .interleaved)
            return bits(turned.array(0))
        case .toFloat16: return compute.float16(inputs.array).map { UInt32($0) }
        case .toBFloat16: return compute.bfloat16(inputs.array).map { UInt32($0) }
        case .fromFloat16:
            let halves = inputs.array.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 7) }
            return bits(compute.float32(float16: halves))
        case .maximum: return bits([compute.maximum(inputs.array.span)])
        case .argmax: return [UInt32(compute.argmax(inputs.array.span))]
        case .logSumExp:
            let sum = compute.logSumExp(inputs.array.span)
            let pattern = sum.isNaN ? 0 : sum.bitPattern
            return [UInt32(truncatingIfNeeded: pattern), UInt32(pattern >> 32)]
        }
        return bits(out.array(0))
    }

    @Test(arguments: ISALevel.others, Operation.allCases)
    func `an operation on rows has the bits of portable C`(
        _ level: ISALevel, _ operation: Operation
    ) throws {
        for width in [1, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 1_000, 4_097, 8_200] {
            for values in Values.allCases {
                for seed in 0..<4 {
                    let inputs = try Inputs(width, values, seed: UInt64(seed))
                    let wanted = try Self.result(operation, inputs, .scalar)
                    let same = try Self.result(operation, inputs, level) == wanted
                    #expect(same, "\(operation), \(values), width \(width), seed \(seed)")
                }
            }
        }
    }
}
