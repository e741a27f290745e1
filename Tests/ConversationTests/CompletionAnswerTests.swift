import QuireIdentifiers
import QuireJSON
import Testing
import Tokenization

@testable import Conversation
@testable import QuireEngine

/// Answers in one piece and in events, which must come to the same.
struct CompletionAnswerTests {
    private let heading = CompletionHeading(id: "cmpl-1", created: 5, model: "m")

    private func answer(
        _ request: CompletionRequest, _ completions: [[Completion]]
    ) throws -> JSONValue {
        let tokenizer = try Vocabulary.tokenizer()
        return try written {
            CompletionAnswer(heading, to: request, completions: completions, tokenizer: tokenizer)
                .write(to: &$0)
        }
    }

    /// The events of completions, each token a delta of its own with the text that it makes.
    private func events(
        _ request: CompletionRequest, _ completions: [[Completion]]
    ) throws -> [JSONValue] {
        let tokenizer = try Vocabulary.tokenizer()
        var events = CompletionEvents(
            heading, to: request, prompts: completions.map { $0[0].promptTokens },
            tokenizer: tokenizer)
        var all: [JSONValue] = []
        for (prompt, answers) in completions.enumerated() {
            for completion in answers {
                var detokenizer = tokenizer.makeDetokenizer(
                    skipSpecial: true, after: completion.promptTokens)
                for (place, token) in completion.tokens.enumerated() {
                    var delta = GenerationDelta(
                        index: 0, choice: completion.choice, text: detokenizer.append(token),
                        tokens: [token], logprobs: completion.logprobs.map { [$0[place]] } ?? [])
                    if place == completion.tokens.count - 1 {
                        delta.text += detokenizer.finish()
                        delta.finishReason = completion.finishReason
                        delta.completion = completion
                    }
                    all.append(try written { events.write(delta, of: prompt, to: &$0) })
                }
            }
        }
        var out = JSONWriter()
        if events.writeUsage(to: &out) { all.append(try JSONValue(parsing: out.bytes)) }
        return all
    }

