import ChatTemplates
import QuireEngine
import QuireJSON
import Testing

@testable import Conversation

/// Bodies of the Responses interface as requests.
struct ResponsesRequestTests {
    private func request(
        _ members: String = "", input: String = "\"hi\"", store: ResponseStore = ResponseStore()
    ) throws -> ResponsesRequest {
        try ResponsesRequest(.parsed("{\"input\": \(input)\(members)}"), store: store)
    }

    @Test func `what a body leaves out has the interface's defaults`() throws {
        let request = try request()
        #expect(request.chat.messages == [ChatMessage(.user, "hi")])
        #expect(request.chat.parameters == SamplingParameters(temperature: 1))
        #expect(request.stores && request.previousResponseID == nil && !request.carriesThoughts)
        #expect(request.chat.allowsParallelCalls && !request.chat.dropsOldestMessages)
    }

    @Test func `parameters have their places`() throws {
        let chat = try request(
            #", "temperature": 0.5, "top_p": 0.9, "max_output_tokens": 7, "stream": true, "#
                + #""model": "m", "truncation": "auto", "instructions": "Be brief.", "seed": 3, "#
                + #""parallel_tool_calls": false, "metadata": {"a": "b"}, "user": "u", "#
                + #""stream_options": {"include_obfuscation": false}, "service_tier": "auto""#
        ).chat
        var expected = SamplingParameters(temperature: 0.5, maxTokens: 7, seed: 3)
        expected.topP = 0.9
        #expect(chat.parameters == expected)
        #expect(chat.messages == [ChatMessage(.system, "Be brief."), ChatMessage(.user, "hi")])
        #expect(chat.isStreamed && chat.dropsOldestMessages && !chat.allowsParallelCalls)
        #expect(chat.ignored.isEmpty)
    }

