import ChatTemplates
import QuireEngine
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation

/// Answers of the Responses interface, streamed and whole.
struct ResponseEventsTests {
    private static let heading = ResponseHeading(id: "resp_1", created: 7, model: "m")
    private static let tools = [
        "exec_command", "apply_patch", "multi_agent_v1__close_agent", "tool_search", "unknown",
    ]

    private func request(_ members: String = "") throws -> ResponsesRequest {
        guard members.isEmpty else { return try ResponsesRequest(.parsed("{\(members)}")) }
        return try ResponsesRequest(.parsed(Codex.body))
    }

    private func events(
        _ events: [AnswerEvent], _ request: ResponsesRequest, texts: LogprobTexts? = nil
    ) -> [DialectEvent] {
        var stream = ResponseEvents(Self.heading, to: request, texts: texts)
        return events.flatMap { stream.events(for: $0) }
    }

    @Test func `an answer of a thought, a text and calls`() throws {
        let got = events(
            [
                .began(promptTokens: 9), .waiting, .reasoning("hm"), .text("a"), .text("b"),
                .callBegan(index: 0, id: "c0", name: "multi_agent_v1__close_agent"),
                .callArguments(index: 0, "{}"), .callEnded(index: 0),
                .callBegan(index: 1, id: "c1", name: "apply_patch"),
                .callArguments(index: 1, "{\"input\": \"x\\"), .callArguments(index: 1, "ny\"}"),
                .callEnded(index: 1), .ended(AnswerEnd(.calls, AnswerUsage())),
            ], try request())
        #expect(
            got.map(\.name) == [
                "response.created", "response.in_progress", "response.in_progress",
                "response.output_item.added", "response.content_part.added",
                "response.reasoning_text.delta", "response.reasoning_text.done",
                "response.content_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.output_item.added",
                "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.output_item.done",
                "response.output_item.added", "response.custom_tool_call_input.delta",
                "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done",
                "response.output_item.done", "response.completed",
            ])
        for (index, event) in got.enumerated() {
            #expect(event.body["type"] == .string(event.name))
            #expect(event.body["sequence_number"]?.integer == index)
        }
        let thought = got[8].body["item"]
        #expect(thought?["content"]?[0, "text"] == "hm")
        #expect(thought?["encrypted_content"] == "quire:hm")
        #expect(got[11].body["logprobs"] == [] && got[11].body["item_id"] == "msg_1_1")
        let call = got[19].body["item"]
        #expect(call?["name"] == "close_agent" && call?["namespace"] == "multi_agent_v1")
        #expect(call?["type"] == "function_call" && call?["call_id"] == "c0")
        #expect(got[21].body["delta"] == "x" && got[22].body["delta"] == "\ny")
        #expect(got[24].body["item", "input"] == "x\ny")
        #expect(got[24].body["item", "type"] == "custom_tool_call")
        #expect(got.last?.body["response", "status"] == "completed")
    }

    @Test func `the whole object says what the request said`() throws {
        var answer = ChatAnswer()
        answer.append(.text("a"))
        var usage = AnswerUsage()
        (usage.promptTokens, usage.cachedTokens, usage.answerTokens) = (9, 4, 5)
        usage.reasoningTokens = 2
        answer.append(.ended(AnswerEnd(.length, usage)))
        let request = try request(
            #""input": "hi", "instructions": "i", "metadata": {"a": "b"}, "temperature": 0"#)
        let body = try ResponseObject(Self.heading, to: request).body(answer)
        #expect(body["id"] == "resp_1" && body["object"] == "response")
        #expect(body["created_at"] == 7 && body["model"] == "m" && body["status"] == "incomplete")
        #expect(body["incomplete_details"] == ["reason": "max_output_tokens"])
        #expect(body["output", 0, "status"] == "incomplete")
        #expect(body["instructions"] == "i" && body["metadata"] == ["a": "b"])
        #expect(body["temperature"] == 0.0 && body["tools"] == [] && body["store"] == true)
        #expect(
            body["usage"] == [
                "input_tokens": 9,
                "input_tokens_details": ["cached_tokens": 4, "cache_write_tokens": 0],
                "output_tokens": 5, "output_tokens_details": ["reasoning_tokens": 2],
                "total_tokens": 14,
            ])
    }

    @Test func `an answer that fails says so in the words that agents know`() throws {
        let error = RequestError("too long", code: .contextExceeded)
        let got = events([.ended(AnswerEnd(.failed(error), AnswerUsage()))], try request())
        #expect(
            got.map(\.name) == ["response.created", "response.in_progress", "response.failed"])
        let response = got.last?.body["response"]
        #expect(response?["status"] == "failed")
        #expect(
            response?["error"] == ["code": "context_length_exceeded", "message": "too long"])
    }

    @Test(arguments: [true, false])
    func `events appended are the answer`(showsThoughts: Bool) throws {
        var request = try request()
        request.chat.reasoning.isShown = showsThoughts
        for seed in 0 as UInt64..<300 {
            let random = RandomAnswer(seed: seed, tools: Self.tools)
            let body = try ResponseObject(Self.heading, to: request).body(random.answer)
            let events = events(random.events, request)
            #expect(events.last?.body["response"] == body, "seed \(seed)")
            #expect(joined(events) == (body["output"]?.array ?? []).map(told), "seed \(seed)")
            let done = events.filter { $0.name == "response.output_item.done" }
            #expect(done.compactMap { $0.body["item"] } == body["output"]?.array)
            #expect(
                events.compactMap { $0.body["sequence_number"]?.integer } == Array(events.indices))
        }
    }

    @Test func `log probabilities come with the texts they are of`() throws {
        let request = try request(#""input": "hi", "top_logprobs": 1"#)
        let texts = LogprobTexts(tokenizer: try Vocabulary.tokenizer(), after: [0])
        for seed in 0 as UInt64..<100 {
            let random = RandomAnswer(seed: seed, tools: ["f"], reports: true)
            let object = ResponseObject(Self.heading, to: request, texts: texts)
            let body = try object.body(random.answer)
            let events = events(random.events, request, texts: texts)
            #expect(events.last?.body["response"] == body, "seed \(seed)")
            let deltas = events.filter { $0.name == "response.output_text.delta" }
                .flatMap { $0.body["logprobs"]?.array ?? [] }
            let whole = (body["output"]?.array ?? [])
                .flatMap { $0["content"]?[0, "logprobs"]?.array ?? [] }
            #expect(deltas == whole, "seed \(seed)")
            for entry in whole {
                #expect(entry["logprob"] == -1.0 && entry["top_logprobs", 0, "token"] == "d")
                #expect(entry["bytes"]?.array?.count == 1)
            }
        }
    }

    /// What deltas add up to, one for each item.
    private func joined(_ events: [DialectEvent]) -> [String] {
        var texts: [String] = []
        for event in events {
            if event.name == "response.output_item.added" { texts.append("") }
            guard let delta = event.body["delta"]?.string else { continue }
            #expect(event.body["output_index"]?.integer == texts.count - 1)
            texts[texts.count - 1] += delta
        }
        return texts
    }

    /// What the deltas of an item should have said.
    private func told(_ item: JSONValue) -> String {
        if item["type"] == "tool_search_call" { return "" }
        let text = item["content"]?[0, "text"] ?? item["input"] ?? item["arguments"]
        return text?.string ?? ""
    }
}
