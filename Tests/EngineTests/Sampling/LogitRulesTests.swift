import QuireEngine
import QuireIdentifiers
import TestSupport
import Testing

/// Section G of the behaviours: G1 to G5, G13.
@Suite struct `Rules for logits` {
    private static let size = 20

    private func equal(_ generated: [TokenID], prompt: [TokenID] = []) -> RowOfLogits {
        RowOfLogits(
            logits: Array(repeating: 1, count: Self.size), prompt: prompt, generated: generated)
    }

    private func extremes(_ values: [Double]) -> (least: Set<TokenID>, most: Set<TokenID>) {
        func all(_ value: Double?) -> Set<TokenID> {
            Set(values.indices.filter { values[$0] == value }.map { TokenID(UInt32($0)) })
        }
        return (all(values.min()), all(values.max()))
    }

    /// G1.
    @Test(arguments: [-2.0, 2.0])
    func `presence penalty concerns the tokens of the answer, however often they are there`(
        penalty: Double
    ) throws {
        let row = equal([3, 5, 3, 3], prompt: [9, 10])
        let (least, most) = extremes(try row.reported(.with { $0.presencePenalty = penalty }))
        #expect((penalty > 0 ? least : most) == [3, 5])
        #expect((penalty > 0 ? most : least).count == Self.size - 2)
    }

    /// G2.
    @Test(arguments: [-2.0, 2.0])
    func `frequency penalty concerns the most frequent token of the answer most`(
        penalty: Double
    ) throws {
        let row = equal([3, 5, 3, 3, 7, 7], prompt: [5, 5, 5, 5])
        let (least, most) = extremes(try row.reported(.with { $0.frequencyPenalty = penalty }))
        #expect((penalty > 0 ? least : most) == [3])
        #expect((penalty > 0 ? most : least).isDisjoint(with: [3, 5, 7]))
        let values = try row.reported(.with { $0.frequencyPenalty = penalty })
        #expect(values[7] == 1 - 2 * penalty)
        #expect(values[3] == 1 - 3 * penalty)
    }

    /// G3.
    @Test(arguments: [0.1, 1.9])
    func `repetition penalty concerns prompt and answer, each token once`(
        penalty: Double
    ) throws {
        let row = equal([3, 5, 3, 3], prompt: [9, 9, 5])
        let (least, most) = extremes(try row.reported(.with { $0.repetitionPenalty = penalty }))
        #expect((penalty > 1 ? least : most) == [3, 5, 9])
        var below = row
        below.logits = Array(repeating: -1, count: Self.size)
        let negative = extremes(try below.reported(.with { $0.repetitionPenalty = penalty }))
        #expect((penalty > 1 ? negative.least : negative.most) == [3, 5, 9])
    }

    /// G4.
    @Test func `tokens that are not allowed are at minus infinity`() throws {
        var random = SeededGenerator(seed: 4)
        let row = RowOfLogits(logits: (0..<20).map { _ in .random(in: -3...3, using: &random) })
        let allowed: [TokenID] = [7, 2, 19, 2]
        let values = try row.reported(.with { $0.allowedTokens = allowed })
        for (token, value) in values.enumerated() {
            let isAllowed = allowed.contains(TokenID(UInt32(token)))
            #expect(value == (isAllowed ? Double(row.logits[token]) : -.infinity))
        }
        #expect(try row.reported(.with { _ in }) == row.logits.map(Double.init))
        for token in [0, 7, 19] as [TokenID] {
            #expect(try row.sample(.with { $0.allowedTokens = [token] }) == token)
        }
    }

    /// G5.
    @Test func `a bad word's last token is ruled out where the answer has the rest of it`() throws {
        func ruledOut(_ words: [[TokenID]], after generated: [TokenID]) throws -> Set<TokenID> {
            var row = equal(generated, prompt: [1, 2, 3])
            row.badWords = words
            let values = try row.reported(SamplingParameters())
            return Set(
                values.indices.filter { values[$0] == -.infinity }.map { TokenID(UInt32($0)) })
        }
        #expect(try ruledOut([[4]], after: []) == [4])
        #expect(try ruledOut([[4]], after: [9, 9]) == [4])
        let words: [[TokenID]] = [[4], [1, 2, 3]]
        #expect(try ruledOut(words, after: []) == [4])
        #expect(try ruledOut(words, after: [2]) == [4])
        #expect(try ruledOut(words, after: [9, 1, 2]) == [4, 3])
        #expect(try ruledOut(words, after: [1, 2, 9]) == [4])
        let pairs: [[TokenID]] = [[1, 2], [1, 3]]
        #expect(try ruledOut(pairs, after: [5, 1]) == [2, 3])
        #expect(try ruledOut(pairs, after: [5, 2]) == [])
    }

    /// G13.
    @Test func `what would end the answer is ruled out until it is long enough`() throws {
        var row = RowOfLogits(logits: Array(repeating: 1, count: Self.size), ends: [0, 6, 50])
        for count in 0..<8 {
            row.generated = Array(repeating: 9, count: count)
            let values = try row.reported(.with { $0.minTokens = 5 })
            for token in 0..<Self.size {
                #expect((values[token] == -.infinity) == (count < 5 && [0, 6].contains(token)))
            }
        }
    }

    /// G13.
    @Test func `biases are added, and clamped`() throws {
        let row = equal([])
        let values = try row.reported(
            .with { $0.logitBias = [2: -5, 3: 0.5, 4: 1_000, 5: -.infinity] })
        #expect(values[2...6] == [-4, 1.5, 101, -99, 1])
    }

    @Test func `when nothing is left it is the parameters that are named`() {
        let error = #expect(throws: EngineError.self) {
            var row = equal([])
            row.ends = [3]
            _ = try row.sample(.with { ($0.allowedTokens, $0.minTokens) = ([3], 1) })
        }
        #expect(error?.code == .invalidParameters)
        #expect(error?.message.contains("position 0") == true)
    }

    @Test func `extreme penalties neither rule out nor overflow`() throws {
        var row = equal([3], prompt: [4])
        row.logits[4] = -1
        for penalty in [1e-38, 1e-30, 1e30, 3e38] {
            let values = try row.reported(.with { $0.repetitionPenalty = penalty })
            #expect(values.allSatisfy { $0.isFinite }, "\(penalty)")
        }
    }

    @Test func `rules that are kept up are those that are made again`() {
        var random = SeededGenerator(seed: 77)
        let parameters = SamplingParameters.with {
            ($0.presencePenalty, $0.frequencyPenalty, $0.repetitionPenalty) = (1, 0.5, 1.3)
        }
        let prompt: [TokenID] = [3, 4, 3]
        var kept = LogitRules(parameters, prompt: prompt, ends: [])
        var generated: [TokenID] = []
        for _ in 0..<200 {
            let token = TokenID(UInt32.random(in: 0..<30, using: &random))
            generated.append(token)
            kept?.take(token)
        }
        let again = LogitRules(parameters, prompt: prompt, generated: generated, ends: [])
        #expect(kept == again)
        #expect(LogitRules(SamplingParameters(), prompt: prompt, ends: [3]) == nil)
    }
}
