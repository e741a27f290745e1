import ChatTemplates
import QuireEngine
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation

/// Answers of Ollama's interface.
struct OllamaAnswerTests {
    private static let heading = OllamaHeading(model: "m", created: 1_700_000_000)
    private static let took = OllamaDurations(
        total: .milliseconds(3), load: .nanoseconds(1), prompt: .milliseconds(1),
        answer: .milliseconds(2))

    private func answer(
        _ kind: OllamaAnswer.Kind = .chat, reports: Bool = false
    ) throws -> OllamaAnswer {
        OllamaAnswer(
            kind, Self.heading, to: try ChatRequest.parse(reports ? "\"logprobs\": true" : ""),
            prompt: [0], tokenizer: try Vocabulary.tokenizer())
    }

    private static var usage: AnswerUsage {
        var usage = AnswerUsage()
        (usage.promptTokens, usage.answerTokens) = (7, 5)
        return usage
    }

    @Test func `a number of parameters is short`() {
        for (count, text) in [
            (0, "0"), (999, "999"), (1_000, "1K"), (268_098_176, "268M"), (494_032_768, "494M"),
            (1_540_000_000, "1.5B"), (7_615_616_512, "7.6B"), (69_990_000_000, "70B"),
        ] {
            #expect(OllamaModel.size(parameters: count) == text)
        }
    }

    private static let head = #"{"model":"m","created_at":"2023-11-14T22:13:20Z","#
    private static let tail =
        #""total_duration":3000000,"load_duration":1,"prompt_eval_count":7,"#
        + #""prompt_eval_duration":1000000,"eval_count":5,"eval_duration":2000000}"#

