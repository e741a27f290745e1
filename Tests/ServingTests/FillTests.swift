import QuireJSON
import Serving
import Testing

@Suite struct `Filling in the middle over HTTP` {
    private func with<Value>(
        _ test: (RunningServer) async throws -> Value
    ) async throws -> Value {
        try await RunningServer.with(TestModel(fills: true), { _ in }, test)
    }

    /// What the answer to a prompt of tokens is.
    private func answer(
        to prompt: String, _ server: RunningServer, _ more: String = ""
    ) async throws -> String? {
        let answer = try await server.ask(
            "POST", "/v1/completions",
            body: #"{"prompt": \#(prompt), "max_tokens": 8, "temperature": 0\#(more)}"#)
        return answer.json?["choices"]?.array?.first?["text"]?.string
    }

    @Test func `a suffix is the same as the prompt that it makes`() async throws {
        try await with { server in
            let text = try await answer(to: #""ab""#, server, #", "suffix": "c""#)
            #expect(text != nil)
            #expect(text == (try await answer(to: "[32, 0, 1, 33, 2, 34]", server)))
            #expect(text == (try await answer(to: "[0, 1]", server, #", "suffix": "c""#)))
            let empty = try await answer(to: #""ab""#, server, #", "suffix": """#)
            #expect(empty == (try await answer(to: #""ab""#, server)))
        }
    }

    @Test func `infill fills the same, whole and in a stream`() async throws {
        try await with { server in
            let expected = try await answer(
                to: "[32, 0, 1, 33, 2, 34]", server, #", "ignore_eos": true"#)
            let body =
                #"{"input_prefix": "a", "prompt": "b", "input_suffix": "c", "#
                + #""n_predict": 8, "temperature": 0, "cache_prompt": true, "ignore_eos": true"#
            let whole = try await server.ask("POST", "/infill", body: body + "}")
            #expect(whole.json?["content"]?.string == expected)
            #expect(whole.json?["stop"] == true)
            #expect(whole.json?["stop_type"] == "limit")
            #expect(whole.json?["tokens_evaluated"] == 6)
            #expect(
                whole.json?["prompt"] == "<|fim_prefix|>ab<|fim_suffix|>c<|fim_middle|>")
            #expect(whole.fields["x-quire-ignored"] == nil)
            let stream = try await server.ask(
                "POST", "/infill", body: body + #", "stream": true}"#)
            let events = try stream.events.map { try JSONValue(parsing: Array($0.utf8)) }
            #expect(events.compactMap { $0["content"]?.string }.joined() == expected)
            #expect(events.last?["stop"] == true)
            #expect(events.dropLast().allSatisfy { $0["stop"] == false })
        }
    }

    @Test func `infill answers with the members that are asked for`() async throws {
        try await with { server in
            let answer = try await server.ask(
                "POST", "/infill",
                body: #"{"input_prefix": "a", "input_suffix": "", "n_predict": 2, "#
                    + #""response_fields": ["content", "timings/predicted_n", "content", "x/y"]}"#)
            #expect(answer.json?.members?.map(\.key) == ["content", "timings/predicted_n"])
            #expect(answer.json?["timings/predicted_n"] == 2)
        }
    }

    @Test func `infill passes over an editor's times, and says so`() async throws {
        try await with { server in
            let answer = try await server.ask(
                "POST", "/infill",
                body: #"{"input_prefix": "a", "input_suffix": "b", "n_predict": 0, "prompt": "", "#
                    + #""input_extra": [{"text": "c", "filename": "d"}], "n_indent": 4, "#
                    + #""samplers": [], "t_max_prompt_ms": 1, "t_max_predict_ms": 1}"#)
            #expect(answer.status == 200)
            #expect(answer.json?["content"] == "")
            let ignored = answer.fields["x-quire-ignored"] ?? ""
            #expect(ignored == "t_max_prompt_ms, t_max_predict_ms, n_indent")
        }
    }

    @Test(arguments: [
        (#""prompt": "a", "suffix": "b", "echo": true"#, "echo"),
        (#""prompt": "a", "suffix": "b", "truncate_prompt_tokens": 1"#, "truncate_prompt_tokens"),
        (#""prompt": "a", "suffix": 1"#, "suffix"),
    ])
    func `a suffix goes with neither echo nor truncation`(body: String, param: String) async throws
    {
        try await with { server in
            let answer = try await server.ask("POST", "/v1/completions", body: "{\(body)}")
            #expect(answer.status == 400)
            #expect(answer.json?["error"]?["param"]?.string == param)
        }
    }

    @Test(arguments: [
        ("{}", "input_prefix"), (#"{"input_prefix": "a"}"#, "input_suffix"),
        (#"{"input_prefix": "a", "input_suffix": "b", "input_extra": [{}]}"#, "text"),
        (#"{"input_prefix": "a", "input_suffix": "b", "n_probs": 1}"#, "n_probs"),
        (#"{"input_prefix": "a", "input_suffix": "b", "grammar": "x"}"#, "grammar"),
        (#"{"input_prefix": "a", "input_suffix": "b", "samplers": "x"}"#, "samplers"),
    ])
    func `infill names what is wrong`(body: String, name: String) async throws {
        try await with { server in
            let answer = try await server.ask("POST", "/infill", body: body)
            #expect(answer.status == 400)
            #expect(answer.json?["error"]?["message"]?.string?.contains(name) == true)
        }
    }

    @Test func `a model without the tokens says so`() async throws {
        try await RunningServer.with(TestModel()) { server in
            for (path, body) in [
                ("/v1/completions", #"{"prompt": "a", "suffix": "b"}"#),
                ("/infill", #"{"input_prefix": "a", "input_suffix": "b"}"#),
            ] {
                let answer = try await server.ask("POST", path, body: body)
                #expect(answer.status == 400)
                let message = answer.json?["error"]?["message"]?.string ?? ""
                #expect(message.contains("cannot fill in the middle"))
            }
        }
    }
}
