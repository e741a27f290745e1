import Foundation
import QuireEngine
import QuireIdentifiers
import TestSupport
import Testing

@Suite struct `The order of the transforms` {
    @Test func `masks come before biases, which cannot lift them`() throws {
        var row = RowOfLogits(logits: [1, 1, 1, 1], ends: [0], badWords: [[1]])
        row.generated = [3]
        let values = try row.reported(
            .with {
                $0.minTokens = 9
                $0.allowedTokens = [0, 1, 2]
                $0.logitBias = [0: 100, 1: 100, 2: 1, 3: 100]
            })
        #expect(values == [-.infinity, -.infinity, 2, -.infinity])
    }

    @Test func `biases come before penalties`() throws {
        let row = RowOfLogits(logits: [1, 3], generated: [0])
        let values = try row.reported(
            .with { ($0.logitBias, $0.repetitionPenalty) = ([0: -2], 2) })
        #expect(values == [-2, 3])
    }

    @Test func `repetition comes before frequency and presence`() throws {
        let row = RowOfLogits(logits: [4, 0], generated: [0, 0])
        let values = try row.reported(
            .with {
                ($0.repetitionPenalty, $0.frequencyPenalty, $0.presencePenalty) = (2, 1, 0.5)
            })
        #expect(values == [-0.5, 0])
    }

    @Test func `penalties come before the greedy pick and before temperature`() throws {
        let row = RowOfLogits(logits: [4, 3], generated: [0])
        let penalized = SamplingParameters.with { $0.presencePenalty = 2 }
        #expect(try row.sample(penalized) == 1)
        var warm = penalized
        warm.temperature = 2
        #expect(try row.reported(warm) == [1, 1.5])
    }

    @Test func `temperature comes before min-p, min-p before top-k, top-k before top-p`() throws {
        func kept(_ shares: [Double], _ parameters: SamplingParameters) throws -> [Int] {
            let row = RowOfLogits(logits: shares.map { Float(Foundation.log($0)) })
            let values = try row.reported(parameters)
            return values.indices.filter { values[$0] > -.infinity }
        }
        // Three tenths of the likeliest at a temperature of 1, more than half at 2.
        #expect(try kept([0.77, 0.23], SamplingParameters(temperature: 1, minP: 0.5)) == [0])
        #expect(try kept([0.77, 0.23], SamplingParameters(temperature: 2, minP: 0.5)) == [0, 1])
        // Of the two likeliest alone, the first has more than half.
        let four = [0.4, 0.3, 0.2, 0.1]
        #expect(try kept(four, SamplingParameters(temperature: 1, topP: 0.5)) == [0, 1])
        #expect(try kept(four, SamplingParameters(temperature: 1, topK: 2, topP: 0.5)) == [0])
        // The rare ones that min-p takes away do not count for the share.
        let rare = [0.46, 0.34] + Array(repeating: 0.01, count: 20)
        #expect(try kept(rare, SamplingParameters(temperature: 1, topP: 0.5)) == [0, 1])
        #expect(try kept(rare, SamplingParameters(temperature: 1, topP: 0.5, minP: 0.1)) == [0])
    }

    @Test func `all together agree with the transforms written down one after another`() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<400 {
            var row = RowOfLogits(
                logits: (0..<16).map { _ in .random(in: -4...4, using: &random) })
            func tokens(_ count: ClosedRange<Int>) -> [TokenID] {
                (0..<Int.random(in: count, using: &random)).map { _ in
                    TokenID(UInt32.random(in: 0..<16, using: &random))
                }
            }
            row.prompt = tokens(0...6)
            row.generated = tokens(0...6)
            row.ends = Set(tokens(0...2))
            row.badWords = (0..<Int.random(in: 0...2, using: &random)).map { _ in tokens(1...2) }
            var parameters = SamplingParameters()
            parameters.allowedTokens = Bool.random(using: &random) ? nil : tokens(9...20)
            parameters.minTokens = Int.random(in: 0...6, using: &random)
            for token in tokens(0...3) {
                parameters.logitBias[token] = .random(in: -5...5, using: &random)
            }
            parameters.repetitionPenalty = Bool.random(using: &random) ? 1 : 1.5
            parameters.frequencyPenalty = Bool.random(using: &random) ? 0 : 0.5
            parameters.presencePenalty = Bool.random(using: &random) ? 0 : -0.25
            let expected = reference(row, parameters)
            guard let best = expected.max(), best > -.infinity else {
                #expect(throws: EngineError.self) { try row.sample(parameters) }
                continue
            }
            #expect(try row.reported(parameters) == expected.map(Double.init))
            let token = try row.sample(parameters)
            #expect(expected.firstIndex(of: best) == Int(token.rawValue))
        }
    }

    private func reference(_ row: RowOfLogits, _ parameters: SamplingParameters) -> [Float] {
        var logits = row.logits
        for index in logits.indices {
            let token = TokenID(UInt32(index))
            let isBad = row.badWords.contains { word in
                word.last == token
                    && row.generated.suffix(word.count - 1).elementsEqual(word.dropLast())
            }
            let isEarly =
                row.ends.contains(token) && row.generated.count < parameters.minTokens
            if parameters.allowedTokens?.contains(token) == false || isBad || isEarly {
                logits[index] = -.infinity
                continue
            }
            logits[index] += Float(parameters.logitBias[token] ?? 0)
            let penalty = Float(parameters.repetitionPenalty)
            let count = row.generated.count { $0 == token }
            if row.prompt.contains(token) || count > 0 {
                logits[index] =
                    logits[index] > 0 ? logits[index] / penalty : logits[index] * penalty
            }
            logits[index] -= Float(parameters.frequencyPenalty) * Float(count)
            if count > 0 { logits[index] -= Float(parameters.presencePenalty) }
        }
        return logits
    }
}
