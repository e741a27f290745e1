import Foundation
import QuireEngine
import QuireIdentifiers
import TestSupport
import Testing

@Suite struct `Draws` {
    private static func kinds() -> [SamplingParameters] {
        [
            SamplingParameters(),
            SamplingParameters(temperature: 1),
            SamplingParameters(temperature: 0.7, topK: 9, topP: 0.8, minP: 0.01),
            .with(temperature: 1.2) { $0.repetitionPenalty = 1.4 },
            .with(temperature: 1) { ($0.frequencyPenalty, $0.minTokens) = (0.7, 3) },
            .with(temperature: 0.9) { $0.logitBias = [3: 2, 4: -2] },
            .with(temperature: 1) { $0.allowedTokens = (0..<20).map { TokenID($0) } },
        ]
    }

    /// G13: whichever requests come and go beside it.
    @Test func `a draw is the same with a used sampler as with a new one`() throws {
        var random = SeededGenerator(seed: 50)
        var used = Sampler()
        for position in 0..<700 {
            var parameters = Self.kinds()[Int.random(in: 0..<7, using: &random)]
            parameters.logprobs = 3
            parameters.logprobsMode = LogprobsMode.allCases[position % 4]
            let row = RowOfLogits(
                logits: (0..<Int.random(in: 20...60, using: &random)).map { _ in
                    .random(in: -5...5, using: &random)
                }, prompt: [1, 2, 3],
                generated: (0..<Int.random(in: 0...9, using: &random)).map { TokenID(UInt32($0)) },
                ends: [0])
            var new = Sampler()
            let one = try row.sample(parameters, position: position, with: &used)
            let other = try row.sample(parameters, position: position, with: &new)
            #expect(one == other)
            let first = try used.report(one, of: row.logits.span, parameters, position: position)
            let second = try new.report(one, of: row.logits.span, parameters, position: position)
            #expect(first == second)
            #expect(first?.top.count == 3)
        }
    }

    @Test func `branches have streams of their own`() throws {
        let row = RowOfLogits(logits: Array(repeating: 0, count: 1_000))
        var sampler = Sampler()
        let parameters = SamplingParameters(temperature: 1)
        var seen: Set<[TokenID]> = []
        for branch in 0..<4 as Range<UInt64> {
            let draws = try (0..<8).map {
                try row.sample(
                    parameters, seed: 5, branch: branch, position: $0, with: &sampler)
            }
            seen.insert(draws)
            let again = try row.sample(
                parameters, seed: 5, branch: branch, position: 7, with: &sampler)
            #expect(again == draws[7])
        }
        #expect(seen.count == 4)
    }

    /// G7: the frequencies are the probabilities that the processed log probabilities say.
    @Test func `what is drawn is what the processed log probabilities promise`() throws {
        var random = SeededGenerator(seed: 9)
        for kind in Self.kinds().dropFirst() {
            let row = RowOfLogits(
                logits: (0..<24).map { _ in .random(in: -2...2, using: &random) },
                prompt: [1, 2, 3], generated: [5, 5, 6], ends: [0])
            let logprobs = try row.reported(kind, .processedLogprobs)
            #expect(abs(logprobs.reduce(0) { $0 + Foundation.exp($1) } - 1) < 1e-6)
            #expect(logprobs.allSatisfy { $0 <= 0 })
            var counts = Array(repeating: 0, count: 24)
            var sampler = Sampler()
            let draws = 20_000
            for position in 0..<draws {
                let token = try row.sample(kind, seed: 3, position: position, with: &sampler)
                counts[Int(token.rawValue)] += 1
            }
            var chiSquare = 0.0
            for (count, logprob) in zip(counts, logprobs) {
                guard logprob > -.infinity else {
                    #expect(count == 0)
                    continue
                }
                let expected = Double(draws) * Foundation.exp(logprob)
                chiSquare += (Double(count) - expected) * (Double(count) - expected) / expected
            }
            // At most 23 degrees of freedom: 49.7 is the 99.9th percentile.
            #expect(chiSquare < 49.7)
        }
    }

