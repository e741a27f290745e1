import ChatTemplates
import QuireEngine
import QuireJSON
import Testing

@testable import Conversation

/// Requests of Ollama's interface.
struct OllamaRequestTests {
    private func chat(_ members: String = "") throws -> OllamaRequest {
        let text =
            "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]"
            + "\(members.isEmpty ? "" : ", ")\(members)}"
        return try OllamaRequest(
            chat: JSONValue(parsing: Array(text.utf8)), maxModelLength: 4_096)
    }

    private func generate(_ members: String) throws -> OllamaRequest {
        try OllamaRequest(
            generate: JSONValue(parsing: Array("{\(members)}".utf8)), maxModelLength: 4_096)
    }

    private static var plain: ChatRequest {
        var request = ChatRequest(
            messages: [ChatMessage(.user, "a")],
            parameters: SamplingParameters(temperature: 0.8, topK: 40, topP: 0.9))
        request.model = "m"
        request.isStreamed = true
        request.streamsUsage = true
        return request
    }

    private static let rows: [(String, @Sendable (inout ChatRequest) -> Void)] = [
        ("\"stream\": false", { $0.isStreamed = false }),
        ("\"think\": true", { $0.reasoning.isEnabled = true }),
        ("\"think\": \"low\"", { ($0.reasoning.isEnabled, $0.reasoning.effort) = (true, "low") }),
        ("\"keep_alive\": \"5m\", \"format\": \"\", \"truncate\": true", { _ in }),
        ("\"logprobs\": true, \"top_logprobs\": 3", { $0.parameters.logprobs = 3 }),
        ("\"more\": 1", { $0.ignored = ["more"] }),
        ("\"options\": {\"more\": 1}", { $0.ignored = ["options.more"] }),
        ("\"options\": {\"temperature\": 0}", { $0.parameters.temperature = 0 }),
        (
            "\"options\": {\"top_k\": 5, \"top_p\": 1, \"min_p\": 0.1}",
            {
                ($0.parameters.topK, $0.parameters.topP, $0.parameters.minP) = (5, 1, 0.1)
            }
        ),
        (
            "\"options\": {\"seed\": 42, \"stop\": [\"x\"], \"num_predict\": 9}",
            {
                ($0.parameters.seed, $0.parameters.stop, $0.parameters.maxTokens) = (42, ["x"], 9)
            }
        ),
        ("\"options\": {\"num_predict\": -1, \"num_ctx\": 4096, \"seed\": -1}", { _ in }),
        (
            "\"options\": {\"repeat_penalty\": 1.1, \"repeat_last_n\": -1}",
            {
                $0.parameters.repetitionPenalty = 1.1
            }
        ),
        ("\"options\": {\"repeat_penalty\": 1.1, \"repeat_last_n\": 0}", { _ in }),
        ("\"options\": {\"repeat_last_n\": 64, \"mirostat\": 0, \"typical_p\": 1.0}", { _ in }),
        (
            "\"options\": {\"presence_penalty\": 1, \"frequency_penalty\": -1}",
            {
                ($0.parameters.presencePenalty, $0.parameters.frequencyPenalty) = (1, -1)
            }
        ),
        ("\"options\": {\"num_thread\": 8, \"num_gpu\": 1, \"use_mmap\": true}", { _ in }),
        (
            "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]",
            { $0.tools = [ToolDefinition(name: "f")] }
        ),
    ]

    @Test func `each option has its place`() throws {
        #expect(try chat() == .chat(Self.plain))
        for (text, change) in Self.rows {
            var expected = Self.plain
            change(&expected)
            #expect(try chat(text) == .chat(expected), "\(text)")
        }
    }

    @Test(arguments: [
        ("\"format\": \"json\"", "format"), ("\"format\": {\"type\": \"object\"}", "format"),
        ("\"think\": \"much\"", "think"), ("\"stream\": 1", "stream"),
        ("\"options\": 1", "options"), ("\"options\": {\"num_ctx\": 4097}", "options.num_ctx"),
        ("\"options\": {\"num_predict\": 0}", "options.num_predict"),
        ("\"options\": {\"temperature\": -1}", "options.temperature"),
        ("\"options\": {\"mirostat\": 1}", "options.mirostat"),
        ("\"options\": {\"typical_p\": 0.7}", "options.typical_p"),
        (
            "\"options\": {\"repeat_penalty\": 1.1, \"repeat_last_n\": 64}",
            "options.repeat_last_n"
        ),
        ("\"options\": {\"num_gpu\": \"x\"}", "options.num_gpu"),
        ("\"keep_alive\": []", "keep_alive"), ("\"messages\": 3", "messages"),
        (
            "\"messages\": [{\"role\": \"user\", \"content\": \"\", \"images\": [\"x\"]}]",
            "messages[0].images"
        ),
    ])
    func `what is impossible or not there is named`(text: String, name: String) {
        let error = #expect(throws: RequestError.self) { try chat(text) }
        #expect(error?.param == name)
        #expect(error?.code.status.http == 400)
    }

    @Test func `a history with calls, whose arguments are objects`() throws {
        let request = try chat(
            """
            "messages": [
              {"role": "user", "content": "a"},
              {"role": "assistant", "content": "", "thinking": "hm",
               "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1}}}]},
              {"role": "tool", "tool_name": "f", "content": "r"}
            ]
            """)
        guard case .chat(let chat) = request else {
            Issue.record("no conversation")
            return
        }
        #expect(chat.messages[1].reasoning == "hm")
        #expect(chat.messages[1].calls.map(\.arguments) == ["{\"x\":1}"])
        #expect(chat.messages[2].callID == chat.messages[1].calls[0].id)
        #expect(chat.messages[2].name == "f")
    }

    @Test func `a prompt is a conversation, unless it is raw, and nothing is a load`() throws {
        var expected = Self.plain
        expected.messages = [ChatMessage(.system, "s"), ChatMessage(.user, "a")]
        #expect(
            try generate("\"model\": \"m\", \"prompt\": \"a\", \"system\": \"s\"")
                == .chat(expected))
        expected.messages.removeFirst()
        #expect(
            try generate("\"model\": \"m\", \"prompt\": \"a\", \"raw\": true, \"context\": []")
                == .raw(expected))
        #expect(try generate("\"model\": \"m\"") == .load(model: "m", unloads: false))
        #expect(
            try generate("\"model\": \"m\", \"keep_alive\": 0") == .load(model: "m", unloads: true))
        #expect(try chat("\"messages\": []") == .load(model: "m", unloads: false))
        for (text, name) in [
            ("\"template\": \"x\"", "template"), ("\"suffix\": \"x\"", "suffix"),
            ("\"context\": [1]", "context"), ("\"images\": [\"x\"]", "images"),
            ("\"raw\": true, \"system\": \"s\"", "system"), ("\"prompt\": 1", "prompt"),
        ] {
            let error = #expect(throws: RequestError.self) { try generate(text) }
            #expect(error?.param == name)
        }
        #expect(try OllamaModel.shown(["model": "m", "verbose": true]) == "m")
        #expect(throws: RequestError.self) { try OllamaModel.shown(["verbose": true]) }
    }
}
