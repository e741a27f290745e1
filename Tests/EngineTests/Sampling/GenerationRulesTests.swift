import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// Section G of the behaviours: G5, G6, G9, with a model behind it.
@Suite struct `Answers by rules` {
    private static let prompts = TinyModel.prompts(9, seed: 4)

    private static let kinds: [SamplingParameters] = [
        .with {
            $0.maxTokens = 20
            ($0.repetitionPenalty, $0.presencePenalty) = (1.3, 0.5)
            $0.logprobs = 4
            $0.logprobsMode = .processedLogprobs
        },
        .with(temperature: 1) {
            $0.maxTokens = 20
            $0.seed = 8
            ($0.frequencyPenalty, $0.minTokens, $0.topP) = (-0.5, 12, 0.9)
            $0.badWords = ["a", "be"]
            $0.logitBias = [3: 2]
            $0.logprobs = -1
        },
        .with(temperature: 0.8) {
            $0.maxTokens = 20
            $0.seed = 9
            $0.allowedTokens = [1, 2, 3, 31]
            $0.repetitionDetection = RepetitionDetection(4, 1, 3)
            $0.logprobTokens = [1, 9]
            $0.logprobsMode = .processedLogits
        },
    ]

    @Test(arguments: kinds)
    func `are the same alone and in any company`(parameters: SamplingParameters) throws {
        let alone = try Self.prompts.map { prompt in
            Answer(try TinyModel().llm.generate([prompt], parameters)[0])
        }
        for (blockSize, chunk, running) in [(1, 1, 1), (4, 7, 3), (16, 64, 8)] {
            let model = try TinyModel(blockSize: blockSize, chunk: chunk, running: running)
            let together = try model.llm.generate(Self.prompts, parameters).map(Answer.init)
            #expect(together == alone, "block \(blockSize), chunk \(chunk), batch \(running)")
            #expect(model.isClean)
        }
    }

    /// G5: with a space before and without.
    @Test func `have no bad word`() throws {
        let words = ["ab", "q", "r", "s"]
        let spaceLetters = SamplingParameters.with(temperature: 1) {
            $0.maxTokens = 60
            $0.seed = 3
            $0.ignoreEOS = true
            $0.allowedTokens = [0, 1, 16, 17, 26]
        }
        var unruled = 0
        for prompt in Self.prompts {
            let free = try TinyModel().llm.generate([prompt], spaceLetters)[0]
            unruled += words.count { free.text.contains($0) }
            var clean = spaceLetters
            clean.badWords = words
            let answer = try TinyModel().llm.generate([prompt], clean)[0]
            #expect(answer.tokens.count == 60)
            for word in words { #expect(!answer.text.contains(word)) }
        }
        #expect(unruled > 9)
    }

    @Test func `too many bad words are that request's error`() throws {
        let model = try TinyModel()
        let letters = "abcdefghijkl".map(String.init)
        let words = letters.flatMap { first in letters.map { first + $0 } }
        let parameters = SamplingParameters.with { $0.badWords = Array(words.prefix(65)) }
        let results = model.llm.answer([
            GenerationRequest(prompt: [1], parameters: parameters),
            GenerationRequest(prompt: [1], parameters: SamplingParameters(maxTokens: 1)),
        ])
        let error = #expect(throws: EngineError.self) { try results[0].get() }
        #expect(error?.code == .invalidParameters)
        #expect(error?.message.contains("130 sequences") == true)
        #expect(throws: Never.self) { try results[1].get() }
        #expect(model.isClean)
    }

    /// G6.
    @Test func `an allowed token that is alone is always taken`() throws {
        for temperature in [0.0, 1.0] {
            var parameters = SamplingParameters(
                temperature: temperature, maxTokens: 7, ignoreEOS: true)
            parameters.allowedTokens = [23]
            let answer = try TinyModel().llm.generate([[1, 2]], parameters)[0]
            #expect(answer.tokens == Array(repeating: 23, count: 7))
        }
    }

    /// G9.
    @Test func `have as many log probabilities as are asked for`() throws {
        for (asked, count) in [(nil, nil), (0, 0), (3, 3), (-1, 32), (32, 32)] as [(Int?, Int?)] {
            let answer = try TinyModel().llm.generate(
                [[7, 8]], SamplingParameters(maxTokens: 9, logprobs: asked, ignoreEOS: true))[0]
            #expect(answer.logprobs?.count == (count == nil ? nil : 9))
            if asked == nil { #expect(answer.cumulativeLogprob == nil) }
            for entry in answer.logprobs ?? [] { #expect(entry.top.count == count) }
        }
    }

    @Test func `may compute the whole prompt again, for others to read`() throws {
        let model = try TinyModel()
        let prompt = TinyModel.prompts(1, seed: 30, lengths: 33...33)[0]
        let unread = SamplingParameters.with {
            ($0.maxTokens, $0.skipReadingPrefixCache) = (3, true)
        }
        var answers: [Completion] = []
        for parameters in [unread, unread, SamplingParameters(maxTokens: 3)] {
            answers += try model.llm.generate([prompt], parameters)
        }
        #expect(answers.map(\.timeline.cachedTokens) == [0, 0, 32])
        #expect(Set(answers.map(\.tokens)).count == 1)
        #expect(model.isClean)
    }

    @Test func `rules that leave nothing end that request alone`() throws {
        let model = try TinyModel()
        let parameters = SamplingParameters.with {
            ($0.allowedTokens, $0.minTokens) = ([TinyModel.end], 2)
        }
        let results = model.llm.answer([
            GenerationRequest(prompt: [1], parameters: parameters),
            GenerationRequest(prompt: [1], parameters: SamplingParameters(maxTokens: 3)),
        ])
        let error = #expect(throws: EngineError.self) { try results[0].get() }
        #expect(error?.code == .invalidParameters)
        #expect(throws: Never.self) { try results[1].get() }
        #expect(model.isClean)
    }
}

/// G12.
@Suite struct `Texts of log probabilities` {
    @Test func `a character of several tokens belongs to the last of them`() throws {
        let tokenizer = try TinyModel().llm.tokenizer
        var texts = LogprobTexts(tokenizer: tokenizer, after: [1])
        // The two bytes of the letter are tokens 29 and 30.
        #expect(texts.next(29, top: [29, 0]) == ("", ["", "a"]))
        #expect(texts.next(30, top: [30, 29, 1]) == ("\u{E9}", ["\u{E9}", "\u{FFFD}", "b"]))
        #expect(texts.next(2, top: []) == ("c", []))
        #expect(texts.next(31, top: [26]) == ("<|endoftext|>", [" "]))
    }

    @Test func `the chosen tokens' texts make the text`() throws {
        for prompt in TinyModel.prompts(20, seed: 90) {
            let model = try TinyModel()
            var parameters = SamplingParameters(maxTokens: 30, logprobs: 2, ignoreEOS: true)
            parameters.skipSpecialTokens = false
            let answer = try model.llm.generate([prompt], parameters)[0]
            var texts = LogprobTexts(tokenizer: model.llm.tokenizer, after: prompt)
            var joined = ""
            for entry in answer.logprobs ?? [] {
                joined += texts.next(entry.token, top: entry.top.map(\.token)).token
            }
            #expect(answer.text.hasPrefix(joined))
            #expect(answer.text.dropFirst(joined.count).allSatisfy { $0 == "\u{FFFD}" })
        }
    }
}
