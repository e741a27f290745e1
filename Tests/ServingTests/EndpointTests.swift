import QuireJSON
import Serving
import Testing

@Suite struct `The server's own routes` {
    @Test func `models are listed under the served name`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let list = try await server.ask("GET", "/v1/models")
            let card = try #require(list.json?["data"]?.array?.first)
            #expect(card["id"] == "tiny")
            #expect(card["root"] == "tiny")
            #expect(card["max_model_len"] == 128)
            let one = try await server.ask("GET", "/v1/models/tiny")
            #expect(one.json == card)
            #expect(try await server.ask("GET", "/v1/models/tiny%2Egguf").json == card)
            let other = try await server.ask("GET", "/v1/models/some/other")
            #expect(other.status == 404)
            #expect(other.json?["error"]?["type"] == "NotFoundError")
        }
    }

    @Test func `what is not there is said as the routes near it speak`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let ollama = try await server.ask("POST", "/api/embed", body: "{}")
            #expect(ollama.status == 404)
            #expect(ollama.json?["error"]?.string?.contains("/api/embed") == true)
            let anthropic = try await server.ask("POST", "/v1/messages/batches", body: "{}")
            #expect(anthropic.json?["type"] == "error")
            #expect(anthropic.json?["error"]?["type"] == "not_found_error")
            for path in ["/v1/embeddings", "/v1/chat/other", "/", "/other"] {
                let openAI = try await server.ask("POST", path, body: "{}")
                #expect(openAI.json?["error"]?["type"] == "NotFoundError")
            }
        }
    }

    @Test func `text becomes tokens and text again`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let tokens = try await server.ask(
                "POST", "/tokenize", body: #"{"prompt": "abé", "return_token_strs": true}"#)
            #expect(tokens.json?["tokens"] == [0, 1, 29, 30])
            #expect(tokens.json?["count"] == 4)
            #expect(tokens.json?["max_model_len"] == 128)
            #expect(tokens.json?["token_strs"]?.array?.count == 4)
            let text = try await server.ask(
                "POST", "/detokenize", body: #"{"tokens": [0, 1, 2]}"#)
            #expect(text.json == ["prompt": "abc"])
            let bad = try await server.ask("POST", "/detokenize", body: #"{"tokens": [99]}"#)
            #expect(bad.status == 400)
            let none = try await server.ask("POST", "/tokenize", body: "{}")
            #expect(none.status == 400)
        }
    }

    @Test func `a large body is read elsewhere, and answered alike`() async throws {
        let padding = String(repeating: " ", count: 100_000)
        let template = "{% for m in messages %}{{ m.content }}{% endfor %}"
        try await RunningServer.with(TestModel(template: template)) { server in
            for (path, body) in [
                ("/tokenize", #"{"prompt": "abé", "x": 1}"#), ("/tokenize", "{}"),
                ("/detokenize", #"{"tokens": [0, 1, 2]}"#), ("/detokenize", #"{"tokens": [99]}"#),
                ("/apply-template", #"{"messages": [{"role": "user", "content": "ab"}]}"#),
                ("/v1/messages/count_tokens", #"{"messages": []}"#),
                ("/v1/completions", #"{"prompt": "ab", "max_tokens": -1}"#),
                ("/v1/completions", #"{"prompt": "ab", "model": "other"}"#),
                ("/v1/chat/completions", #"{"messages": {}}"#), ("/api/show", "[]"),
            ] {
                let small = try await server.ask("POST", path, body: body)
                let large = try await server.ask("POST", path, body: body + padding)
                #expect(large.status == small.status && large.json == small.json)
            }
            let body = #"{"prompt": "ab", "max_tokens": 8, "seed": 1, "ignore_eos": true}"#
            let small = try await server.ask("POST", "/v1/completions", body: body)
            let large = try await server.ask("POST", "/v1/completions", body: body + padding)
            #expect(large.json?["choices"] == small.json?["choices"])
        }
    }

    @Test func `health, version and properties are told`() async throws {
        try await RunningServer.with(TestModel()) { server in
            #expect(try await server.ask("GET", "/health").status == 200)
            #expect(try await server.ask("GET", "/ready").status == 200)
            let version = try await server.ask("GET", "/version").json
            #expect(version == ["version": "1.2.3", "server": "quire"])
            let properties = try await server.ask("GET", "/props")
            #expect(properties.json?["total_slots"] == 4)
            #expect(properties.json?["chat_template"] == .null)
            let head = try await server.ask("HEAD", "/health")
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func `properties tell what the chat template can do`() async throws {
        let source = """
            {% for message in messages %}{{ message.role }}: {{ message.content }}
            {% endfor %}{% if add_generation_prompt %}assistant: {% endif %}
            """
        try await RunningServer.with(TestModel(template: source)) { server in
            let chat = try await server.ask("GET", "/props").json?["chat_template"]
            #expect(chat?["renders"]?["system"] == true)
            #expect(chat?["renders"]?["tools"] == false)
            #expect(chat?["reasoning"] == .null)
            #expect(chat?["calls"]?["understood"] == false)
        }
    }

    @Test func `a probe tells what listens at a port`() async throws {
        let (loads, load) = AsyncStream.makeStream(of: Void.self)
        let model = try await TestModel()
        let server = try await RunningServer.start {
            _ = await loads.first { _ in true }
            return model.served
        }
        let probe = ServerProbe(
            host: "127.0.0.1", port: server.port, key: nil, patience: .seconds(600))
        #expect(await probe.look() == .loading)
        load.yield()
        try await server.isReady()
        #expect(await probe.look() == .ready(model: "tiny", contextLength: 128))
        #expect(await probe.knows("tiny.gguf"))
        #expect(await !probe.knows("a/b"))
        try await server.stop()
        #expect(await probe.look() == .nothing)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\na: b\r\n\r\nbody", 200, "body"), ("SSH-2.0-x\r\n", 0, ""), ("", 0, ""),
        ("HTTP/1.1 x\r\n\r\n", 0, ""), ("HTTP/1.1 503 No\r\n\r\n", 503, ""),
    ])
    func `what is no HTTP has no status`(text: String, status: Int, body: String) {
        let answer = ServerProbe.parsed(Array(text.utf8))
        #expect(answer.status == status && answer.body == Array(body.utf8))
    }

    @Test func `until the model is loaded the server lives and is not ready`() async throws {
        let model = try await TestModel()
        let (loads, load) = AsyncStream.makeStream(of: Void.self)
        let server = try await RunningServer.start {
            _ = await loads.first { _ in true }
            return model.served
        }
        #expect(try await server.ask("GET", "/health").status == 200)
        let ready = try await server.ask("GET", "/ready")
        #expect(ready.status == 503)
        #expect(ready.fields["retry-after"] != nil)
        let early = try await server.ask("POST", "/v1/completions", body: #"{"prompt": "a"}"#)
        #expect(early.status == 503)
        #expect(early.json?["error"]?["message"]?.string?.contains("loaded") == true)
        load.yield()
        try await server.isReady()
        try await server.stop()
    }

    @Test func `a model that cannot be loaded ends the server`() async throws {
        struct NoModel: Error {}
        let server = try await RunningServer.start { throw NoModel() }
        await #expect(throws: NoModel.self) { try await server.ended() }
    }

    @Test func `what is not there and what is meant otherwise is said`() async throws {
        try await RunningServer.with(TestModel()) { server in
            for path in ["/", "/v1", "/v1/nothing", "/v1/..%2fprops", "/health/", "/%00"] {
                let answer = try await server.ask("GET", path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.json?["error"]?["type"] == "NotFoundError", "\(path)")
            }
            let wrong = try await server.ask("GET", "/v1/completions")
            #expect(wrong.status == 405)
            #expect(wrong.fields["allow"] == "POST")
            #expect(wrong.json?["error"]?["type"] == "MethodNotAllowedError")
        }
    }

    @Test func `a request's own name is given back, if it can be`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let named = try await server.ask("GET", "/health", ["X-Request-Id: a-1.b"])
            #expect(named.fields["x-request-id"] == "a-1.b")
            let odd = try await server.ask("GET", "/health", ["X-Request-Id: a b"])
            #expect(odd.fields["x-request-id"]?.hasPrefix("req-") == true)
        }
    }
}