    @Test func `what Codex sends is understood, and what is not is named`() throws {
        let request = try ResponsesRequest(.parsed(Codex.body))
        let messages = request.chat.messages
        #expect(messages.map(\.role) == [.developer, .user, .assistant, .tool, .tool])
        #expect(messages[2].reasoning == "hm")
        #expect(
            messages[2].calls == [
                ToolCall(
                    id: "call_1", name: "apply_patch",
                    arguments: #"{"input":"*** Begin Patch\n\"é\"\n"}"#),
                ToolCall(
                    id: "call_2", name: "multi_agent_v1__close_agent",
                    arguments: "{\"target\": \"a\"}"),
            ])
        #expect(messages[3].name == "apply_patch" && messages[3].text == "done")
        #expect(messages[4].text.hasPrefix("closed[image"))
        #expect(
            request.chat.tools.map(\.name) == [
                "exec_command", "apply_patch", "multi_agent_v1__close_agent",
                "multi_agent_v1__send_input", "tool_search",
            ])
        #expect(
            request.chat.tools[1].description
                == "Edits.\n\nThe text must follow this grammar (lark):\nstart: hunk+")
        #expect(request.chat.tools[2].description == "Agents.\n\nCloses.")
        #expect(
            request.chat.ignored == [
                "tools[4].web_search", "input[6].output[1].input_image", "text.verbosity",
            ])
        #expect(request.carriesThoughts && !request.stores)
        #expect(request.chat.reasoning.effort == "high")
    }

    @Test func `items become messages, in order`() throws {
        let messages = try request(
            input: #"""
                [{"role": "user", "content": "a"},
                 {"type": "reasoning", "id": "r", "summary": [{"text": "s"}],
                  "content": [{"type": "reasoning_text", "text": "t1"}, {"text": "t2"}]},
                 {"type": "message", "role": "assistant", "content": [
                   {"type": "output_text", "text": "b"}, {"type": "refusal", "refusal": "c"}]},
                 {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
                 {"type": "function_call", "call_id": "2", "name": "g", "arguments": ""},
                 {"type": "function_call_output", "call_id": "2", "output": {"ok": true}},
                 {"type": "function_call_output", "call_id": "1", "output": ""},
                 {"type": "reasoning", "summary": [{"type": "summary_text", "text": "s"}]},
                 {"role": "assistant", "content": "d"}, {"role": "assistant", "content": "e"},
                 {"role": "system", "content": "f"}, {"role": "developer", "content": []}]
                """#
        ).chat.messages
        #expect(
            messages.map(\.role) == [
                .user, .assistant, .tool, .tool, .assistant, .assistant, .system, .developer,
            ])
        #expect(messages[1].reasoning == "t1t2" && messages[1].text == "bc")
        #expect(messages[1].calls.map(\.name) == ["f", "g"])
        #expect(messages[2].text == "{\"ok\":true}" && messages[2].name == "g")
        #expect(messages[3].content.isEmpty && messages[3].callID == "1")
        #expect(messages[4].reasoning == "s" && messages[4].text == "d")
        #expect(messages[5].text == "e")
    }

    @Test func `tools that a search found are there and called by their names`() throws {
        let request = try request(
            #", "tools": [{"type": "tool_search", "execution": "client"}]"#,
            input: #"""
                [{"role": "user", "content": "a"},
                 {"type": "tool_search_call", "call_id": "1", "execution": "client",
                  "arguments": {"query": "mail"}},
                 {"type": "tool_search_output", "call_id": "1", "execution": "client", "tools": [
                   {"type": "namespace", "name": "mcp__mail", "tools": [
                     {"type": "function", "name": "send"}]}]}]
                """#)
        #expect(request.chat.tools.map(\.name) == ["tool_search", "mcp__mail__send"])
        let origin = request.tools.origin(of: "mcp__mail__send")
        #expect(origin.name == "send" && origin.namespace == "mcp__mail")
        #expect(request.chat.messages[1].calls[0].arguments == "{\"query\":\"mail\"}")
        #expect(request.chat.messages[2].text.contains("mcp__mail"))
    }

    @Test func `every form of a choice of tools`() throws {
        let tools =
            #", "tools": [{"type": "function", "name": "f"}, {"type": "custom", "name": "p"}, "#
            + #"{"type": "namespace", "name": "n", "tools": [{"type": "function", "name": "g"}]}]"#
        for (text, choice) in [
            ("\"auto\"", ToolChoice.auto), ("\"none\"", .none), ("\"required\"", .required),
            (#"{"type": "function", "name": "f"}"#, .named("f")),
            (#"{"type": "function", "name": "g", "namespace": "n"}"#, .named("n__g")),
            (#"{"type": "custom", "name": "p"}"#, .named("p")),
        ] {
            let chat = try request(tools + #", "tool_choice": \#(text)"#).chat
            #expect(chat.toolChoice == choice && chat.tools.count == 3, "\(text)")
        }
        let some = try request(
            tools + #", "tool_choice": {"type": "allowed_tools", "mode": "required", "tools": "#
                + #"[{"type": "custom", "name": "p"}]}"#
        ).chat
        #expect(some.toolChoice == .required && some.tools.map(\.name) == ["p"])
    }

    @Test func `thoughts are off without effort`() throws {
        #expect(
            try request(#", "reasoning": {"effort": "none"}"#).chat.reasoning.isEnabled == false)
        let low = try request(#", "reasoning": {"effort": "low", "summary": "auto"}"#).chat
            .reasoning
        #expect(low.isEnabled == nil && low.effort == "low")
    }

    @Test(arguments: [
        (#""input": 3"#, "input"), (#""input": []"#, "input"), (#""input": null"#, "input"),
        (#""input": [{"type": "message", "role": "tool", "content": ""}]"#, "input[0].role"),
        (#""input": [{"role": "user"}]"#, "input[0].content"),
        (#""input": [{"type": "local_shell_call"}]"#, "input[0].type"),
        (#""input": [{"type": "function_call"}]"#, "input[0].name"),
        (#""input": [{"type": "item_reference", "id": "x"}]"#, "input[0].id"),
        (
            #""input": [{"role": "user", "content": [{"type": "input_image"}]}]"#,
            "input[0].content[0].type"
        ),
        (#""previous_response_id": "resp_x""#, "previous_response_id"),
        (#""background": true"#, "background"), (#""conversation": "c""#, "conversation"),
        (#""prompt": {"id": "p"}"#, "prompt"), (#""n": 2"#, "n"),
        (#""max_output_tokens": 0"#, "max_output_tokens"), (#""top_logprobs": 21"#, "top_logprobs"),
        (#""truncation": "middle""#, "truncation"),
        (#""reasoning": {"effort": "vast"}"#, "reasoning.effort"),
        (#""text": {"format": {"type": "json_object"}}"#, "text.format.type"),
        (#""tools": [{"type": "code_interpreter"}]"#, "tools[0].type"),
        (#""tools": [{"type": "local_shell"}]"#, "tools[0].type"),
        (#""tools": [{"type": "function", "name": "f", "strict": true}]"#, "tools[0].strict"),
        (
            #""tools": [{"type": "function", "name": "f"}, {"type": "custom", "name": "f"}]"#,
            "tools[1].name"
        ),
        (#""tool_choice": "any""#, "tool_choice"), (#""tool_choice": "required""#, "tool_choice"),
        (#""tool_choice": {"type": "function", "name": "f"}"#, "tool_choice.name"),
        (#""tool_choice": {"type": "web_search"}"#, "tool_choice.type"),
        (#""metadata": []"#, "metadata"),
    ])
    func `what is wrong is named by its path`(text: String, name: String) {
        let error = #expect(throws: RequestError.self) { try request(", " + text) }
        #expect(error?.param == name)
        #expect(error?.message.contains("`\(name)`") == true)
        #expect((400...404).contains(error?.code.status.http ?? 0))
    }
}
