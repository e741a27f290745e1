import TestSupport
import Testing

@testable import Tensors

/// Products of rows with the experts that they chose.
struct ExpertTests {
    private static let (experts, columns, outputs) = (5, 256, 40)

    /// A layer's experts and the rows of a step.
    private struct Layer {
        let weights: [WeightMatrix]
        let x: FloatMatrix
        let logits: FloatMatrix
        let rule: RouterRule
        var scratch: PanelScratch?

        init(
            _ format: TensorFormat, tokens: Int, isPacked: Bool = true, compute: Compute
        ) throws {
            var generator = SeededGenerator(seed: 84)
            weights = try (0..<experts).map { _ in
                let bytes = RandomWeights.bytes(
                    format, count: outputs * columns, using: &generator)
                let matrix = try WeightMatrix(
                    format: format, rows: outputs, columns: columns, bytes: bytes)
                return isPacked ? try matrix.packed(for: compute) : matrix
            }
            if !isPacked {
                scratch = try PanelScratch(threads: compute.pool.threads, for: weights)
            }
            x = try randomActivations(rows: tokens, columns: columns, using: &generator)
            logits = try FloatMatrix.random(rows: tokens, columns: experts, using: &generator)
            rule = RouterRule(experts: experts, chosen: 2, scores: .softmaxOfChosen)
        }

        /// The rows from `first` on: what each place gives, and the sum of each token.
        func run(
            _ tokens: Range<Int>, _ refinement: Refinement, compute: Compute
        ) throws -> [[UInt32]] {
            let count = tokens.count
            let (own, scores) = try (
                FloatMatrix(rows: count, columns: columns),
                FloatMatrix(rows: count, columns: experts)
            )
            own.gather(tokens.map { Int32($0) }, of: x)
            scores.gather(tokens.map { Int32($0) }, of: logits)
            let routing = try ExpertRouting(tokens: count, chosen: 2)
            compute.route(scores, tokens: count, by: rule, into: routing)
            let out = try FloatMatrix.filled(rows: 2 * count, columns: outputs, with: .nan)
            let product = ExpertProduct(weights, into: out, scratch: scratch)
            if weights[0].format.isFloat {
                let gathered = try FloatMatrix(rows: 2 * count, columns: columns)
                compute.gather(own, by: routing, into: gathered)
                compute.multiply([product], gathered, by: routing)
            } else {
                let (bytes, gathered) = try (
                    QuantizedActivations(rows: count, columns: columns, refinement: refinement),
                    QuantizedActivations(
                        rows: 2 * count, columns: columns, refinement: refinement)
                )
                // What an earlier step left must not show.
                compute.quantize(x, rows: 0..<count, into: bytes)
                compute.gather(bytes, by: routing, into: gathered)
                compute.quantize(own, rows: 0..<count, into: bytes)
                compute.gather(bytes, by: routing, into: gathered)
                compute.multiply([product], gathered, by: routing)
            }
            let sums = try FloatMatrix.filled(rows: count, columns: outputs, with: .nan)
            compute.combine(out, by: routing, into: sums)
            return sums.arrays.map(bits)
        }

        /// One token after another, by the products of whole matrices.
        func reference(_ refinement: Refinement, compute: Compute) throws -> [[UInt32]] {
            let all = try FloatMatrix(rows: x.rows, columns: outputs)
            let made = try weights.map { weight in
                if weight.format.isFloat {
                    compute.multiply(weight, x, rows: 0..<x.rows, into: all)
                } else {
                    let a = try QuantizedActivations(
                        rows: x.rows, columns: columns, refinement: refinement)
                    compute.quantize(x, rows: 0..<x.rows, into: a)
                    compute.multiply(weight, a, rows: 0..<x.rows, into: all)
                }
                return all.arrays
            }
            let routing = try ExpertRouting(tokens: x.rows, chosen: 2)
            compute.route(logits, tokens: x.rows, by: rule, into: routing)
            return (0..<x.rows).map { token in
                let (experts, factors) = (
                    routing.experts(of: token), routing.weights(of: token)
                )
                return bits(
                    (0..<outputs).map { o in
                        let first = factors[0] * made[experts[0]][token][o]
                        return first.addingProduct(factors[1], made[experts[1]][token][o])
                    })
            }
        }
    }

    @Test(arguments: KernelCase.all, [TensorFormat.q8_0, .q4_K, .f16])
    func `an expert's product does not depend on who else chose it`(
        _ kernel: KernelCase, _ format: TensorFormat
    ) throws {
        let compute = try kernel.compute()
        for refinement in [Refinement.none, .outliers(above: 3), .all] {
            let layer = try Layer(format, tokens: 33, compute: compute)
            let wanted = try layer.reference(refinement, compute: compute)
            #expect(try layer.run(0..<33, refinement, compute: compute) == wanted)
            for first in [0, 7, 32] {
                let alone = try layer.run(first..<first + 1, refinement, compute: compute)
                #expect(alone == [wanted[first]])
            }
            let some = try layer.run(11..<30, refinement, compute: compute)
            #expect(some == Array(wanted[11..<30]))
            if format.isFloat { break }
        }
    }

