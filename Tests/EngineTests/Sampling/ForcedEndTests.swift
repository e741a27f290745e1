import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// Rows E9, E10 and G15, with answers that are made to end by a bias.
@Suite struct `An end that is certain` {
    private func answer(_ parameters: SamplingParameters) throws -> Completion {
        let model = try TinyModel()
        let answer = try model.llm.generate([[1, 2, 3]], parameters)[0]
        #expect(model.isClean)
        return answer
    }

    /// E9
    @Test func `the model's end token is a token like others if it shall be`() throws {
        var parameters = SamplingParameters(maxTokens: 3, ignoreEOS: true)
        parameters.allowedTokens = [TinyModel.end]
        let answer = try answer(parameters)
        #expect(answer.tokens == [TinyModel.end, TinyModel.end, TinyModel.end])
        #expect(answer.finishReason == .length)
        #expect(answer.stopReason == nil)
    }

    /// E10: what would end it is masked until there are enough tokens; the bound comes first.
    @Test(arguments: [TinyModel.end, 8])
    func `no end comes before the least number of tokens and none later than it may`(
        end: TokenID
    ) throws {
        var parameters = SamplingParameters(maxTokens: 20)
        parameters.logitBias = [end: 100]
        if end != TinyModel.end { parameters.stopTokens = [end] }
        let reason: Completion.StopReason? = end == TinyModel.end ? nil : .token(end)
        for least in [0, 3, 5, 9] {
            parameters.minTokens = least
            let answer = try answer(parameters)
            #expect(answer.tokens.count == least + 1)
            #expect(answer.tokens.firstIndex(of: end) == least)
            #expect(answer.finishReason == .stop)
            #expect(answer.stopReason == reason)
        }
        parameters.minTokens = 5
        parameters.maxTokens = 5
        let bounded = try answer(parameters)
        #expect(bounded.tokens.count == 5)
        #expect(!bounded.tokens.contains(end))
        #expect(bounded.finishReason == .length)
        #expect(bounded.stopReason == nil)
    }

    /// G15
    @Test(arguments: [true, false])
    func `a stop string ends the computing too, and every token has its log probability`(
        included: Bool
    ) throws {
        var stopped = 0
        for prompt in TinyModel.prompts(9, seed: 4) {
            let free = try TinyModel().llm.generate(
                [prompt], SamplingParameters(maxTokens: 30, ignoreEOS: true))[0]
            let letters = Array(free.text)
            guard letters.count > 12 else { continue }
            let stop = String(letters[8..<11])
            let cut = try #require(free.text.firstRange(of: stop))
            var parameters = SamplingParameters(
                maxTokens: 30, logprobs: 0, ignoreEOS: true, stop: [stop])
            parameters.includeStopString = included
            let model = try TinyModel()
            var text = ""
            let answer = try model.llm.generate([prompt], parameters) { delta in
                text += delta.text
                return true
            }[0]
            #expect(answer.text == free.text[..<(included ? cut.upperBound : cut.lowerBound)])
            #expect(text == answer.text)
            #expect(answer.logprobs?.map(\.token) == answer.tokens)
            #expect(answer.tokens.count < 30)
            // The last token is never fed back, and nothing is computed after it.
            let computed = model.executor.steps.joined().reduce(0) { $0 + $1.queryLength }
            #expect(computed == prompt.count + answer.tokens.count - 1)
            #expect(model.isClean)
            stopped += 1
        }
        #expect(stopped > 5)
    }
}