    @Test func `answers are numbered over all prompts, and a prompt is used once`() throws {
        let request = try CompletionRequest.parse(
            "\"n\": 2, \"temperature\": 1", prompt: "[\"a\", \"b\"]")
        let completions: [[Completion]] = [
            [
                .made(prompt: [0], tokens: [1], text: "b"),
                .made(prompt: [0], tokens: [2], text: "c", choice: 1, stop: .string("d")),
            ],
            [
                .made(prompt: [1], tokens: [3], text: "d", stop: .token(9)),
                .made(prompt: [1], tokens: [4, 5], text: "ef", choice: 1, stop: .repetition),
            ],
        ]
        let body = try answer(request, completions)
        let choices = try #require(body["choices"]?.array)
        #expect(choices.map { $0["index"]?.integer } == [0, 1, 2, 3])
        #expect(choices.map { $0["text"]?.string } == ["b", "c", "d", "ef"])
        #expect(
            choices.map { $0["stop_reason"] } == [.null, "d", 9, "repetition_detected"])
        #expect(body["usage"]?["prompt_tokens"]?.integer == 2)
        #expect(body["usage"]?["completion_tokens"]?.integer == 5)
        #expect(body["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.integer == 2)
        let events = try events(request, completions)
        #expect(events.count == 5)
        #expect(events.allSatisfy { $0["usage"] == nil })
        #expect(events.map { $0["choices"]?.array?[0]["index"]?.integer } == [0, 1, 2, 3, 3])
    }

    private static let ends: [([TokenID], [TokenID], String, String)] = [
        ([0, Vocabulary.first], [Vocabulary.second, 1], "éb", "aéb"),
        ([0, Vocabulary.first], [Vocabulary.end, Vocabulary.second], "é", "aé"),
        ([0, Vocabulary.first], [1], "b", "a\u{FFFD}b"),
        ([0, Vocabulary.first], [Vocabulary.end], "", "a\u{FFFD}"),
        ([0, 1], [2], "c", "abc"),
    ]

    /// A.12
    @Test(arguments: ends)
    func `an echoed prompt and its answer make whole characters`(
        prompt: [TokenID], tokens: [TokenID], own: String, all: String
    ) throws {
        let ids = prompt.map { "\($0.rawValue)" }.joined(separator: ",")
        for (echo, expected) in [(false, own), (true, all)] {
            let request = try CompletionRequest.parse("\"echo\": \(echo)", prompt: "[\(ids)]")
            let completion = Completion.made(prompt: prompt, tokens: tokens, text: own)
            let body = try answer(request, [[completion]])
            #expect(body["choices"]?.array?[0]["text"]?.string == expected)
            let texts = try events(request, [[completion]])
                .compactMap { $0["choices"]?.array?[0]["text"]?.string }
            #expect(texts.joined() == expected)
        }
    }

    @Test func `the lists of log probabilities are as long as what they are of`() throws {
        let plain = Completion.made(
            prompt: [0, 1], tokens: [2, Vocabulary.end, 3], text: "cd", reportsPrompt: true,
            reports: true)
        func lists(_ members: String, _ completion: Completion) throws -> JSONValue? {
            let request = try CompletionRequest.parse(members, prompt: "[0, 1]")
            return try answer(request, [[completion]])["choices"]?.array?[0]["logprobs"]
        }
        let echoed = try #require(try lists("\"echo\": true, \"logprobs\": 1", plain))
        #expect(echoed["tokens"] == ["a", "b", "c", "<|end|>", "d"])
        #expect(echoed["token_logprobs"] == [nil, -1.0, -1.0, -2.0, -3.0])
        #expect(echoed["text_offset"] == [0, 1, 2, 3, 3])
        // Without numbers for the prompt the lists are of the answer, wherever its text begins.
        var answerOnly = plain
        answerOnly.promptLogprobs = nil
        let asked = try #require(
            try lists("\"echo\": true, \"logprob_token_ids\": [5]", answerOnly))
        #expect(asked["tokens"] == ["c", "<|end|>", "d"])
        #expect(asked["text_offset"] == [2, 3, 3])
        #expect(try lists("", plain) == JSONValue.null)
    }

    @Test func `events appended are the answer`() throws {
        let request = try CompletionRequest.parse(
            "\"logprobs\": 0, \"stream\": true, \"return_token_ids\": true, "
                + "\"stream_options\": {\"include_usage\": true}", prompt: "[0, 26]")
        let completion = Completion.made(
            prompt: [0, Vocabulary.first], tokens: [Vocabulary.second, 1, 2], text: "ébc",
            reports: true, stop: .string("x"))
        let whole = try #require(try answer(request, [[completion]])["choices"]?.array?[0])
        let events = try events(request, [[completion]])
        #expect(events.allSatisfy { $0["id"]?.string == "cmpl-1" })
        let choices = events.dropLast().compactMap { $0["choices"]?.array?.first }
        #expect(choices.count == 3)
        #expect(choices.compactMap { $0["text"]?.string }.joined() == whole["text"]?.string)
        for list in ["tokens", "token_logprobs", "top_logprobs", "text_offset"] {
            let parts = choices.flatMap { $0["logprobs"]?[list]?.array ?? [] }
            #expect(parts == whole["logprobs"]?[list]?.array, "\(list)")
        }
        #expect(choices.flatMap { $0["token_ids"]?.array ?? [] } == whole["token_ids"]?.array)
        #expect(choices.map { $0["prompt_token_ids"] } == [[0, 26], nil, nil])
        #expect(choices.map { $0["finish_reason"] } == [.null, .null, "stop"])
        #expect(choices.last?["stop_reason"] == "x")
        #expect(events.dropLast().allSatisfy { $0["usage"] == JSONValue.null })
        #expect(events.last?["choices"] == [])
        #expect(events.last?["usage"]?["total_tokens"]?.integer == 5)
    }
}
