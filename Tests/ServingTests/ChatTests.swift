import QuireJSON
import Serving
import Testing

@Suite struct `Conversations over HTTP` {
    /// What is said, word by word; no system messages.
    static let template = """
        {%- for m in messages %}{% if m.role == 'system' %}\
        {{- raise_exception('no system messages') }}{% endif %}\
        {{- m.role[:1] + ' ' + m.content + '.' }}{% endfor %}\
        {%- if add_generation_prompt %}a {% endif %}
        """

    private func model() async throws -> TestModel {
        try await TestModel(template: Self.template)
    }

    private static let messages = #""messages": [{"role": "user", "content": "abc def"}]"#

    @Test func `a stream of chunks makes the answer in one piece`() async throws {
        try await RunningServer.with(model()) { server in
            func body(_ more: String) -> String {
                "{\(Self.messages), \"max_tokens\": 12, \"temperature\": 0, \"n\": 1\(more)}"
            }
            let whole = try await server.ask("POST", "/v1/chat/completions", body: body(""))
            #expect(whole.status == 200 && whole.json?["object"] == "chat.completion")
            let message = whole.json?["choices"]?.array?.first?["message"]
            let stream = try await server.ask(
                "POST", "/v1/chat/completions",
                body: body(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"))
            #expect(stream.events.last == "[DONE]")
            let events = try stream.events.dropLast().map {
                try JSONValue(parsing: Array($0.utf8))
            }
            let deltas = events.compactMap { $0["choices"]?.array?.first?["delta"] }
            #expect(deltas.first?["role"] == "assistant")
            #expect(
                deltas.compactMap { $0["content"]?.string }.joined() == message?["content"]?.string)
            #expect(
                events.last?["usage"]?["prompt_tokens"] == whole.json?["usage"]?["prompt_tokens"])
            #expect(events.last?["choices"]?.array?.isEmpty == true)
        }
    }

    @Test func `the ids of tokens and the prompt's log probabilities come where they are wanted`()
        async throws
    {
        try await RunningServer.with(model()) { server in
            let prompt = try await server.ask(
                "POST", "/tokenize", body: "{\(Self.messages)}")
            let ids = try #require(prompt.json?["tokens"]?.array)
            func body(_ more: String) -> String {
                "{\(Self.messages), \"max_tokens\": 5, \"temperature\": 0, \(more)}"
            }
            let whole = try await server.ask(
                "POST", "/v1/chat/completions",
                body: body("\"return_token_ids\": true, \"prompt_logprobs\": 1"))
            #expect(whole.json?["prompt_token_ids"]?.array == ids)
            let tokens = whole.json?["choices"]?.array?.first?["token_ids"]?.array
            #expect(tokens?.count == 5)
            #expect(whole.json?["prompt_logprobs"]?.array?.count == ids.count)
            #expect(whole.json?["prompt_logprobs"]?.array?.first == JSONValue.null)
            let stream = try await server.ask(
                "POST", "/v1/chat/completions",
                body: body("\"return_token_ids\": true, \"stream\": true"))
            let events = try stream.events.dropLast().map {
                try JSONValue(parsing: Array($0.utf8))
            }
            #expect(events.first?["prompt_token_ids"]?.array == ids)
            #expect(events.dropFirst().allSatisfy { $0["prompt_token_ids"] == nil })
            let streamed = events.flatMap {
                $0["choices"]?.array?.first?["token_ids"]?.array ?? []
            }
            #expect(streamed == tokens)
        }
    }

