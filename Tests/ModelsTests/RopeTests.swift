import Tensors
import Testing

@testable import QuireModels

/// The expected numbers were computed in double precision by a script of its own, from the rules
/// as the models' reference implementations state them.
struct RopeTests {
    private func expect(
        _ rope: RopeParameters, _ expected: [Int: Double],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = rope.frequencies(context: 0)
        for (pair, value) in expected {
            #expect(
                abs(found[pair] - value) <= 1e-12 * value, "pair \(pair)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `unscaled frequencies fall from 1 by powers of the base`() {
        let rope = RopeParameters(base: 10_000, dimension: 8, pairing: .neox)
        expect(rope, [0: 1, 1: 0.1, 2: 0.01, 3: 0.001])
        #expect(rope.magnitude == 1)
    }

    @Test func `linear scaling divides every frequency`() {
        let rope = RopeParameters(
            base: 10_000, dimension: 8, pairing: .neox, scaling: .linear(factor: 8))
        expect(rope, [0: 0.125, 1: 0.0125, 3: 0.000125])
        #expect(rope.magnitude == 1)
    }

    @Test func `llama3 scaling keeps the fast pairs, divides the slow ones and blends between`() {
        let rope = RopeParameters(
            base: 500_000, dimension: 128, pairing: .interleaved,
            scaling: .llama3(.init(factor: 8)))
        expect(
            rope,
            [
                0: 1.0, 10: 0.12868737343265052, 28: 0.0032114459947525913,
                29: 0.002166570763503359, 30: 0.0013718935677611381,
                32: 0.0005248461609929547, 34: 0.00017850781276799638,
                36: 7.78465527393245e-05, 40: 3.428102195952591e-05, 63: 3.068925988914511e-07,
            ])
    }

    @Test func `frequency factors of a file give the same as the rule they were made from`() {
        let plain = RopeParameters(base: 500_000, dimension: 128, pairing: .interleaved)
        var ruled = plain
        ruled.scaling = .llama3(.init(factor: 32))
        var factored = plain
        factored.frequencyFactors = zip(
            plain.frequencies(context: 0), ruled.frequencies(context: 0)
        ).map {
            Float($0 / $1)
        }
        for (a, b) in zip(
            factored.frequencies(context: 0), ruled.frequencies(context: 0)
        ) {
            #expect(abs(a - b) <= 1e-6 * b)
        }
    }

    @Test func `yarn scaling by parts and its attention temperature`() {
        let rope = RopeParameters(
            base: 1_000_000, dimension: 128, pairing: .neox,
            scaling: .yarn(.init(factor: 4, originalContextLength: 32_768)))
        expect(
            rope,
            [
                0: 1.0, 10: 0.1154781984689458, 23: 0.006978305848598663,
                24: 0.005375321490790102, 30: 0.0010643609812470017,
                36: 0.00017984115587395423, 39: 6.490394320837028e-05,
                40: 4.445698525097307e-05, 41: 3.582531425592407e-05, 63: 3.102344401879299e-07,
            ])
        #expect(abs(rope.magnitude - 1.138629436111989) < 1e-12)
    }

    @Test func `yarn of a short base and a large factor`() {
        let rope = RopeParameters(
            base: 10_000, dimension: 64, pairing: .neox,
            scaling: .yarn(.init(factor: 16, originalContextLength: 4096)))
        expect(
            rope,
            [
                0: 1.0, 5: 0.23713737056616555, 10: 0.056234132519034905,
                12: 0.027061799207210167, 16: 0.005673076923076923, 20: 0.000881788962931567,
                22: 0.00023938376673600877, 23: 8.334508951020775e-05, 31: 8.334508951020775e-06,
            ])
        #expect(abs(rope.magnitude - 1.2772588722239782) < 1e-12)
    }
}
