import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing
import Tokenization

/// Stop strings and bad words that are the names of special tokens.
@Suite struct `The name of a special token` {
    private static let name = "<|endoftext|>"
    private static let prompts = TinyModel.prompts(24, seed: 61)

    private static func parameters(
        _ change: (inout SamplingParameters) -> Void = { _ in }
    ) -> SamplingParameters {
        var parameters = SamplingParameters(maxTokens: 60, ignoreEOS: true, stop: [name])
        change(&parameters)
        return parameters
    }

    private func answer(
        _ prompt: [TokenID], _ parameters: SamplingParameters
    ) throws -> Completion {
        let model = try TinyModel()
        var streamed = ""
        let answer = try model.llm.generate([prompt], parameters) { delta in
            streamed += delta.text
            return true
        }[0]
        #expect(streamed == answer.text)
        #expect(model.isClean)
        return answer
    }

    /// A.11
    @Test func `a stop string that is a special token's text stops on that token`() throws {
        let tokenizer = try TinyModel.tokenizer()
        var ended = 0
        for prompt in Self.prompts {
            let free = try answer(prompt, Self.parameters { $0.stop = [] })
            guard let end = free.tokens.firstIndex(of: TinyModel.end) else { continue }
            ended += 1
            let text = tokenizer.decode(free.tokens[..<end])
            for skips in [true, false] {
                let hidden = try answer(prompt, Self.parameters { $0.skipSpecialTokens = skips })
                #expect(hidden.tokens == Array(free.tokens[...end]))
                #expect(hidden.finishReason == .stop)
                #expect(hidden.stopReason == .string(Self.name))
                #expect(hidden.text == text)
                let shown = try answer(
                    prompt,
                    Self.parameters {
                        $0.skipSpecialTokens = skips
                        $0.includeStopString = true
                    })
                #expect(shown.text == text + Self.name)
                #expect(shown.stopReason == .string(Self.name))
            }
        }
        #expect(ended > 2)
    }

    @Test func `it ends no answer before it may, as a stop token does not`() throws {
        for prompt in Self.prompts {
            let parameters = Self.parameters { $0.minTokens = 40 }
            let named = try answer(prompt, parameters)
            #expect(named.tokens.count >= 40 && !named.tokens.prefix(39).contains(TinyModel.end))
            let token = try answer(
                prompt,
                Self.parameters {
                    $0.minTokens = 40
                    $0.stop = []
                    $0.stopTokens = [TinyModel.end]
                })
            #expect(named.tokens == token.tokens)
            #expect(named.text == token.text)
        }
    }

    @Test func `the model's own end stays that, and other stop strings stay text`() throws {
        for prompt in Self.prompts {
            let free = try answer(prompt, Self.parameters { ($0.stop, $0.ignoreEOS) = ([], false) })
            let named = try answer(prompt, Self.parameters { $0.ignoreEOS = false })
            #expect(Answer(named) == Answer(free))
            #expect(named.stopReason == nil)
            // A token's text, but of no special one.
            let letter = try answer(
                prompt,
                Self.parameters { ($0.stop, $0.minTokens) = (["a"], 30) })
            #expect(letter.stopReason == nil || letter.stopReason == .string("a"))
            #expect(letter.tokens.count >= 30)
        }
    }

    @Test func `as a bad word it rules the token out`() throws {
        var ended = 0
        for prompt in Self.prompts {
            let free = try answer(prompt, Self.parameters { $0.stop = [] })
            ended += free.tokens.contains(TinyModel.end) ? 1 : 0
            let without = try answer(
                prompt, Self.parameters { ($0.stop, $0.badWords) = ([], [Self.name]) })
            #expect(!without.tokens.contains(TinyModel.end))
        }
        #expect(ended > 2)
    }
}
