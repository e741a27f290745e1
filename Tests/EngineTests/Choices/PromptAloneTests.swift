import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// Requests for the log probabilities of a prompt and for no answer.
@Suite struct `A prompt without an answer` {
    private static func parameters(
        _ change: (inout SamplingParameters) -> Void = { _ in }
    ) -> SamplingParameters {
        var parameters = SamplingParameters(maxTokens: 0)
        parameters.promptLogprobs = 3
        change(&parameters)
        return parameters
    }

    /// A.8
    @Test func `scoring a prompt of exactly the context is no longer than the context`() throws {
        let prompt = TinyModel.prompts(1, seed: 5, lengths: 65...65)[0]
        let whole = Array(prompt.prefix(64))
        var roomy = Self.parameters()
        roomy.maxTokens = 1
        let expected = try TinyModel(length: 128).llm.generate([whole], roomy)[0]
        for (chunk, outputs, every) in [(16, 8, 0), (5, 3, 0), (64, 64, 2), (7, 1, 3)] {
            let model = try TinyModel(length: 64, chunk: chunk, outputs: outputs) { configuration in
                configuration.maxRunning = min(4, outputs)
                if every > 0 { configuration.forcedPreemption = .init(every: every) }
            }
            let answer = try model.llm.generate([whole], Self.parameters())[0]
            #expect(answer.promptLogprobs == expected.promptLogprobs)
            #expect(answer.promptLogprobs?.count == 64)
            #expect(answer.tokens.isEmpty && answer.text.isEmpty)
            #expect(answer.finishReason == .length)
            #expect(answer.timeline.firstToken == nil && answer.timeline.finished != nil)
            #expect(model.llm.statistics.generatedTokens == 0)
            #expect(model.llm.statistics.promptTokens == 64)
            #expect(model.isClean)
            let error = #expect(throws: EngineError.self) {
                try model.llm.generate([prompt], Self.parameters())
            }
            #expect(error?.message.contains("65 tokens") == true)
            #expect(model.isClean)
        }
    }

    @Test func `every answer that is asked for has the prompt's numbers`() throws {
        let model = try TinyModel(length: 16)
        let prompt = TinyModel.prompts(1, seed: 6, lengths: 16...16)[0]
        for bestOf in [nil, 3, 5] {
            let parameters = Self.parameters {
                $0.temperature = 1
                ($0.n, $0.bestOf) = (3, bestOf)
            }
            let answers = try model.llm.generate([prompt], parameters)
            #expect(answers.map(\.choice) == [0, 1, 2])
            #expect(Set(answers.map(\.promptLogprobs)).count == 1)
            #expect(answers.allSatisfy { $0.tokens.isEmpty && $0.finishReason == .length })
            #expect(model.isClean)
        }
    }

    @Test func `it runs beside answers and changes none of them`() throws {
        let prompts = TinyModel.prompts(6, seed: 7, lengths: 2...40)
        let plain = SamplingParameters(maxTokens: 8, ignoreEOS: true)
        let expected = try prompts.map { Answer(try TinyModel().llm.generate([$0], plain)[0]) }
        let model = try TinyModel()
        let requests = prompts.enumerated().map { index, prompt in
            GenerationRequest(
                prompt: prompt, parameters: index.isMultiple(of: 2) ? plain : Self.parameters())
        }
        for (index, result) in model.llm.answer(requests).enumerated() {
            let answer = try result.get()
            if index.isMultiple(of: 2) {
                #expect(Answer(answer) == expected[index])
            } else {
                #expect(answer.tokens.isEmpty)
                #expect(answer.promptLogprobs?.count == prompts[index].count)
            }
        }
        #expect(model.isClean)
    }

    @Test func `its stream has one delta, which is the end`() async throws {
        let model = try await OnlineModel(length: 16)
        let prompt = TinyModel.prompts(1, seed: 8, lengths: 16...16)[0]
        let stream = try model.engine.submit(
            GenerationRequest(prompt: prompt, parameters: Self.parameters()))
        let reading = try await Reading.all(stream)
        #expect(reading.tokens.isEmpty && reading.text.isEmpty)
        #expect(reading.reasons == [.length])
        #expect(reading.completions.first?.promptLogprobs?.count == 16)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `a beam search for no tokens is refused`() throws {
        let model = try TinyModel()
        var request = GenerationRequest(
            prompt: [1, 2], parameters: SamplingParameters(maxTokens: 0))
        request.beam = BeamSearch(width: 2)
        let error = #expect(throws: EngineError.self) {
            try model.llm.answer([request])[0].get()
        }
        #expect(error?.code == .invalidParameters)
        #expect(error?.message.contains("max tokens is 0") == true)
        #expect(model.isClean)
    }
}