    @Test func `each event is an object, and calls are told when they are complete`() throws {
        var answer = try answer()
        let events: [AnswerEvent] = [
            .began(promptTokens: 7), .waiting, .reasoning("hm"), .text("a"),
            .callBegan(index: 0, id: "i", name: "f"), .callArguments(index: 0, "{\"x\": "),
            .callArguments(index: 0, "1}"), .callEnded(index: 0),
            .ended(AnswerEnd(.calls, Self.usage)),
        ]
        let texts = events.flatMap { answer.objects([$0], took: Self.took) }
            .map { String(decoding: $0, as: UTF8.self) }
        #expect(
            texts == [
                Self.head + #""message":{"role":"assistant","content":""},"done":false}"#,
                Self.head
                    + #""message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"#,
                Self.head + #""message":{"role":"assistant","content":"a"},"done":false}"#,
                Self.head + #""message":{"role":"assistant","content":"","tool_calls":[{"id":"i","#
                    + #""function":{"index":0,"name":"f","arguments":{"x":1}}}]},"done":false}"#,
                Self.head + #""message":{"role":"assistant","content":""},"done":true,"#
                    + #""done_reason":"stop","# + Self.tail,
            ])
    }

    @Test func `a text of a prompt`() throws {
        var answer = try answer(.generate)
        let texts = answer.objects(
            [.text("a"), .text("b"), .ended(AnswerEnd(.length, Self.usage))], took: Self.took
        ).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            texts == [
                Self.head + #""response":"ab","done":false}"#,
                Self.head + #""response":"","done":true,"done_reason":"length","# + Self.tail,
            ])
    }

    @Test func `arguments that are no object are in one`() throws {
        for (text, expected) in [
            ("", JSONValue.object([])), ("{\"x\": [1]}", ["x": [1]]),
            ("[1]", ["arguments": "[1]"]), ("{\"x\"", ["arguments": "{\"x\""]),
        ] {
            var answer = try answer()
            let events: [AnswerEvent] = [
                .callBegan(index: 0, id: "i", name: "f"), .callArguments(index: 0, text),
                .callEnded(index: 0),
            ]
            let object = try #require(answer.objects(events).first)
            let call = try JSONValue(parsing: object)["message"]?["tool_calls"]?.array?[0]
            #expect(call?["function"]?["arguments"] == expected)
        }
    }

    @Test func `an error is a line of the stream, and is thrown in one piece`() throws {
        let events: [AnswerEvent] = [
            .text("a"), .ended(AnswerEnd(.failed(RequestError("bad numbers")), Self.usage)),
        ]
        var stream = try answer()
        let objects = try stream.objects(events).map { try JSONValue(parsing: $0) }
        #expect(objects.count == 2)
        #expect(objects[1] == ["error": "bad numbers"])
        var whole = try answer()
        var out = JSONWriter()
        #expect(throws: RequestError.self) {
            try whole.write(ChatAnswer(events), took: Self.took, to: &out)
        }
    }

    @Test func `objects appended are the answer, for random events in random steps`() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomAnswers(seed: seed)
            let events = random.events(reports: true)
            var stream = try answer(reports: true)
            var objects: [JSONValue] = []
            for step in random.steps(events) {
                objects += try stream.objects(step).map { try JSONValue(parsing: $0) }
            }
            var single = try answer(reports: true)
            var out = JSONWriter()
            try single.write(ChatAnswer(events), took: OllamaDurations(), to: &out)
            let whole = try JSONValue(parsing: out.bytes)
            for name in ["content", "thinking"] {
                let joined = objects.compactMap { $0["message"]?[name]?.string }.joined()
                #expect(joined == whole["message"]?[name]?.string ?? "", "seed \(seed)")
            }
            let names = objects.flatMap { $0["message"]?["tool_calls"]?.array ?? [] }
            let all = whole["message"]?["tool_calls"]?.array ?? []
            #expect(names.map { $0["id"] } == all.map { $0["id"] }, "seed \(seed)")
            #expect(
                names.map { $0["function"]?["arguments"] }
                    == all.map { $0["function"]?["arguments"] }, "seed \(seed)")
            #expect(
                objects.flatMap { $0["logprobs"]?.array ?? [] } == whole["logprobs"]?.array ?? [],
                "seed \(seed)")
            #expect(objects.map { $0["done"]?.bool }.filter { $0 == true }.count == 1)
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (951_868_800, "2000-03-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"), (1_796_030_000, "2026-11-30T09:13:20Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"), (Int.max, "9999-12-31T23:59:59Z"),
        (Int.min, "0001-01-01T00:00:00Z"),
    ])
    func `a point in time is a date in UTC`(seconds: Int, text: String) {
        #expect(Timestamp.text(seconds: seconds) == text)
    }

    @Test func `models are told in the interface's shapes`() throws {
        var model = OllamaModel(name: "qwen")
        (model.bytes, model.digest, model.family) = (5, "d", "qwen2")
        (model.contextLength, model.hasTools) = (2_048, true)
        model.metadata = [JSONValue.Member("general.architecture", "qwen2")]
        let tags = try written { OllamaModel.writeTags([model], to: &$0) }["models"]?.array?[0]
        #expect(tags?["name"] == "qwen" && tags?["model"] == "qwen" && tags?["size"] == 5)
        #expect(tags?["details"]?["families"] == ["qwen2"])
        let running = try written { OllamaModel.writeRunning([model], to: &$0) }
        #expect(running["models"]?.array?[0]["context_length"] == 2_048)
        let shown = try written { model.writeShow(to: &$0) }
        #expect(shown["capabilities"] == ["completion", "tools"])
        #expect(shown["model_info"] == ["general.architecture": "qwen2"])
        #expect(try written { OllamaModel.writeVersion("1", to: &$0) } == ["version": "1"])
        let loaded = try written {
            OllamaModel.writeLoaded(.chat, Self.heading, unloads: false, to: &$0)
        }
        #expect(loaded["done_reason"] == "load" && loaded["done"] == true)
    }

    @Test func `durations beyond 64 bits of nanoseconds are the longest`() throws {
        let long = OllamaDurations(total: .seconds(Int64.max))
        let body = try written { out in
            out.beginObject()
            long.write(AnswerUsage(), to: &out)
            out.endObject()
        }
        #expect(body["total_duration"]?.integer == .max)
    }
}