    /// G7.
    @Test func `at most k tokens are kept, at least one, also among ruled out and equal ones`()
        throws
    {
        var random = SeededGenerator(seed: 14)
        let size = 40
        for k in [1, 2, size - 1, size] {
            for p in [0.01, 0.1, 0.5, 0.9, 0.999, 1] {
                for variant in 0..<4 {
                    var logits = (0..<size).map { _ in Float.random(in: -6...6, using: &random) }
                    if variant == 1 { logits = Array(repeating: 2, count: size) }
                    if variant == 2 { for i in 1..<size { logits[i] = -.infinity } }
                    if variant == 3 { for i in 0..<size / 2 { logits[i] = -.infinity } }
                    let row = RowOfLogits(logits: logits)
                    let values = try row.reported(
                        SamplingParameters(temperature: 1, topK: k, topP: p), .processedLogprobs)
                    let kept = values.indices.filter { values[$0] > -.infinity }
                    #expect(kept.count >= 1 && kept.count <= k)
                    #expect(!values.contains { $0.isNaN })
                    #expect(kept.allSatisfy { logits[$0] > -.infinity })
                    #expect(kept.contains { logits[$0] == logits.max() })
                }
            }
        }
    }

    @Test func `a temperature below a hundredth is a hundredth`() throws {
        let row = RowOfLogits(logits: [1, 1.02])
        let raised = try row.reported(SamplingParameters(temperature: 0.002))
        #expect(try raised == row.reported(SamplingParameters(temperature: 0.01)))
        #expect(abs(raised[1] - 102) < 1e-4)
        #expect(try row.sample(SamplingParameters(temperature: 9e-6)) == 1)
    }
}

/// G10.
@Suite struct `Modes of log probabilities` {
    private let row = RowOfLogits(logits: [2, 1, 0, -1], generated: [0])
    private let parameters = SamplingParameters.with(temperature: 0.5) {
        ($0.presencePenalty, $0.topK) = (2, 2)
    }

    @Test func `raw numbers are of the model's own row`() throws {
        #expect(try row.reported(parameters, .rawLogits) == [2, 1, 0, -1])
        let logprobs = try row.reported(parameters, .rawLogprobs)
        #expect(logprobs.allSatisfy { $0 < 0 })
        #expect(abs(logprobs[0] - logprobs[3] - 3) < 1e-12)
    }

    @Test func `processed numbers are of the row that is drawn from`() throws {
        // After the penalty 0, 1, 0, -1; of which the two likeliest are kept, the lower of equals.
        #expect(try row.reported(parameters, .processedLogits) == [0, 2, -.infinity, -.infinity])
        let logprobs = try row.reported(parameters, .processedLogprobs)
        #expect(abs(logprobs[0] + 2.126928) < 1e-6)
        #expect(abs(logprobs[1] + 0.126928) < 1e-6)
        #expect(logprobs[2] == -.infinity)
    }

    @Test func `a greedy request has no temperature and no filters`() throws {
        var greedy = parameters
        greedy.temperature = 0
        #expect(try row.reported(greedy, .processedLogits) == [0, 1, 0, -1])
        greedy.presencePenalty = 0
        #expect(try row.reported(greedy, .processedLogits) == [2, 1, 0, -1])
    }

    /// S10.
    @Test func `tokens that are asked for stand in place of the likeliest`() throws {
        var sampler = Sampler()
        var parameters = SamplingParameters()
        parameters.logprobTokens = [3, 1]
        parameters.allowedTokens = [2]
        let token = try row.sample(parameters, with: &sampler)
        let report = try #require(
            try sampler.report(token, of: row.logits.span, parameters, position: 0))
        #expect(report.token == 2)
        #expect(report.rank == 3)
        #expect(report.top.map(\.token) == [3, 1])
    }
}
