import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Log probabilities of the prompt` {
    private static let prompts = TinyModel.prompts(6, seed: 71, lengths: 1...50)
    private static let parameters: SamplingParameters = {
        var parameters = SamplingParameters(maxTokens: 6, ignoreEOS: true)
        parameters.promptLogprobs = 3
        return parameters
    }()

    /// G11
    @Test func `are complete and the same, whatever the chunks, outputs and preemptions`() throws {
        let scores = try Self.prompts.map { prompt in
            prompt.count < 2 ? [] : try TinyModel().llm.score([prompt], from: 1)[0]
        }
        let plain = try Self.prompts.map {
            try TinyModel().llm.generate(
                [$0], SamplingParameters(maxTokens: 6, ignoreEOS: true))[0]
        }
        for (chunk, outputs, running, every) in [
            (16, 8, 4, 0), (3, 2, 2, 0), (64, 5, 3, 2), (7, 8, 8, 1), (16, 1, 1, 3),
        ] {
            let model = try TinyModel(
                chunk: chunk, running: running, outputs: outputs, sequences: 1
            ) { configuration in
                if every > 0 { configuration.forcedPreemption = .init(every: every) }
            }
            let answers = try model.llm.generate(Self.prompts, Self.parameters)
            for (index, answer) in answers.enumerated() {
                let prompt = Self.prompts[index]
                let found = try #require(answer.promptLogprobs)
                #expect(found.count == prompt.count)
                #expect(found.first == .some(nil), "the first token has none before it")
                #expect(found.dropFirst().map { $0?.token } == prompt.dropFirst().map { $0 })
                #expect(found.dropFirst().map { $0?.logprob } == scores[index].map { $0 })
                #expect(found.dropFirst().allSatisfy { $0?.top.count == 3 })
                #expect(answer.tokens == plain[index].tokens)
            }
            #expect(model.isClean)
        }
    }

    @Test func `are shared by all answers, and absent where nobody asks`() throws {
        var parameters = Self.parameters
        parameters.n = 3
        parameters.temperature = 1
        let answers = try TinyModel().llm.generate([[1, 2, 3, 4]], parameters)
        #expect(Set(answers.map(\.promptLogprobs)).count == 1)
        #expect(answers[0].promptLogprobs?.count == 4)
        parameters.promptLogprobs = nil
        #expect(try TinyModel().llm.generate([[1, 2]], parameters)[0].promptLogprobs == nil)
    }

    /// C5
    @Test func `are computed, never read from the cache, which is written nevertheless`() throws {
        let prompt = TinyModel.prompts(1, seed: 1, lengths: 40...40)[0]
        let model = try TinyModel()
        let first = try model.llm.generate([prompt], Self.parameters)[0]
        let second = try model.llm.generate([prompt], Self.parameters)[0]
        #expect(second.timeline.cachedTokens == 0)
        #expect(second.promptLogprobs == first.promptLogprobs)
        let third = try model.llm.generate([prompt], SamplingParameters(maxTokens: 1))[0]
        #expect(third.timeline.cachedTokens == 39)
    }
}
