import QuireEngine
import QuireIdentifiers
import Testing
import Tokenization

/// Prompts of tokens that end inside of a character: the tiny model has both bytes of `é`.
@Suite struct `A prompt that ends in the middle of a character` {
    private static let first: TokenID = 29
    private static let second: TokenID = 30

    private func answer(
        _ prompt: [TokenID], forced: TokenID,
        _ change: (inout SamplingParameters) -> Void = { _ in }
    ) throws -> (answer: Completion, names: [String]) {
        var parameters = SamplingParameters(maxTokens: 2, logprobs: 0, ignoreEOS: true)
        parameters.allowedTokens = [forced]
        change(&parameters)
        let model = try TinyModel()
        var streamed = ""
        let answer = try model.llm.generate([prompt], parameters) { delta in
            streamed += delta.text
            return true
        }[0]
        #expect(streamed == answer.text)
        var texts = LogprobTexts(tokenizer: model.llm.tokenizer, after: prompt)
        return (answer, answer.tokens.map { texts.next($0, top: []).token })
    }

    /// A.12
    @Test func `the text of the answer comes out whole, as the log probabilities have it`() throws {
        for prompt in [[0, Self.first], [Self.first], [0, Self.first, TinyModel.end]] {
            let (answer, names) = try answer(prompt, forced: Self.second)
            #expect(answer.text == "é\u{FFFD}")
            #expect(names.first == (prompt.last == TinyModel.end ? "\u{FFFD}" : "é"))
        }
    }

    @Test func `an answer that does not go on with the character is not charged with it`() throws {
        let (answer, names) = try answer([0, Self.first], forced: 5)
        #expect(answer.text == "ff")
        #expect(names == ["f", "f"])
        let (empty, _) = try self.answer([0, Self.first], forced: 5) { $0.maxTokens = 0 }
        #expect(empty.text.isEmpty)
        let (special, _) = try self.answer([0, Self.first], forced: TinyModel.end)
        #expect(special.text.isEmpty)
    }

    @Test func `a stop string is found in it, and whole characters are left alone`() throws {
        let (stopped, _) = try answer([0, Self.first], forced: Self.second) { $0.stop = ["é"] }
        #expect(stopped.stopReason == .string("é"))
        #expect(stopped.tokens == [Self.second])
        #expect(stopped.text.isEmpty)
        let (whole, names) = try answer([Self.first, Self.second], forced: 5)
        #expect(whole.text == "ff")
        #expect(names == ["f", "f"])
    }
}
