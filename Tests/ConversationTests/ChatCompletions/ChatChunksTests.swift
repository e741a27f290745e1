import ChatTemplates
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation
@testable import QuireEngine

/// Answers to conversations in one piece and in chunks, which must come to the same.
struct ChatChunksTests {
    private static let heading = CompletionHeading(id: "chatcmpl-1", created: 5, model: "m")

    private func chunks(_ request: ChatRequest) throws -> ChatCompletionChunks {
        ChatCompletionChunks(
            Self.heading, to: request, prompt: [0, 1], tokenizer: try Vocabulary.tokenizer())
    }

    private func answer(_ request: ChatRequest, _ answers: [ChatAnswer]) throws -> JSONValue {
        let answer = try ChatCompletionAnswer(
            Self.heading, to: request, answers: answers, prompt: [0, 1],
            tokenizer: Vocabulary.tokenizer())
        return try written { answer.write(to: &$0) }
    }

    private static var usage: AnswerUsage {
        var usage = AnswerUsage()
        (usage.promptTokens, usage.cachedTokens) = (7, 2)
        (usage.answerTokens, usage.reasoningTokens) = (5, 1)
        return usage
    }

    private static let call: [AnswerEvent] = [
        .callBegan(index: 0, id: "call_1", name: "f"), .callArguments(index: 0, "{\"x\""),
        .callArguments(index: 0, ": 1}"), .callEnded(index: 0),
    ]

    private func texts(_ objects: [[UInt8]]) -> [String] {
        let head =
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","#
            + #""system_fingerprint":"\#(SystemFingerprint.text)","choices":[{"index":0,"#
        return objects.map { object in
            let text = String(decoding: object, as: UTF8.self)
            return text.hasPrefix(head) ? String(text.dropFirst(head.count)) : text
        }
    }

