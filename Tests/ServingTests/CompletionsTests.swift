import FakeExecutor
import QuireJSON
import Serving
import Testing

@Suite struct `Completions over HTTP` {
    @Test func `a stream's texts make the answer in one piece`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let whole = try await server.ask(
                "POST", "/v1/completions",
                body: #"{"prompt": "abc", "max_tokens": 12, "temperature": 0}"#)
            #expect(whole.status == 200)
            let choice = try #require(whole.json?["choices"]?.array?.first)
            let stream = try await server.ask(
                "POST", "/v1/completions",
                body: """
                    {"prompt": "abc", "max_tokens": 12, "temperature": 0, "stream": true, \
                    "stream_options": {"include_usage": true}}
                    """)
            #expect(stream.fields["content-type"] == "text/event-stream; charset=utf-8")
            #expect(stream.fields["cache-control"] == "no-cache")
            #expect(stream.events.last == "[DONE]")
            let events = try stream.events.dropLast().map {
                try JSONValue(parsing: Array($0.utf8))
            }
            let usage = try #require(events.last)
            #expect(usage["choices"]?.array?.isEmpty == true)
            // The second time the prompt is cached.
            #expect(
                usage["usage"]?["completion_tokens"] == whole.json?["usage"]?["completion_tokens"])
            #expect(events.dropLast().allSatisfy { $0["usage"] == JSONValue.null })
            let choices = events.dropLast().compactMap { $0["choices"]?.array?.first }
            #expect(choices.compactMap { $0["text"]?.string }.joined() == choice["text"]?.string)
            let reasons = choices.compactMap { $0["finish_reason"]?.string }
            #expect(reasons == [choice["finish_reason"]?.string])
        }
    }

    @Test func `several prompts and answers come with their indices`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let body = """
                {"prompt": ["ab", "cd"], "max_tokens": 4, "n": 2, "seed": 7, "ignore_eos": true, \
                "stream": STREAM}
                """
            let whole = try await server.ask(
                "POST", "/v1/completions", body: body.replacing("STREAM", with: "false"))
            let choices = try #require(whole.json?["choices"]?.array)
            #expect(choices.map { $0["index"]?.integer } == [0, 1, 2, 3])
            let stream = try await server.ask(
                "POST", "/v1/completions", body: body.replacing("STREAM", with: "true"))
            var texts: [Int: String] = [:]
            for event in stream.events.dropLast() {
                let choice = try JSONValue(parsing: Array(event.utf8))["choices"]?.array?.first
                texts[try #require(choice?["index"]?.integer), default: ""] +=
                    choice?["text"]?.string ?? ""
            }
            #expect(texts.count == 4)
            for choice in choices {
                #expect(texts[choice["index"]?.integer ?? -1] == choice["text"]?.string)
            }
        }
    }

    @Test func `the header of a stream comes before its first token`() async throws {
        let model = try await TestModel(isGated: true)
        try await RunningServer.with(model) { server in
            // Lets the step begin that takes the request in.
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions", body: #"{"prompt": "abc", "stream": true}"#)
            let text = await client.received("\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200"))
            #expect(!text.contains("data:"))
        }
    }

    @Test func `the first event of waiting comes no earlier than the others`() async throws {
        let model = try await TestModel(isGated: true)
        try await RunningServer.with(model) {
            $0.limits.heartbeat = .milliseconds(400)
        } _: { server in
            let client = try await server.connect()
            let start = ContinuousClock.now
            try await client.send(
                "POST", "/v1/completions",
                body: #"{"prompt": "abc", "stream": true, "max_tokens": 3}"#)
            await client.received("data: ")
            #expect(ContinuousClock.now - start >= .milliseconds(400))
            model.gate.open()
            await client.received("[DONE]")
        }
    }

    @Test func `a stream that waits gets data`() async throws {
        let model = try await TestModel(isGated: true)
        try await RunningServer.with(model) {
            $0.limits.heartbeat = .milliseconds(20)
        } _: { server in
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions",
                body: #"{"prompt": "abc", "stream": true, "max_tokens": 3, "ignore_eos": true}"#)
            // Each is an event of the dialect, and none of them a comment.
            await client.received("data: ", times: 3)
            model.gate.open()
            let text = await client.received("[DONE]")
            let answer = try #require(Answer(text))
            let events = try answer.events.dropLast().map {
                try JSONValue(parsing: Array($0.utf8))["choices"]?.array?.first
            }
            #expect(events[0]?["text"] == "")
            #expect(events[0]?["finish_reason"] == JSONValue.null)
            #expect(events.count { $0?["finish_reason"] == "length" } == 1)
        }
    }

    @Test(arguments: [
        (#"{"prompt": "abc", "temperature": 3}"#, 400, "temperature"),
        (#"{"prompt": "abc", "max_tokens": 1000}"#, 400, "max_tokens"),
        (#"{"prompt": ""}"#, 400, "prompt"),
        (#"{"prompt": [31, 32]}"#, 400, "vocabulary"),
        (#"{"prompt": "a", "model": "other"}"#, 404, "does not exist"),
        (#"{"prompt": "a", "suffix": "b"}"#, 400, "suffix"),
        (#"{"prompt": "a", "timeout": 0}"#, 400, "timeout"),
        (#"{"prompt": "a", "user": 3}"#, 400, "user"),
        (#"{"prompt": "a"} {}"#, 400, "request body"),
        (#"[1]"#, 400, "object"),
        (#"{"prompt": "a", "seed": 1e400}"#, 400, "request body"),
        (#"{"prompt": "a", "stream_options": {}}"#, 400, "stream_options"),
    ])
    func `what is wrong is said in OpenAI's shape`(
        body: String, status: Int, word: String
    ) async throws {
        try await RunningServer.with(TestModel()) { server in
            for stream in [false, true] where status == 400 || !stream {
                let answer = try await server.ask("POST", "/v1/completions", body: body)
                #expect(answer.status == status)
                let error = try #require(answer.json?["error"])
                #expect(error["message"]?.string?.contains(word) == true)
                let isLong = body.contains("1000")
                #expect(error["code"] == (isLong ? "context_length_exceeded" : .integer(status)))
            }
        }
    }

    @Test func `a prompt that is too long is refused before the stream begins`() async throws {
        try await RunningServer.with(TestModel(length: 16)) { server in
            let prompt = String(repeating: "a", count: 16)
            let answer = try await server.ask(
                "POST", "/v1/completions", body: "{\"prompt\": \"\(prompt)\", \"stream\": true}")
            #expect(answer.status == 400)
            #expect(answer.json?["error"]?["message"]?.string?.contains("16") == true)
        }
    }

    @Test func `fields that are unknown are passed over and named`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let answer = try await server.ask(
                "POST", "/v1/completions",
                body: """
                    {"prompt": "a", "max_tokens": 1, "frobnicate": 1, "metadata": {"a": "b"}, \
                    "x\\ny": 2, "model": "tiny.gguf", "stream": true, \
                    "stream_options": {"odd": 1}}
                    """)
            #expect(answer.status == 200)
            #expect(answer.fields["x-quire-ignored"] == "stream_options.odd, frobnicate, x?u?a?y")
        }
    }

    @Test func `a step that fails is an error of the request, streamed or not`() async throws {
        for stream in [false, true] {
            try await RunningServer.with(TestModel(failingStep: 0)) { server in
                let answer = try await server.ask(
                    "POST", "/v1/completions", body: "{\"prompt\": \"abc\", \"stream\": \(stream)}")
                #expect(answer.status == (stream ? 200 : 500))
                #expect(answer.body.contains("InternalServerError"))
                if stream { #expect(answer.events.last == "[DONE]") }
                let next = try await server.ask(
                    "POST", "/v1/completions", body: #"{"prompt": "abc"}"#)
                #expect(next.status == 200)
            }
        }
    }

    @Test func `an answer that takes longer than it may is an error`() async throws {
        for stream in [false, true] {
            let model = try await TestModel(isGated: true)
            try await RunningServer.with(model) { server in
                let answer = try await server.ask(
                    "POST", "/v1/completions",
                    body: "{\"prompt\": \"abc\", \"stream\": \(stream), \"timeout\": 0.05}")
                #expect(answer.status == (stream ? 200 : 504))
                #expect(answer.body.contains("GatewayTimeoutError"))
                #expect(await model.rest().used == 0)
            }
        }
    }
}
