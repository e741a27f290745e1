import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing
import Tokenization

/// Sections F and G of the behaviours: F11 to F13, G6, G14.
@Suite struct `The end of an answer` {
    private static let prompts = TinyModel.prompts(24, seed: 61)

    private func answer(
        _ prompt: [TokenID], _ parameters: SamplingParameters
    ) throws -> Completion {
        let model = try TinyModel()
        let answer = try model.llm.generate([prompt], parameters)[0]
        #expect(model.isClean)
        return answer
    }

    /// G14.
    @Test(arguments: [0.0, 1.0])
    func `has as many tokens as it must have and no more than it may`(temperature: Double) throws {
        var early = 0
        for (index, prompt) in Self.prompts.enumerated() {
            var parameters = SamplingParameters(
                temperature: temperature, maxTokens: 60, seed: UInt64(index))
            let free = try answer(prompt, parameters)
            early += free.tokens.count < 15 ? 1 : 0
            parameters.minTokens = 50
            let long = try answer(prompt, parameters)
            #expect(long.tokens.count > 50 || long.finishReason == .length)
            #expect(!long.tokens.prefix(50).contains(TinyModel.end))
            for count in [15, 20] {
                (parameters.maxTokens, parameters.minTokens) = (count, count)
                let exact = try answer(prompt, parameters)
                #expect(exact.tokens.count == count)
                #expect(exact.finishReason == .length)
            }
        }
        #expect(early > 2, "the test needs answers that would end early")
    }

    /// G14: which vLLM has open.
    @Test func `a stop string ends it only when it is long enough`() throws {
        var gated = 0
        for prompt in Self.prompts {
            var parameters = SamplingParameters(maxTokens: 40, ignoreEOS: true)
            let free = try answer(prompt, parameters)
            let tokenizer = try TinyModel().llm.tokenizer
            let letters = (0..<26).map { tokenizer.decode([TokenID(UInt32($0))]) }
            parameters.stop = Array(letters[0..<4])
            parameters.minTokens = 17
            let late = try answer(prompt, parameters)
            #expect(free.tokens.starts(with: late.tokens))
            let stops = free.tokens.indices.filter { free.tokens[$0].rawValue < 4 }
            gated += stops.contains { $0 < 16 } ? 1 : 0
            if let end = stops.first(where: { $0 >= 16 }) {
                #expect(late.tokens.count == end + 1)
                #expect(late.stopReason == .string(letters[Int(free.tokens[end].rawValue)]))
                #expect(late.text == tokenizer.decode(free.tokens.prefix(end)))
            } else {
                #expect(late.tokens == free.tokens)
                #expect(late.text == free.text)
            }
        }
        #expect(gated > 5)
    }

    /// G6.
    @Test func `a stop string is part of the text when it shall be`() throws {
        for prompt in Self.prompts {
            let free = try answer(prompt, SamplingParameters(maxTokens: 20, ignoreEOS: true))
            let letters = Array(free.text)
            guard letters.count > 12 else { continue }
            let stop = String(letters[8..<11])
            var parameters = SamplingParameters(maxTokens: 20, ignoreEOS: true, stop: [stop])
            let without = try answer(prompt, parameters)
            parameters.includeStopString = true
            let with = try answer(prompt, parameters)
            #expect(with.text == without.text + stop)
            #expect(with.tokens == without.tokens)
            #expect(with.stopReason == .string(stop))
        }
    }

    /// E7, G6.
    @Test func `the stop token that comes first ends it, whatever their order`() throws {
        let free = try answer([5], SamplingParameters(maxTokens: 20, ignoreEOS: true))
        var parameters = SamplingParameters(maxTokens: 20, ignoreEOS: true)
        parameters.stopTokens = Set(free.tokens[5...])
        let first = free.tokens.firstIndex { parameters.stopTokens.contains($0) }
        let ended = try answer([5], parameters)
        #expect(ended.tokens.count - 1 == first)
        #expect(ended.finishReason == .stop)
        #expect(ended.stopReason == .token(ended.tokens[ended.tokens.count - 1]))
        let text = ended.text
        parameters.includeStopString = true
        let last = ended.tokens.suffix(1)
        let named = try answer([5], parameters)
        #expect(named.text == text + (try TinyModel().llm.tokenizer.decode(last)))
    }

    @Test func `the model's own end has no reason of the caller's, and a name if it shall`() throws
    {
        var parameters = SamplingParameters(maxTokens: 60, stopTokens: [TinyModel.end])
        parameters.skipSpecialTokens = false
        parameters.includeStopString = true
        var ended = 0
        for prompt in Self.prompts {
            let ending = try answer(prompt, parameters)
            guard ending.finishReason == .stop else { continue }
            ended += 1
            #expect(ending.stopReason == nil)
            #expect(ending.text.hasSuffix("<|endoftext|>"))
        }
        #expect(ended > 2)
    }

    /// G6.
    @Test func `without text it is the same tokens`() throws {
        var parameters = SamplingParameters(maxTokens: 12, logprobs: 3)
        let free = try answer([5], parameters)
        parameters.detokenize = false
        var deltas = ""
        let bare = try TinyModel().llm.generate([[5]], parameters) { delta in
            deltas += delta.text
            return true
        }[0]
        #expect(bare.text.isEmpty && deltas.isEmpty)
        #expect(bare.tokens == free.tokens)
        #expect(bare.logprobs == free.logprobs)
    }

    /// F11, F12, F13.
    @Test func `a repetition ends it, when it is long enough and nothing else does`() throws {
        var parameters = SamplingParameters(maxTokens: 30)
        parameters.allowedTokens = [5]
        parameters.repetitionDetection = RepetitionDetection(3, 1, 4)
        let looped = try answer([5], parameters)
        #expect(looped.tokens == [5, 5, 5, 5])
        #expect(looped.finishReason == .repetition)
        #expect(looped.finishReason.rawValue == "repetition")
        #expect(looped.stopReason == .repetition)
        #expect(looped.text == "ffff")

        parameters.minTokens = 10
        #expect(try answer([5], parameters).tokens.count == 10)

        parameters.stopTokens = [5]
        parameters.minTokens = 0
        parameters.repetitionDetection = RepetitionDetection(1, 1, 2)
        let stopped = try answer([5], parameters)
        #expect(stopped.finishReason == .stop)
        #expect(stopped.stopReason == .token(5))

        parameters.stopTokens = []
        parameters.stop = ["ff"]
        let cut = try answer([5], parameters)
        #expect(cut.finishReason == .stop)
        #expect(cut.stopReason == .string("ff"))
        #expect(cut.text.isEmpty)
    }
}
