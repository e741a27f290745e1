import QuireJSON
import Serving
import Testing

@Suite struct `Conversations as text and as tokens` {
    private func with(_ test: (RunningServer) async throws -> Void) async throws {
        try await RunningServer.with(
            TestModel(template: `Conversations over HTTP`.template), { _ in }, test)
    }

    private static let messages = #""messages": [{"role": "user", "content": "abc"}]"#

    @Test func `a template is applied to a conversation`() async throws {
        try await with { server in
            let answer = try await server.ask(
                "POST", "/apply-template", body: "{\(Self.messages), \"temperature\": 1}")
            #expect(answer.json == ["prompt": "u abc.a "])
            let open = try await server.ask(
                "POST", "/apply-template",
                body: "{\(Self.messages), \"add_generation_prompt\": false, \"unheard_of\": 1}")
            #expect(open.json == ["prompt": "u abc."])
            #expect(open.fields["x-quire-ignored"] == "unheard_of")
        }
    }

    @Test func `the tokens of a conversation are those of its prompt`() async throws {
        try await with { server in
            let chat = try await server.ask(
                "POST", "/tokenize",
                body: "{\(Self.messages), \"return_token_strs\": true, \"model\": \"tiny\"}")
            let text = try await server.ask(
                "POST", "/tokenize", body: #"{"prompt": "u abc.a ", "return_token_strs": true}"#)
            #expect(chat.json == text.json)
            #expect(chat.json?["count"] == 8)
            let open = try await server.ask(
                "POST", "/tokenize",
                body: "{\(Self.messages), \"add_generation_prompt\": false, "
                    + "\"add_special_tokens\": true}")
            #expect(open.json?["count"] == 6)
        }
    }

    @Test(arguments: [
        ("/tokenize", #"{"messages": []}"#, "messages"),
        ("/tokenize", "{\(messages), \"prompt\": \"a\"}", "prompt"),
        ("/tokenize", "{\(messages), \"chat_template\": \"a\"}", "chat_template"),
        ("/apply-template", "{}", "messages"),
        ("/apply-template", "{\(messages), \"tools\": 3}", "tools"),
    ])
    func `what is wrong is named`(path: String, body: String, param: String) async throws {
        try await with { server in
            let answer = try await server.ask("POST", path, body: body)
            #expect(answer.status == 400)
            #expect(answer.json?["error"]?["param"]?.string == param)
        }
    }

    @Test(arguments: ["/tokenize", "/apply-template"])
    func `another model is not there, and one without a template says so`(
        path: String
    ) async throws {
        try await with { server in
            let other = try await server.ask(
                "POST", path, body: "{\(Self.messages), \"model\": \"other\"}")
            #expect(other.status == 404)
        }
        try await RunningServer.with(TestModel()) { server in
            let answer = try await server.ask("POST", path, body: "{\(Self.messages)}")
            #expect(answer.status == 400)
            #expect(answer.body.contains("--chat-template"))
        }
    }
}
