import QuireEngine
import QuireIdentifiers
import Scheduling
import TestSupport
import Testing

/// B.5: what an answer must be.
@Suite struct `A constraint` {
    private static let text: [TokenID] = [7, 4, 11, 11, 14, 26, 22, 14, 17, 11, 3]
    private static let prompt: [TokenID] = [1, 2, 3]

    private func request(
        _ constraint: (any TokenConstraint)?, _ parameters: SamplingParameters
    ) -> GenerationRequest {
        var request = GenerationRequest(prompt: Self.prompt, parameters: parameters)
        request.constraint = constraint
        return request
    }

    @Test(arguments: [0.0, 1.0], [true, false])
    func `that is a text makes the answer that text, and ends it there`(
        temperature: Double, ignoreEOS: Bool
    ) throws {
        let model = try TinyModel()
        let parameters = SamplingParameters(
            temperature: temperature, maxTokens: 40, seed: 1, ignoreEOS: ignoreEOS)
        let answer = try model.llm.answer([request(ForcedText(Self.text), parameters)])[0].get()
        #expect(answer.tokens == Self.text)
        #expect(answer.text == "hello world")
        #expect(answer.finishReason == .stop)
        #expect(answer.stopReason == nil)
        #expect(model.isClean)
    }

    @Test func `does not outlast the wanted number of tokens`() throws {
        let model = try TinyModel()
        let parameters = SamplingParameters(maxTokens: 5)
        let answer = try model.llm.answer([request(ForcedText(Self.text), parameters)])[0].get()
        #expect(answer.text == "hello")
        #expect(answer.finishReason == .length)
    }

    @Test func `keeps an answer from ending before it may`() throws {
        for seed in 0..<20 as Range<UInt64> {
            let parameters = SamplingParameters(temperature: 1, maxTokens: 60, seed: seed)
            let model = try TinyModel()
            let answer = try model.llm.answer([request(NeverTwice(least: 30), parameters)])[0].get()
            let body = answer.tokens.filter { $0 != TinyModel.end }
            #expect(body.count >= 30)
            #expect(zip(body, body.dropFirst()).allSatisfy { $0 != $1 })
        }
    }

    @Test func `is copied for each answer`() throws {
        var parameters = SamplingParameters(temperature: 1, maxTokens: 30, seed: 4)
        parameters.n = 4
        let model = try TinyModel(running: 8)
        let answers = try model.llm.answers([request(NeverTwice(least: 20), parameters)])[0].get()
        #expect(Set(answers.map(\.tokens)).count == 4)
        for answer in answers { #expect(answer.tokens.count >= 20) }
        #expect(model.isClean)
    }

    /// Drafts that are right, wrong, and ruled out.
    @Test(arguments: 0...4)
    func `meets drafts`(right: Int) throws {
        let free = SamplingParameters(temperature: 1, maxTokens: 40, seed: 9)
        for constraint in [ForcedText(Self.text), NeverTwice(least: 20)] as [any TokenConstraint] {
            let asked = request(constraint, free)
            let plain = try TinyModel(outputs: 32)
            let expected = Answer(try plain.llm.answer([asked])[0].get())
            let model = try TinyModel(outputs: 32)
            model.llm.drafter = ScriptedDrafter(
                scripts: [Self.prompt + expected.tokens], right: right, count: 4)
            #expect(Answer(try model.llm.answer([asked])[0].get()) == expected)
            #expect((model.llm.statistics.scheduling.acceptedDrafts > 0) == (right > 0))
            #expect(model.isClean)
        }
    }

    @Test func `is taken back by going on with the value from before`() {
        var mask = TokenMask(count: 32)
        var constraint = ForcedText([3, 4])
        let before = constraint
        constraint.advance(3)
        constraint.mask(&mask)
        #expect((0..<32).filter { mask.allows(TokenID($0)) } == [4])
        constraint = before
        mask.reset(count: 32)
        constraint.mask(&mask)
        #expect((0..<32).filter { mask.allows(TokenID($0)) } == [3])
    }

    @Test func `and a beam search are refused together`() throws {
        let model = try TinyModel()
        var asked = request(ForcedText(Self.text), SamplingParameters(maxTokens: 5))
        asked.beam = BeamSearch(width: 2)
        let error = #expect(throws: EngineError.self) { try model.llm.answer([asked])[0].get() }
        #expect(error?.code == .invalidParameters)
    }

    @Test func `that lets nothing come is that request's error`() throws {
        struct Nothing: TokenConstraint {
            var isComplete: Bool { false }
            func mask(_ allowed: inout TokenMask) { allowed.removeAll() }
            mutating func advance(_ token: TokenID) {}
        }
        let model = try TinyModel()
        let parameters = SamplingParameters(maxTokens: 5)
        let results = model.llm.answer([request(Nothing(), parameters), request(nil, parameters)])
        let error = #expect(throws: EngineError.self) { try results[0].get() }
        #expect(error?.message.contains("constraint") == true)
        #expect(try results[1].get().tokens.isEmpty == false)
        #expect(model.isClean)
    }
}

@Suite struct `A mask of tokens` {
    @Test(arguments: [0, 1, 63, 64, 65, 200])
    func `has a bit for each`(count: Int) {
        var mask = TokenMask(count: count)
        #expect(mask.isEmpty == (count == 0))
        var random = SeededGenerator(seed: UInt64(count))
        var gone: Set<UInt32> = []
        for _ in 0..<count {
            let token = UInt32.random(in: 0..<256, using: &random)
            mask.remove(TokenID(token))
            gone.insert(token)
            #expect(
                (0..<256).allSatisfy {
                    mask.allows(TokenID($0)) == ($0 < UInt32(count) && !gone.contains($0))
                })
        }
        mask.reset(count: count)
        mask.keep(70)
        #expect(mask.isEmpty == (count <= 70))
        mask.removeAll()
        #expect(mask.isEmpty)
    }
}