    @Test(arguments: KernelCase.all, [TensorFormat.q8_0, .q4_K, .q6_K])
    func `experts that are packed on the way give the same bits`(
        _ kernel: KernelCase, _ format: TensorFormat
    ) throws {
        let compute = try kernel.compute()
        for refinement in [Refinement.none, .all] {
            let runs = try [true, false].map { isPacked in
                try Layer(format, tokens: 33, isPacked: isPacked, compute: compute)
                    .run(0..<33, refinement, compute: compute)
            }
            #expect(runs[0] == runs[1])
        }
    }

    @Test(arguments: ISALevel.others)
    func `sums of experts have the bits of portable C`(_ level: ISALevel) throws {
        let results = try [ISALevel.scalar, level].map { level in
            let compute = try level.compute()
            let layer = try Layer(.q8_0, tokens: 20, compute: compute)
            return try layer.run(0..<20, .outliers(above: 3), compute: compute)
        }
        #expect(results[0] == results[1])
    }

    @Test(arguments: KernelCase.all)
    func `several matrices of an expert are multiplied at once`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        let (gate, up) = try (
            Layer(.q8_0, tokens: 21, compute: compute), Layer(.q8_0, tokens: 21, compute: compute)
        )
        let routing = try ExpertRouting(tokens: 21, chosen: 2)
        compute.route(gate.logits, tokens: 21, by: gate.rule, into: routing)
        let a = try QuantizedActivations(rows: 21, columns: Self.columns)
        let gathered = try QuantizedActivations(rows: 42, columns: Self.columns)
        compute.quantize(gate.x, rows: 0..<21, into: a)
        compute.gather(a, by: routing, into: gathered)
        let width = 2 * Self.outputs + 3
        let (both, apart) = try (
            FloatMatrix.filled(rows: 42, columns: width, with: 7),
            FloatMatrix.filled(rows: 42, columns: width, with: 7)
        )
        let reversed = Array(up.weights.reversed())
        let (first, second) = (3, 3 + Self.outputs)
        compute.multiply(
            [
                ExpertProduct(gate.weights, into: both, column: first),
                ExpertProduct(reversed, into: both, column: second),
            ], gathered, by: routing)
        compute.multiply(
            [ExpertProduct(gate.weights, into: apart, column: first)], gathered, by: routing)
        compute.multiply(
            [ExpertProduct(reversed, into: apart, column: second)], gathered, by: routing)
        #expect(both.arrays == apart.arrays && both.array(5)[..<3] == [7, 7, 7])
    }

    @Test(arguments: KernelCase.all)
    func `weights are factors before the sum as they are in it`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 86)
        let logits = try FloatMatrix.random(rows: 30, columns: 4, using: &generator)
        let routing = try ExpertRouting(tokens: 30, chosen: 3)
        let rule = RouterRule(experts: 4, chosen: 3, scores: .sigmoid)
        compute.route(logits, tokens: 30, by: rule, into: routing)
        let y = try FloatMatrix.random(rows: 95, columns: 300, using: &generator)
        let before = y.arrays
        let (inSum, apart) = try (
            FloatMatrix(rows: 30, columns: 300), FloatMatrix(rows: 30, columns: 300)
        )
        compute.combine(y, by: routing, into: inSum)
        compute.weigh(y, by: routing)
        compute.combine(y, by: routing, isWeighted: false, into: apart)
        for (sum, wanted) in zip(apart.arrays.joined(), inSum.arrays.joined()) {
            #expect(abs(sum - wanted) < 1e-5)
        }
        let isChanged = y.arrays != before
        #expect(isChanged)
        #expect(y.arrays[90...].elementsEqual(before[90...]))
    }

    @Test(arguments: KernelCase.all)
    func `every row has the bias of its expert`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 85)
        let logits = try FloatMatrix.random(rows: 30, columns: 4, using: &generator)
        let biases = try FloatMatrix.random(rows: 4, columns: 300, using: &generator)
        let routing = try ExpertRouting(tokens: 30, chosen: 3)
        let rule = RouterRule(experts: 4, chosen: 3, scores: .softmax)
        compute.route(logits, tokens: 30, by: rule, into: routing)
        let x = try FloatMatrix.random(rows: 95, columns: 310, using: &generator)
        let before = x.arrays
        compute.addBias(biases, to: x, column: 4, by: routing)
        for (row, floats) in x.arrays.enumerated() {
            let expert = routing.segments.first { $0.rows.contains(row) }?.expert
            for (i, value) in floats.enumerated() {
                let bias = expert.map { biases.array($0) }
                let added = (4..<304).contains(i) ? bias?[i - 4] ?? 0 : 0
                #expect(value == before[row][i] + added)
            }
        }
    }
}