    @Test func `one event, one chunk`() throws {
        var chunks = try chunks(ChatRequest.parse("\"stream\": true"))
        let events: [AnswerEvent] =
            [.began(promptTokens: 7), .waiting, .reasoning("hm"), .text("a")] + Self.call + [
                .ended(AnswerEnd(.calls, Self.usage))
            ]
        let objects = events.flatMap { chunks.objects([$0], choice: 0) }
        let rest = #""logprobs":null,"finish_reason":null}]}"#
        #expect(
            texts(objects) == [
                #""delta":{"role":"assistant","content":""},\#(rest)"#,
                #""delta":{},\#(rest)"#,
                #""delta":{"reasoning_content":"hm"},\#(rest)"#,
                #""delta":{"content":"a"},\#(rest)"#,
                #""delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","#
                    + #""function":{"name":"f","arguments":""}}]},\#(rest)"#,
                #""delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]},\#(rest)"#,
                #""delta":{"tool_calls":[{"index":0,"function":{"arguments":": 1}"}}]},\#(rest)"#,
                #""delta":{},"logprobs":null,"finish_reason":"tool_calls"}]}"#,
            ])
    }

    /// S17
    @Test func `the events of one step make as few chunks as there are kinds of them`() throws {
        var chunks = try chunks(ChatRequest.parse("\"stream\": true"))
        let first = chunks.objects(
            [.began(promptTokens: 7), .text("a"), .waiting, .text("b")], choice: 0)
        #expect(
            texts(first) == [
                #""delta":{"role":"assistant","content":"ab"},"logprobs":null,"#
                    + #""finish_reason":null}]}"#
            ])
        let last = chunks.objects(
            [.text("c"), .ended(AnswerEnd(.stopCondition(.string("x")), Self.usage))], choice: 0)
        #expect(
            texts(last) == [
                #""delta":{"content":"c"},"logprobs":null,"finish_reason":"stop","#
                    + #""stop_reason":"x"}]}"#
            ])
        // What comes after the end of an answer is nothing that a client could place.
        #expect(chunks.objects([.ended(AnswerEnd(.stop, Self.usage))], choice: 0).isEmpty)
    }

    /// S6, S16
    @Test func `usage is in a last chunk where it is asked for, and in all where that is`() throws {
        func usages(_ options: String) throws -> [JSONValue?] {
            var chunks = try chunks(ChatRequest.parse("\"stream\": true, \(options)"))
            var soFar = AnswerUsage()
            soFar.promptTokens = 7
            var objects = chunks.objects([.began(promptTokens: 7)], choice: 0)
            for count in 1...2 {
                soFar.answerTokens = count
                objects += chunks.objects([.text("a")], choice: 0, soFar: soFar)
            }
            objects += chunks.objects([.ended(AnswerEnd(.stop, Self.usage))], choice: 0)
            return try objects.map { try JSONValue(parsing: $0)["usage"] }
        }
        #expect(try usages("\"stream_options\": {}") == [nil, nil, nil, nil])
        let all: JSONValue = [
            "prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12,
            "prompt_tokens_details": ["cached_tokens": 2],
            "completion_tokens_details": ["reasoning_tokens": 1],
        ]
        #expect(
            try usages("\"stream_options\": {\"include_usage\": true}")
                == [.null, .null, .null, .null, all])
        let counts = try usages(
            "\"stream_options\": {\"include_usage\": true, \"continuous_usage_stats\": true}"
        ).map { $0?["completion_tokens"]?.integer }
        #expect(counts == [0, 1, 2, 5, 5])
    }

    @Test func `several choices end one by one, and the prompt is used once`() throws {
        let request = try ChatRequest.parse(
            "\"n\": 2, \"stream\": true, \"stream_options\": {\"include_usage\": true}")
        var chunks = try chunks(request)
        let end = AnswerEvent.ended(AnswerEnd(.length, Self.usage))
        #expect(chunks.objects([.began(promptTokens: 7), .text("a"), end], choice: 1).count == 1)
        let last = chunks.objects([.began(promptTokens: 7), end], choice: 0)
        #expect(last.count == 2)
        let values = try last.map { try JSONValue(parsing: $0) }
        #expect(values[0]["choices"]?.array?[0]["index"]?.integer == 0)
        #expect(values[1]["choices"] == [])
        #expect(values[1]["usage"]?["prompt_tokens"]?.integer == 7)
        #expect(values[1]["usage"]?["completion_tokens"]?.integer == 10)
    }

    @Test func `what fails in the middle is an error in the stream, and none in one piece`() throws
    {
        let reasons: [AnswerEnd.Reason] = [
            .cancelled, .failed(RequestError("bad numbers", code: .modelFailed)),
        ]
        for (reason, status) in zip(reasons, [503, 500]) {
            var chunks = try chunks(ChatRequest.parse("\"stream\": true"))
            let events: [AnswerEvent] = [
                .began(promptTokens: 1), .text("a"), .ended(AnswerEnd(reason, Self.usage)),
            ]
            let objects = try chunks.objects(events, choice: 0).map { try JSONValue(parsing: $0) }
            #expect(objects.count == 2)
            #expect(objects[1]["error"]?["code"]?.integer == status)
            let error = #expect(throws: RequestError.self) {
                try answer(ChatRequest.parse(), [ChatAnswer(events)])
            }
            #expect(error?.code.status.http == status)
        }
    }

    @Test func `thoughts may be left out, and the last message be repeated`() throws {
        let messages =
            #"[{"role": "user", "content": "u"}, {"role": "assistant", "content": "be"}]"#
        let request = try ChatRequest.parse(
            "\"include_reasoning\": false, \"continue_final_message\": true, \"echo\": true",
            messages: messages)
        #expect(!request.beginsAnswer && request.continuesLastMessage)
        let events: [AnswerEvent] = [
            .began(promptTokens: 3), .reasoning("hm"), .text("gun"),
            .ended(AnswerEnd(.stop, Self.usage)),
        ]
        let whole = try answer(request, [ChatAnswer(events)])
        let message = whole["choices"]?.array?[0]["message"]
        #expect(message == ["role": "assistant", "content": "begun"])
        var chunks = try chunks(request)
        let texts = try chunks.objects(events, choice: 0).compactMap {
            try JSONValue(parsing: $0)["choices"]?.array?[0]["delta"]?["content"]?.string
        }
        #expect(texts.joined() == "begun")
    }

    @Test func `an answer in one piece has the interface's members`() throws {
        let events: [AnswerEvent] =
            [.began(promptTokens: 7), .reasoning("hm"), .logprobs([])] + Self.call + [
                .ended(AnswerEnd(.calls, Self.usage))
            ]
        let body = try answer(ChatRequest.parse(), [ChatAnswer(events)])
        #expect(
            body == [
                "id": "chatcmpl-1", "object": "chat.completion", "created": 5, "model": "m",
                "system_fingerprint": .string(SystemFingerprint.text),
                "choices": [
                    [
                        "index": 0,
                        "message": [
                            "role": "assistant", "reasoning_content": "hm", "content": nil,
                            "tool_calls": [
                                [
                                    "id": "call_1", "type": "function",
                                    "function": ["name": "f", "arguments": "{\"x\": 1}"],
                                ]
                            ],
                        ],
                        "logprobs": nil, "finish_reason": "tool_calls",
                    ]
                ],
                "usage": [
                    "prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12,
                    "prompt_tokens_details": ["cached_tokens": 2],
                    "completion_tokens_details": ["reasoning_tokens": 1],
                ],
            ])
        let older = try ChatRequest.parse("\"functions\": [{\"name\": \"f\"}]")
        let choice = try answer(older, [ChatAnswer(events)])["choices"]?.array?[0]
        #expect(choice?["finish_reason"] == "function_call")
        #expect(choice?["message"]?["function_call"] == ["name": "f", "arguments": "{\"x\": 1}"])
        #expect(choice?["message"]?["tool_calls"] == nil)
        var chunks = try chunks(older)
        let last = try chunks.objects(events, choice: 0).map { try JSONValue(parsing: $0) }.last
        #expect(last?["choices"]?.array?[0]["finish_reason"] == "function_call")
        #expect(last?["choices"]?.array?[0]["delta"]?["function_call"] != nil)
    }

    /// S15
    @Test func `log probabilities have texts, bytes and the likeliest`() throws {
        let entry = TokenLogprob(
            token: 2, logprob: -1, rank: 2,
            top: [.init(token: 3, logprob: -0.5), .init(token: 2, logprob: -1)])
        let first = TokenLogprob(
            token: Vocabulary.first, logprob: -.infinity, rank: 1, top: [])
        let second = TokenLogprob(token: Vocabulary.second, logprob: -2, rank: 1, top: [])
        let events: [AnswerEvent] = [
            .began(promptTokens: 7), .logprobs([entry, first]), .logprobs([second]), .text("cé"),
            .ended(AnswerEnd(.stop, Self.usage)),
        ]
        let request = try ChatRequest.parse("\"logprobs\": true, \"top_logprobs\": 2")
        let choice = try answer(request, [ChatAnswer(events)])["choices"]?.array?[0]
        let expected: JSONValue = [
            [
                "token": "c", "logprob": -1.0, "bytes": [99],
                "top_logprobs": [
                    ["token": "d", "logprob": -0.5, "bytes": [100]],
                    ["token": "c", "logprob": -1.0, "bytes": [99]],
                ],
            ],
            ["token": "", "logprob": -9999.0, "bytes": [0xC3], "top_logprobs": []],
            ["token": "é", "logprob": -2.0, "bytes": [0xA9], "top_logprobs": []],
        ]
        #expect(choice?["logprobs"]?["content"] == expected)
        let ids = try ChatRequest.parse("\"logprobs\": true, \"return_tokens_as_token_ids\": true")
        let named = try answer(ids, [ChatAnswer(events)])["choices"]?.array?[0]["logprobs"]
        #expect(named?["content"]?.array?[0]["token"] == "token_id:2")
    }

    /// What a client makes of the deltas of a choice.
    private struct Joined: Equatable {
        var roles = 0
        var content = ""
        var reasoning = ""
        var calls: [ToolCall] = []
        var logprobs: [JSONValue] = []
        var ends: [JSONValue] = []

        init(_ objects: [JSONValue]) {
            for choice in objects.compactMap({ $0["choices"]?.array?.first }) {
                let delta = choice["delta"]
                roles += delta?["role"] == "assistant" ? 1 : 0
                content += delta?["content"]?.string ?? ""
                reasoning += delta?["reasoning_content"]?.string ?? ""
                for call in delta?["tool_calls"]?.array ?? [] {
                    guard let index = call["index"]?.integer else { continue }
                    if let id = call["id"]?.string, let name = call["function"]?["name"]?.string {
                        if index == calls.count {
                            calls.append(ToolCall(id: id, name: name, arguments: ""))
                        }
                    }
                    calls[index].arguments += call["function"]?["arguments"]?.string ?? ""
                }
                logprobs += choice["logprobs"]?["content"]?.array ?? []
                if let end = choice["finish_reason"], end != .null { ends.append(end) }
            }
        }
    }

    @Test func `deltas appended are the answer, for random events in random steps`() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = RandomAnswers(seed: seed)
            let reports = seed % 2 == 0
            let request = try ChatRequest.parse(
                "\"stream\": true\(reports ? ", \"logprobs\": true, \"top_logprobs\": 1" : "")")
            let events = random.events(reports: reports)
            var chunks = try chunks(request)
            var objects: [JSONValue] = []
            for step in random.steps(events) {
                objects += try chunks.objects(step, choice: 0).map { try JSONValue(parsing: $0) }
            }
            let joined = Joined(objects)
            let answer = ChatAnswer(events)
            #expect(joined.roles == 1, "seed \(seed)")
            #expect(joined.content == answer.text, "seed \(seed)")
            #expect(joined.reasoning == answer.reasoning ?? "", "seed \(seed)")
            #expect(joined.calls == answer.calls, "seed \(seed)")
            let whole = try self.answer(request, [answer])["choices"]?.array?[0]
            #expect(joined.ends == [whole?["finish_reason"] ?? .null], "seed \(seed)")
            #expect(
                joined.logprobs == whole?["logprobs"]?["content"]?.array ?? [], "seed \(seed)")
        }
    }
}