    @Test(arguments: [("left", 3), ("right", 0)])
    func `a prompt is shortened where the request asks for it`(
        side: String, start: Int
    ) async throws {
        try await RunningServer.with(model()) { server in
            let prompt = try await server.ask("POST", "/tokenize", body: "{\(Self.messages)}")
            let ids = try #require(prompt.json?["tokens"]?.array)
            let answer = try await server.ask(
                "POST", "/v1/chat/completions",
                body: "{\(Self.messages), \"max_tokens\": 1, \"return_token_ids\": true, "
                    + "\"truncate_prompt_tokens\": \(ids.count - 3), "
                    + "\"truncation_side\": \"\(side)\"}")
            #expect(
                answer.json?["prompt_token_ids"]?.array
                    == Array(ids[start..<start + ids.count - 3]))
            #expect(answer.json?["usage"]?["prompt_tokens"]?.integer == ids.count - 3)
        }
    }

    @Test func `a message comes in Anthropic's events, and is counted alike`() async throws {
        try await RunningServer.with(model()) { server in
            let body =
                "{\"model\": \"tiny\", \"max_tokens\": 8, \"temperature\": 0, \(Self.messages)"
            let whole = try await server.ask("POST", "/v1/messages?beta=true", body: body + "}")
            #expect(whole.status == 200 && whole.json?["type"] == "message")
            let stream = try await server.ask(
                "POST", "/v1/messages", body: body + ", \"stream\": true}")
            let events = try stream.events.map { try JSONValue(parsing: Array($0.utf8)) }
            let names = events.compactMap { $0["type"]?.string }
            #expect(names.first == "message_start" && names.last == "message_stop")
            let text = events.compactMap { $0["delta"]?["text"]?.string }.joined()
            #expect(text == whole.json?["content"]?.array?.first?["text"]?.string)
            let count = try await server.ask(
                "POST", "/v1/messages/count_tokens", body: "{\"model\": \"tiny\", \(Self.messages)}"
            )
            let usage = whole.json?["usage"]
            let read = usage?["cache_read_input_tokens"]?.integer ?? 0
            #expect(
                count.json?["input_tokens"]?.integer == (usage?["input_tokens"]?.integer ?? 0)
                    + read)
        }
    }

    @Test func `a response goes on from the one before`() async throws {
        try await RunningServer.with(model()) { server in
            let first = try await server.ask(
                "POST", "/v1/responses",
                body: #"{"input": "abc", "max_output_tokens": 6, "temperature": 0}"#)
            #expect(first.status == 200 && first.json?["object"] == "response")
            let id = try #require(first.json?["id"]?.string)
            let stream = try await server.ask(
                "POST", "/v1/responses",
                body: """
                    {"input": "def", "max_output_tokens": 6, "temperature": 0, "stream": true, \
                    "previous_response_id": "\(id)"}
                    """)
            let events = try stream.events.map { try JSONValue(parsing: Array($0.utf8)) }
            #expect(events.first?["type"] == "response.created")
            let last = try #require(events.last?["response"])
            #expect(["completed", "incomplete"].contains(last["status"]?.string ?? ""))
            let used = last["usage"]?["input_tokens"]?.integer ?? 0
            #expect(used > first.json?["usage"]?["input_tokens"]?.integer ?? .max)
            let lost = try await server.ask(
                "POST", "/v1/responses",
                body: #"{"input": "def", "previous_response_id": "resp_nobody"}"#)
            #expect(lost.status == 404 || lost.status == 400)
        }
    }

    @Test func `Ollama's clients get lines, and a model that is there`() async throws {
        try await RunningServer.with(model()) { server in
            let stream = try await server.ask(
                "POST", "/api/chat",
                body: "{\"model\": \"tiny\", \(Self.messages), \"options\": {\"num_predict\": 5}}")
            let lines = try stream.body.split(separator: "\n").map {
                try JSONValue(parsing: Array($0.utf8))
            }
            #expect(lines.last?["done"] == .bool(true) && lines.count > 1)
            #expect((1...5).contains(lines.last?["eval_count"]?.integer ?? 0))
            let raw = try await server.ask(
                "POST", "/api/generate",
                body: #"{"model": "tiny", "prompt": "abc", "raw": true, "stream": false}"#)
            #expect(raw.json?["done"] == .bool(true))
            let load = try await server.ask("POST", "/api/generate", body: #"{"model": "tiny"}"#)
            #expect(load.status == 200 && load.json?["done"] == .bool(true))
            let tags = try await server.ask("GET", "/api/tags")
            #expect(tags.json?["models"]?.array?.first?["name"] == "tiny")
            let shown = try await server.ask("POST", "/api/show", body: #"{"model": "tiny"}"#)
            #expect(shown.status == 200)
            let other = try await server.ask("POST", "/api/show", body: #"{"model": "big"}"#)
            #expect(other.status == 404 && other.json?["error"]?.string != nil)
        }
    }

    @Test func `a system message is folded where the template has no place for it`() async throws {
        try await RunningServer.with(model()) { server in
            let answer = try await server.ask(
                "POST", "/v1/chat/completions",
                body: """
                    {"messages": [{"role": "user", "content": "abc"}, \
                    {"role": "assistant", "content": "def"}, \
                    {"role": "system", "content": "ghi"}, \
                    {"role": "developer", "content": "jkl"}, \
                    {"role": "user", "content": "mno"}], "max_tokens": 2}
                    """)
            #expect(answer.status == 200, "\(answer.body)")
        }
    }

    @Test(arguments: [
        ("/v1/chat/completions", "error"), ("/v1/messages", "type"), ("/api/chat", "error"),
        ("/v1/responses", "error"),
    ])
    func `without a template it is said what would do, in the dialect's shape`(
        path: String, key: String
    ) async throws {
        try await RunningServer.with(TestModel()) { server in
            let body =
                path == "/v1/responses"
                ? #"{"input": "abc"}"#
                : "{\"model\": \"tiny\", \"max_tokens\": 5, \(Self.messages)}"
            let answer = try await server.ask("POST", path, body: body)
            #expect(answer.status == 400 && answer.json?[key] != nil, "\(answer.body)")
            #expect(answer.body.contains("--chat-template"))
        }
    }

    @Test func `one client's conversations change nobody's tokens`() async throws {
        try await RunningServer.with(model()) { server in
            let body = "{\(Self.messages), \"max_tokens\": 10, \"temperature\": 0}"
            func text() async throws -> String? {
                try await server.ask("POST", "/v1/chat/completions", body: body)
                    .json?["choices"]?.array?.first?["message"]?["content"]?.string
            }
            let alone = try await text()
            await withTaskGroup(of: String?.self) { group in
                for _ in 0..<16 { group.addTask { try? await text() } }
                for index in 0..<16 {
                    group.addTask {
                        _ = try? await server.ask(
                            "POST", "/v1/messages",
                            body: "{\"max_tokens\": 9, \(Self.messages), \"seed\": \(index)}")
                        return alone
                    }
                }
                for await other in group { #expect(other == alone) }
            }
        }
    }
}
