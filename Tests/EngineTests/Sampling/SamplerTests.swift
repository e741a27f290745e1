import Foundation
import QuireEngine
import QuireIdentifiers
import TestSupport
import Testing

/// The tokens that a distribution leaves after the filters, by plain sorting: the reference.
private func allowed(_ logits: [Float], _ parameters: SamplingParameters) -> Set<UInt32> {
    let largest = logits.max() ?? 0
    let weights = logits.map { Foundation.exp(Double($0 - largest) / parameters.temperature) }
    var order = logits.indices.filter { weights[$0] > 0 && weights[$0] >= parameters.minP }
    order.sort { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
    if parameters.topK > 0 { order = Array(order.prefix(parameters.topK)) }
    let total = order.reduce(0) { $0 + weights[$1] }
    var reached = 0.0
    var kept: Set<UInt32> = []
    for token in order where reached < parameters.topP * total || kept.isEmpty {
        kept.insert(UInt32(token))
        reached += weights[token]
    }
    return kept
}

private func randomLogits(_ count: Int, _ random: inout SeededGenerator) -> [Float] {
    (0..<count).map { _ in Float.random(in: -6...6, using: &random) }
}

@Suite struct `The sampler` {
    @Test func `temperature 0 takes the likeliest token, the lowest of equals`() throws {
        var sampler = Sampler()
        let logits: [Float] = [1, 5, -2, 5, 4]
        let token = try sampler.sample(logits.span, SamplingParameters(), seed: 1, position: 0)
        #expect(token == 1)
    }

    @Test func `logits that are not numbers are refused, and say so`() {
        let rows: [([Float], String)] = [
            ([0, .nan, 1], "NaN"), ([.nan, .nan, .nan], "NaN"), ([0, .infinity, 1], "infinite"),
            ([-.infinity, -.infinity, -.infinity], "all minus infinity"),
        ]
        for (logits, word) in rows {
            for temperature in [0.0, 1.0] {
                var sampler = Sampler()
                let error = #expect(throws: EngineError.self) {
                    try sampler.sample(
                        logits.span, SamplingParameters(temperature: temperature), seed: 1,
                        position: 17)
                }
                #expect(error?.code == .invalidLogits)
                #expect(error?.message.contains(word) == true)
                #expect(error?.message.contains("position 17") == true)
            }
        }
    }

    @Test func `a token of minus infinity is never drawn`() throws {
        var sampler = Sampler()
        let logits: [Float] = [-.infinity, 0, -.infinity, 0]
        for position in 0..<500 {
            let token = try sampler.sample(
                logits.span, SamplingParameters(temperature: 2), seed: 9, position: position)
            #expect(token == 1 || token == 3)
        }
    }

    @Test func `the frequencies are the model's probabilities`() throws {
        var random = SeededGenerator(seed: 3)
        let logits = randomLogits(12, &random).map { $0 / 3 }
        for temperature in [0.5, 1.0, 2.0] {
            var sampler = Sampler()
            var counts = Array(repeating: 0, count: logits.count)
            let draws = 40_000
            for position in 0..<draws {
                let token = try sampler.sample(
                    logits.span, SamplingParameters(temperature: temperature), seed: 77,
                    position: position)
                counts[Int(token.rawValue)] += 1
            }
            let weights = logits.map { Foundation.exp(Double($0) / temperature) }
            let total = weights.reduce(0, +)
            var chiSquare = 0.0
            for (count, weight) in zip(counts, weights) {
                let expected = Double(draws) * weight / total
                chiSquare += (Double(count) - expected) * (Double(count) - expected) / expected
            }
            // 11 degrees of freedom: 31.3 is the 99.9th percentile.
            #expect(chiSquare < 31.3, "temperature \(temperature)")
        }
    }

    @Test func `every filter keeps exactly what sorting keeps`() throws {
        var random = SeededGenerator(seed: 5)
        let size = 23
        for topK in [0, 1, 2, 7, size - 1, size, size + 5] {
            for topP in [0.01, 0.3, 0.7, 0.95, 1.0] {
                for minP in [0.0, 0.05, 0.5, 1.0] {
                    let parameters = SamplingParameters(
                        temperature: 1.7, topK: topK, topP: topP, minP: minP)
                    var logits = randomLogits(size, &random)
                    if topK == 7 { logits[3] = logits[11] }
                    let expected = allowed(logits, parameters)
                    var drawn: Set<UInt32> = []
                    var sampler = Sampler()
                    for position in 0..<1_500 {
                        let token = try sampler.sample(
                            logits.span, parameters, seed: 8, position: position)
                        drawn.insert(token.rawValue)
                    }
                    #expect(drawn.isSubset(of: expected), "k \(topK), p \(topP), min \(minP)")
                    // What is too rare to be drawn in so many attempts says nothing.
                    let largest = logits.max() ?? 0
                    let common = expected.filter { logits[Int($0)] > largest - 4 }
                    #expect(common.isSubset(of: drawn), "k \(topK), p \(topP), min \(minP)")
                }
            }
        }
    }

    @Test func `equal logits lose the higher tokens first`() throws {
        let logits = Array(repeating: Float(1), count: 100)
        var sampler = Sampler()
        for position in 0..<300 {
            let byCount = try sampler.sample(
                logits.span, SamplingParameters(temperature: 1, topK: 5), seed: 2,
                position: position)
            #expect(byCount.rawValue < 5)
            let byShare = try sampler.sample(
                logits.span, SamplingParameters(temperature: 1, topP: 0.1), seed: 2,
                position: position)
            #expect(byShare.rawValue <= 10)
        }
    }

    @Test func `filters that keep everything change nothing`() throws {
        var random = SeededGenerator(seed: 6)
        var sampler = Sampler()
        for position in 0..<300 {
            let logits = randomLogits(50, &random)
            let plain = SamplingParameters(temperature: 1)
            let open = SamplingParameters(temperature: 1, topK: 50, topP: 1, minP: 0)
            let first = try sampler.sample(logits.span, plain, seed: 4, position: position)
            let second = try sampler.sample(logits.span, open, seed: 4, position: position)
            #expect(first == second)
        }
    }

    @Test func `a seed and a position give one token, whatever was drawn before`() throws {
        var random = SeededGenerator(seed: 12)
        let logits = randomLogits(64, &random)
        let parameters = SamplingParameters(temperature: 1)
        var sampler = Sampler()
        let forward = try (0..<100).map {
            try sampler.sample(logits.span, parameters, seed: 42, position: $0)
        }
        let backward = try (0..<100).reversed().map {
            try sampler.sample(logits.span, parameters, seed: 42, position: $0)
        }
        #expect(forward == backward.reversed())
        let other = try (0..<100).map {
            try sampler.sample(logits.span, parameters, seed: 43, position: $0)
        }
        #expect(forward != other)
    }
}

