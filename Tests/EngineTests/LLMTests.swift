import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing
import Tokenization

@Suite struct `A language model` {
    private static let prompts = TinyModel.prompts(9, seed: 4)
    private static let kinds = [
        SamplingParameters(maxTokens: 20, logprobs: 3),
        SamplingParameters(
            temperature: 1, maxTokens: 20, topK: 12, topP: 0.9, minP: 0.02, seed: 5, logprobs: 2),
    ]

    @Test(arguments: kinds)
    func `gives a prompt the same answer alone and in any company`(
        parameters: SamplingParameters
    ) throws {
        let alone = try Self.prompts.map { prompt in
            Answer(try TinyModel().llm.generate([prompt], parameters)[0])
        }
        for (blockSize, chunk, running) in [
            (1, 1, 1), (4, 7, 3), (16, 64, 8), (128, 64, 2), (3, 16, 8),
        ] {
            let model = try TinyModel(blockSize: blockSize, chunk: chunk, running: running)
            let together = try model.llm.generate(Self.prompts, parameters).map(Answer.init)
            #expect(together == alone, "block \(blockSize), chunk \(chunk), batch \(running)")
            #expect(model.isClean)
        }
    }

    @Test func `ends with the wanted number of tokens`() throws {
        let model = try TinyModel()
        for count in [1, 2, 7] {
            let parameters = SamplingParameters(maxTokens: count, ignoreEOS: true)
            let answer = try model.llm.generate([[1, 2, 3]], parameters)[0]
            #expect(answer.tokens.count == count)
            #expect(answer.finishReason == .length)
            #expect(answer.text.utf8.count <= 3 * count)
        }
    }

    @Test func `ends with the context when no number is wanted`() throws {
        let model = try TinyModel(length: 40)
        let answer = try model.llm.generate([[1, 2, 3]], SamplingParameters(ignoreEOS: true))[0]
        #expect(answer.tokens.count == 37)
        #expect(answer.finishReason == .length)
    }

    @Test func `ends with the model's end token, which has no text`() throws {
        var ended = 0
        for prompt in TinyModel.prompts(40, seed: 9) {
            let model = try TinyModel()
            let answer = try model.llm.generate([prompt], SamplingParameters(maxTokens: 60))[0]
            let onward = try TinyModel().llm.generate(
                [prompt], SamplingParameters(maxTokens: 60, ignoreEOS: true))[0]
            #expect(onward.tokens.starts(with: answer.tokens))
            if answer.finishReason == .stop {
                ended += 1
                #expect(answer.tokens.last == TinyModel.end)
                #expect(answer.tokens.dropLast().contains(TinyModel.end) == false)
                #expect(!answer.text.contains("<"))
            } else {
                #expect(answer.tokens.count == 60)
            }
        }
        #expect(ended > 5, "the test needs some answers that end")
    }

    @Test func `a stop token ends and has no text`() throws {
        let free = try TinyModel().llm.generate([[5]], SamplingParameters(maxTokens: 10))[0]
        let stop = free.tokens[6]
        let first = free.tokens.firstIndex(of: stop) ?? 0
        let parameters = SamplingParameters(maxTokens: 10, stopTokens: [stop])
        let model = try TinyModel()
        let answer = try model.llm.generate([[5]], parameters)[0]
        #expect(answer.tokens == Array(free.tokens.prefix(first + 1)))
        #expect(answer.finishReason == .stop)
        #expect(answer.text == model.llm.tokenizer.decode(free.tokens.prefix(first)))
        #expect(model.isClean)
    }

    /// G15
    @Test func `a stop string across tokens ends, is named and never seen`() throws {
        for prompt in Self.prompts {
            let free = try TinyModel().llm.generate(
                [prompt], SamplingParameters(maxTokens: 20, ignoreEOS: true))[0]
            let letters = Array(free.text)
            guard letters.count > 12 else { continue }
            let stop = String(letters[8..<11])
            let model = try TinyModel()
            var streamed = ""
            let answer = try model.llm.generate(
                [prompt], SamplingParameters(maxTokens: 20, ignoreEOS: true, stop: ["#", stop])
            ) { delta in
                streamed += delta.text
                #expect(!streamed.contains(stop))
                return true
            }[0]
            let expected = String(
                free.text[
                    ..<(free.text.firstRange(of: stop)?.lowerBound
                        ?? free.text.endIndex)])
            #expect(answer.text == expected)
            #expect(streamed == expected)
            #expect(answer.finishReason == .stop)
            #expect(answer.stopString == stop)
            #expect(free.tokens.starts(with: answer.tokens))
            #expect(model.isClean)
        }
    }

    /// G15
    @Test func `the deltas make the text, and the last says why`() throws {
        let model = try TinyModel()
        var texts: [Int: String] = [:]
        var tokens: [Int: [TokenID]] = [:]
        var reasons: [Int: [FinishReason]] = [:]
        let answers = try model.llm.generate(
            Self.prompts, SamplingParameters(maxTokens: 25, stop: ["zq", "xx"])
        ) { delta in
            #expect(reasons[delta.index] == nil, "a delta after the last")
            texts[delta.index, default: ""] += delta.text
            if let token = delta.token { tokens[delta.index, default: []].append(token) }
            if let reason = delta.finishReason { reasons[delta.index, default: []].append(reason) }
            return true
        }
        for (index, answer) in answers.enumerated() {
            #expect(texts[index] == answer.text)
            #expect(tokens[index] == answer.tokens)
            #expect(reasons[index] == [answer.finishReason])
            #expect(
                answer.text
                    == model.llm.tokenizer.decode(
                        answer.tokens.filter { $0 != TinyModel.end }) || answer.stopString != nil)
        }
    }

    @Test func `a seed is reported and gives the answer again`() throws {
        let parameters = SamplingParameters(temperature: 1, maxTokens: 15)
        let first = try TinyModel().llm.generate([[1, 2]], parameters)[0]
        var again = parameters
        again.seed = first.seed
        #expect(try TinyModel().llm.generate([[1, 2]], again)[0].tokens == first.tokens)
        again.seed = first.seed &+ 1
        #expect(try TinyModel().llm.generate([[1, 2]], again)[0].tokens != first.tokens)
    }

    @Test func `log probabilities come one for each token, the chosen one among them`() throws {
        let answer = try TinyModel().llm.generate(
            [[7, 8]], SamplingParameters(maxTokens: 12, logprobs: 4, ignoreEOS: true))[0]
        let logprobs = try #require(answer.logprobs)
        #expect(logprobs.map(\.token) == answer.tokens)
        for entry in logprobs {
            #expect(entry.top.count == 4)
            #expect(entry.top[0].token == entry.token, "greedy takes the likeliest")
            #expect(entry.top[0].logprob == entry.logprob)
        }
        let none = try TinyModel().llm.generate([[7, 8]], SamplingParameters(maxTokens: 2))[0]
        #expect(none.logprobs == nil)
    }
}
