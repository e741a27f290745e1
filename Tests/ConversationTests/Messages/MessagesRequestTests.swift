import ChatTemplates
import QuireEngine
import QuireJSON
import Testing

@testable import Conversation

/// Bodies of the Messages interface as requests.
struct MessagesRequestTests {
    private func request(
        _ members: String, messages: String = #"[{"role": "user", "content": "hi"}]"#
    ) throws -> MessagesRequest {
        try MessagesRequest(
            .parsed(#"{"max_tokens": 9, "messages": \#(messages)\#(members)}"#))
    }

    private func messages(_ list: String) throws -> [ChatMessage] {
        try request("", messages: list).chat.messages
    }

    @Test func `what a body leaves out has the interface's defaults`() throws {
        let request = try request("")
        #expect(request.chat.messages == [ChatMessage(.user, "hi")])
        #expect(request.chat.parameters == SamplingParameters(temperature: 1, maxTokens: 9))
        #expect(request.thoughts == .none)
        #expect(request.chat.reasoning.isEnabled == false)
        #expect(!request.chat.isStreamed && request.chat.beginsAnswer)
    }

    @Test func `parameters have their places`() throws {
        let chat = try request(
            #", "temperature": 0.5, "top_p": 0.9, "top_k": 5, "stop_sequences": ["a", "b"], "#
                + #""stream": true, "model": "m", "metadata": {"user_id": "u"}"#
        ).chat
        var expected = SamplingParameters(temperature: 0.5, maxTokens: 9)
        (expected.topP, expected.topK, expected.stop) = (0.9, 5, ["a", "b"])
        #expect(chat.parameters == expected)
        #expect(chat.isStreamed && chat.model == "m" && chat.ignored.isEmpty)
    }

    @Test func `what Claude Code sends is understood, and what is not is named`() throws {
        let request = try MessagesRequest(.parsed(ClaudeCode.body))
        let chat = request.chat
        #expect(chat.messages.map(\.role) == [.system, .user, .system])
        #expect(chat.messages[0].content == [.text("You are an agent."), .text("\nBe brief.")])
        #expect(chat.messages[1].text == "<system-reminder>\nx\n</system-reminder>\nsay hello")
        #expect(chat.tools.map(\.name) == ["Bash"])
        #expect(chat.ignored == ["context_management"])
        #expect(request.thoughts == .omitted)
        #expect(chat.reasoning.isEnabled == nil && chat.reasoning.effort == "high")
    }

    @Test(arguments: [
        (#""x-anthropic-billing-header: cc_version=1; cch=ab12;\nYou.""#, "You."),
        (#"[{"type": "text", "text": "x-anthropic-billing-header: a"}]"#, nil),
        (#""Say x-anthropic-billing-header""#, "Say x-anthropic-billing-header"),
        (
            #"[{"type": "text", "text": "x-anthropic-billing-header: a\r\nYou.\n"}, "#
                + #"{"type": "text", "text": " Be.", "cache_control": {"type": "ephemeral"}}]"#,
            "You.\n Be."
        ),
        (#""\n\nYou.\n""#, "\n\nYou.\n"),
    ])
    func `the line for billing is taken out and nothing else`(system: String, left: String?) throws
    {
        let chat = try request(#", "system": \#(system)"#).chat
        #expect(chat.messages.first { $0.role == .system }?.text == left)
    }

    @Test func `a history of calls keeps its order and its ties`() throws {
        let messages = try messages(
            #"""
            [{"role": "user", "content": "edit"},
             {"role": "assistant", "content": [
               {"type": "thinking", "thinking": "hm", "signature": ""},
               {"type": "redacted_thinking", "data": "zzz"},
               {"type": "text", "text": "I read."},
               {"type": "tool_use", "id": "t1", "name": "Read", "input": {"path": "é", "n": 1.0}},
               {"type": "tool_use", "id": "t2", "name": "Bash", "input": {}}]},
             {"role": "user", "content": [
               {"type": "tool_result", "tool_use_id": "t2", "content": "no", "is_error": true},
               {"type": "tool_result", "tool_use_id": "t1",
                "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
               {"type": "text", "text": "go on"}]},
             {"role": "system", "content": "hurry"}]
            """#)
        #expect(messages.map(\.role) == [.user, .assistant, .tool, .tool, .user, .system])
        #expect(messages[1].reasoning == "hm")
        #expect(messages[1].text == "I read.")
        #expect(
            messages[1].calls == [
                ToolCall(id: "t1", name: "Read", arguments: #"{"path":"é","n":1.0}"#),
                ToolCall(id: "t2", name: "Bash", arguments: "{}"),
            ])
        #expect(messages[2].name == "Bash" && messages[2].isError && messages[2].callID == "t2")
        #expect(messages[3].name == "Read" && messages[3].text == "ab" && !messages[3].isError)
        #expect(messages[4].text == "go on")
    }

    @Test func `thoughts that were left out of the answer come back`() throws {
        let thought = MessagesThought("hm", .omitted)
        #expect(thought.text == "")
        let messages = try messages(
            #"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "#
                + "[\(thought.block.text), "
                + #"{"type": "thinking", "thinking": "", "signature": "another server's"}, "#
                + #"{"type": "text", "text": "b"}]}, {"role": "user", "content": "c"}]"#)
        #expect(messages[1].reasoning == "hm")
    }

    @Test func `an answer that has begun is gone on with`() throws {
        let chat = try request(
            "",
            messages: #"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]"#
        ).chat
        #expect(chat.continuesLastMessage && !chat.beginsAnswer)
    }

    @Test func `tools and the choice of them`() throws {
        let tools =
            #", "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}, "#
            + #"{"type": "bash_20250124", "name": "bash"}, "#
            + #"{"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"}]"#
        let chat = try request(tools).chat
        #expect(chat.tools.map(\.name) == ["f", "bash", "str_replace_based_edit_tool"])
        #expect(
            chat.tools[0]
                == ToolDefinition(name: "f", description: "d", parameters: ["type": "object"]))
        for (text, choice, isParallel) in [
            (#"{"type": "auto"}"#, ToolChoice.auto, true), (#"{"type": "any"}"#, .required, true),
            (#"{"type": "none"}"#, .none, true),
            (#"{"type": "tool", "name": "f"}"#, .named("f"), true),
            (#"{"type": "auto", "disable_parallel_tool_use": true}"#, .auto, false),
        ] {
            let chat = try request(tools + #", "tool_choice": \#(text)"#).chat
            #expect(chat.toolChoice == choice && chat.allowsParallelCalls == isParallel, "\(text)")
        }
    }

    @Test func `a deferred tool is there once the conversation shows it`() throws {
        let tools =
            #", "tools": [{"name": "f", "input_schema": {}, "defer_loading": true}, "#
            + #"{"name": "g", "input_schema": {}}]"#
        #expect(try request(tools).chat.tools.map(\.name) == ["g"])
        let call =
            #"{"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "s", "#
        let shown = try request(
            tools,
            messages: #"[{"role": "user", "content": "a"}, \#(call)"input": {}}]}, "#
                + #"{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "#
                + #""content": [{"type": "tool_reference", "tool_name": "f"}]}]}, "#
                + #"{"role": "system", "content": [{"type": "tool_removal", "#
                + #""tool": {"type": "tool_reference", "name": "g"}}]}]"#
        ).chat
        #expect(shown.tools.map(\.name) == ["f"])
    }

    @Test func `an image in a tool's result is said to be one and named`() throws {
        let chat = try request(
            "",
            messages: #"[{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "#
                + #""content": [{"type": "image", "source": {}}]}]}]"#
        ).chat
        #expect(chat.messages[0].text.contains("image"))
        #expect(chat.ignored == ["messages[0].content[0].content[0].image"])
    }

    @Test func `thinking is on, off, or as the template has it`() throws {
        let on = try request(#", "thinking": {"type": "enabled", "budget_tokens": 5}"#)
        #expect(on.thoughts == .shown && on.chat.reasoning.isEnabled == true)
        #expect(on.chat.reasoning.budget == 5)
        let off = try request(#", "thinking": {"type": "disabled"}"#)
        #expect(off.thoughts == .none && !off.chat.reasoning.isShown)
        let free = try request(#", "thinking": {"type": "adaptive"}"#)
        #expect(free.thoughts == .shown && free.chat.reasoning.isEnabled == nil)
    }

    @Test func `tokens are counted without a limit`() throws {
        let body = try JSONValue.parsed(#"{"messages": [{"role": "user", "content": "a"}]}"#)
        #expect(try MessagesRequest(body, counts: true).chat.messages.count == 1)
        #expect(throws: RequestError.self) { try MessagesRequest(body) }
        #expect(MessagesAnswer.count(3) == ["input_tokens": 3])
    }

    @Test(arguments: [
        (#""max_tokens": 0"#, "max_tokens"), (#""messages": []"#, "messages"),
        (#""messages": "a""#, "messages"), (#""messages": [{}]"#, "messages[0].role"),
        (#""messages": [{"role": "tool", "content": ""}]"#, "messages[0].role"),
        (#""messages": [{"role": "user"}]"#, "messages[0].content"),
        (#""messages": [{"role": "user", "content": 1}]"#, "messages[0].content"),
        (
            #""messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]"#,
            "messages[0].content[0].type"
        ),
        (
            #""messages": [{"role": "user", "content": [{"type": "document", "source": {}}]}]"#,
            "messages[0].content[0].source"
        ),
        (
            #""messages": [{"role": "assistant", "content": [{"type": "server_tool_use"}]}]"#,
            "messages[0].content[0].type"
        ),
        (
            #""messages": [{"role": "assistant", "content": [{"type": "tool_use", "name": "f"}]}]"#,
            "messages"
        ),
        (#""temperature": 3"#, "temperature"), (#""top_p": 0"#, "top_p"),
        (#""top_k": -2"#, "top_k"), (#""stop_sequences": [""]"#, "stop_sequences"),
        (#""thinking": {"type": "much"}"#, "thinking.type"),
        (#""thinking": {"type": "enabled", "budget_tokens": 0}"#, "thinking.budget_tokens"),
        (#""output_config": {"format": {"type": "json_schema"}}"#, "output_config.format"),
        (#""output_config": {"effort": "vast"}"#, "output_config.effort"),
        (#""tools": [{"type": "web_search_20250305", "name": "web_search"}]"#, "tools[0].type"),
        (#""tools": [{"type": "computer_20250124", "name": "computer"}]"#, "tools[0].type"),
        (#""tools": [{"name": "f"}]"#, "tools[0].input_schema"),
        (#""tools": [{"name": "f", "input_schema": {}, "strict": true}]"#, "tools[0].strict"),
        (
            #""tools": [{"name": "f", "input_schema": {}}, {"name": "f", "input_schema": {}}]"#,
            "tools[1].name"
        ),
        (#""tool_choice": {"type": "any"}"#, "tool_choice.type"),
        (#""tool_choice": {"type": "tool", "name": "f"}"#, "tool_choice.name"),
        (#""mcp_servers": [{}]"#, "mcp_servers"), (#""metadata": 3"#, "metadata"),
    ])
    func `what is wrong is named by its path`(text: String, name: String) {
        let error = #expect(throws: RequestError.self) { try request(", " + text) }
        #expect(error?.param == name)
        #expect(error?.message.contains("`\(name)`") == true)
        #expect(error?.code == .invalidRequest)
    }

    @Test func `errors have the interface's types and words`() {
        for (code, type) in [
            (RequestError.Code.invalidRequest, "invalid_request_error"),
            (.notFound, "not_found_error"), (.busy, "overloaded_error"),
            (.modelFailed, "api_error"), (.contextExceeded, "invalid_request_error"),
        ] {
            let body = MessagesError.body(RequestError("no", code: code))
            #expect(body == ["type": "error", "error": ["type": .string(type), "message": "no"]])
        }
        let overflow = RequestError(
            "long", code: .contextExceeded,
            overflow: ContextOverflow(promptTokens: 9, contextTokens: 8))
        let message = MessagesError.body(overflow)["error"]?["message"]
        #expect(message == "prompt is too long: 9 tokens > 8 maximum")
    }
}