@Suite struct `Log probabilities` {
    @Test func `they are the logarithms of probabilities that add up to 1`() throws {
        var random = SeededGenerator(seed: 21)
        let logits = randomLogits(200, &random)
        let report = try RowReport(count: 200)(7, of: logits.span, position: 0)
        let sum = report.top.reduce(0) { $0 + Foundation.exp($1.logprob) }
        #expect(abs(sum - 1) < 1e-12)
        #expect(report.logprob == report.top.first { $0.token == 7 }?.logprob)
        #expect(report.top.allSatisfy { $0.logprob <= 0 })
    }

    @Test func `the list is sorted, the lower of equals first, and as long as asked`() throws {
        let logits: [Float] = [1, 3, 2, 3, -.infinity, 2, 0]
        let order: [TokenID] = [1, 3, 2, 5, 0, 6, 4]
        for count in 0...7 {
            let report = try RowReport(count: count)(6, of: logits.span, position: 0)
            #expect(report.top.map(\.token) == Array(order.prefix(count)))
            #expect(report.token == 6)
            #expect(report.rank == 6)
        }
    }

    @Test func `large logits do not overflow`() throws {
        let logits: [Float] = [3e38, 3e38, -3e38]
        let report = try RowReport(count: 3)(0, of: logits.span, position: 0)
        #expect(report.top.allSatisfy { $0.logprob.isFinite && $0.logprob <= 0 })
    }
}
