import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Cancelling` {
    private static let prompts = TinyModel.prompts(4, seed: 61, lengths: 8...40)

    private static var requests: [GenerationRequest] {
        prompts.enumerated().map { index, prompt in
            var parameters = SamplingParameters(maxTokens: 9, ignoreEOS: true)
            if index == 1 {
                parameters = SamplingParameters(
                    temperature: 1, maxTokens: 9, seed: 3, ignoreEOS: true)
                parameters.n = 3
            }
            return GenerationRequest(prompt: prompt, parameters: parameters)
        }
    }

    /// Queued, prefilling, decoding, forked, preempted, swapped: whatever the requests are doing
    /// after the n-th step.
    @Test(arguments: [Preemption.Method.recompute, .swap])
    func `in any state frees everything and keeps what can be used again`(
        method: Preemption.Method
    ) throws {
        let requests = Self.requests
        let expected = try requests.map {
            try TinyModel().llm.answers([$0])[0].get().map(Answer.init)
        }
        for (running, every) in [(2, 2), (4, 3), (8, 1)] {
            for last in 0..<30 {
                let model = try TinyModel(chunk: 8, running: running, sequences: 1) {
                    $0.cache.hostSlots = method == .swap ? 40 : 0
                    $0.forcedPreemption = .init(every: every, how: method)
                }
                var asked = 0
                let results = model.llm.answers(
                    requests,
                    isCancelled: {
                        asked += 1
                        return asked > last
                    })
                for (result, whole) in zip(results, expected) {
                    for (answer, other) in zip(try result.get(), whole) {
                        #expect(other.tokens.starts(with: answer.tokens))
                    }
                }
                #expect(model.isClean)
                let gauges = model.llm.statistics.scheduling
                #expect(gauges.cachedBlocks + gauges.freeBlocks == model.llm.layout.capacity)
                let again = try model.llm.answers(requests).map { try $0.get().map(Answer.init) }
                #expect(again == expected)
                #expect(model.isClean)
            }
        }
    }

    @Test func `keeps the full blocks cached`() throws {
        let prompt = TinyModel.prompts(1, seed: 2, lengths: 42...42)[0]
        let model = try TinyModel(spans: [.full])
        var tokens = 0
        let parameters = SamplingParameters(maxTokens: 30, ignoreEOS: true)
        let answers = try model.llm.generate([prompt], parameters) { _ in
            tokens += 1
            return tokens < 11
        }
        #expect(answers[0].finishReason == .cancelled)
        #expect(answers[0].tokens.count == 11)
        // 52 tokens were computed: 13 whole blocks, of prompt and answer.
        let next = try model.llm.generate([prompt + answers[0].tokens], parameters)[0]
        #expect(next.timeline.cachedTokens == 52)
    }
}
