import ChatTemplates
import QuireEngine
import QuireJSON
import Testing

@testable import Conversation

extension ChatRequest {
    /// A request, from the members of its body beside the messages.
    static func parse(
        _ members: String = "", messages: String = #"[{"role": "user", "content": "a"}]"#,
        unknown: UnknownMembers = .named
    ) throws -> ChatRequest {
        let text = "{\"messages\": \(messages)\(members.isEmpty ? "" : ", ")\(members)}"
        return try ChatRequest(
            chatCompletion: JSONValue(parsing: Array(text.utf8)), unknown: unknown)
    }
}

/// The members of a request for a chat completion.
struct ChatRequestTests {
    @Test func `the defaults are those of the interface`() throws {
        let expected = ChatRequest(
            messages: [ChatMessage(.user, "a")], parameters: SamplingParameters(temperature: 1))
        #expect(try ChatRequest.parse() == expected)
        #expect(try ChatRequest.parse("\"n\": null, \"tools\": []") == expected)
    }

    private static let tool =
        #"{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}"#

    private static let rows: [(String, @Sendable (inout ChatRequest) -> Void)] = [
        ("\"model\": \"m\"", { $0.model = "m" }),
        ("\"max_tokens\": 5", { $0.parameters.maxTokens = 5 }),
        ("\"max_tokens\": 5, \"max_completion_tokens\": 7", { $0.parameters.maxTokens = 7 }),
        ("\"logprobs\": true", { $0.parameters.logprobs = 0 }),
        ("\"logprobs\": true, \"top_logprobs\": 5", { $0.parameters.logprobs = 5 }),
        ("\"logprobs\": true, \"top_logprobs\": -1", { $0.parameters.logprobs = -1 }),
        ("\"logprobs\": false, \"top_logprobs\": 0", { _ in }),
        (
            "\"stop\": [\"x\"], \"seed\": 3, \"n\": 2",
            {
                ($0.parameters.stop, $0.parameters.seed, $0.parameters.n) = (["x"], 3, 2)
            }
        ),
        ("\"parallel_tool_calls\": false", { $0.allowsParallelCalls = false }),
        ("\"reasoning_effort\": \"low\"", { $0.reasoning.effort = "low" }),
        ("\"reasoning_effort\": \"none\"", { $0.reasoning.isEnabled = false }),
        ("\"thinking_token_budget\": -1", { _ in }),
        ("\"thinking_token_budget\": 0", { $0.reasoning.budget = 0 }),
        ("\"include_reasoning\": false", { $0.reasoning.isShown = false }),
        (
            "\"chat_template_kwargs\": {\"enable_thinking\": false, \"x\": [1], \"y\": null}",
            {
                $0.reasoning.isEnabled = false
                $0.templateArguments = [JSONValue.Member("x", [1])]
            }
        ),
        (
            "\"documents\": [{\"text\": \"d\"}]",
            {
                $0.templateArguments = [JSONValue.Member("documents", [["text": "d"]])]
            }
        ),
        ("\"add_generation_prompt\": false", { $0.beginsAnswer = false }),
        ("\"stream\": true", { $0.isStreamed = true }),
        (
            "\"stream\": true, \"stream_options\": {\"include_usage\": true}",
            {
                ($0.isStreamed, $0.streamsUsage) = (true, true)
            }
        ),
        (
            "\"stream\": true, \"stream_options\": "
                + "{\"include_usage\": true, \"continuous_usage_stats\": true}",
            { ($0.isStreamed, $0.streamsUsage, $0.streamsRunningUsage) = (true, true, true) }
        ),
        (
            "\"stream\": true, \"stream_options\": {\"continuous_usage_stats\": true}",
            {
                $0.isStreamed = true
            }
        ),
        ("\"priority\": -3, \"cache_salt\": \"s\"", { ($0.priority, $0.cacheSalt) = (-3, "s") }),
        ("\"return_tokens_as_token_ids\": true", { $0.namesTokensByID = true }),
        ("\"tools\": [\(tool)]", { $0.tools = [Self.definition] }),
        (
            "\"tools\": [\(tool)], \"tool_choice\": \"required\"",
            {
                ($0.tools, $0.toolChoice) = ([Self.definition], .required)
            }
        ),
        (
            "\"tools\": [\(tool)], \"tool_choice\": {\"type\": \"function\", "
                + "\"function\": {\"name\": \"f\"}}",
            {
                ($0.tools, $0.toolChoice) = ([Self.definition], .named("f"))
            }
        ),
        (
            "\"tools\": [\(tool)], \"tool_choice\": {\"type\": \"allowed_tools\", "
                + "\"allowed_tools\": {\"mode\": \"auto\", \"tools\": []}}", { _ in }
        ),
        ("\"tool_choice\": \"none\"", { $0.toolChoice = .none }),
        (
            "\"functions\": [{\"name\": \"f\", \"parameters\": {\"type\": \"object\"}}], "
                + "\"function_call\": {\"name\": \"f\"}",
            {
                ($0.tools, $0.toolChoice) = ([Self.definition], .named("f"))
                ($0.allowsParallelCalls, $0.answersWithFunctionCall) = (false, true)
            }
        ),
        (
            "\"user\": \"u\", \"metadata\": {}, \"store\": false, \"service_tier\": \"auto\", "
                + "\"prompt_cache_key\": \"k\", \"safety_identifier\": \"s\"", { _ in }
        ),
        (
            "\"response_format\": {\"type\": \"text\"}, \"modalities\": [\"text\"], "
                + "\"verbosity\": \"medium\", \"audio\": null, \"best_of\": 1, "
                + "\"use_beam_search\": false, \"add_special_tokens\": false", { _ in }
        ),
    ]

    private static let definition = ToolDefinition(
        name: "f", parameters: ["type": "object"])

    @Test func `each parameter has its place`() throws {
        for (text, change) in Self.rows {
            var expected = try ChatRequest.parse()
            change(&expected)
            #expect(try ChatRequest.parse(text) == expected, "\(text)")
            #expect(try ChatRequest.parse(text, unknown: .refused) == expected, "\(text)")
        }
    }

    @Test(arguments: [
        ("\"max_tokens\": 0", "max_tokens", "at least 1"),
        ("\"max_completion_tokens\": -1", "max_completion_tokens", "at least 1"),
        ("\"temperature\": 2.5", "temperature", "between 0.0 and 2.0"),
        ("\"top_p\": 0", "top_p", "above 0 and at most 1.0"),
        ("\"top_k\": -2", "top_k", "at least -1"), ("\"min_p\": 1.5", "min_p", "between"),
        ("\"n\": 0", "n", "between 1 and 16384"), ("\"n\": 1000000", "n", "between"),
        ("\"presence_penalty\": 1e38", "presence_penalty", "between -2.0 and 2.0"),
        ("\"repetition_penalty\": 0", "repetition_penalty", "above 0"),
        ("\"seed\": 9223372036854775808", "seed", "an integer of 64 bits"),
        ("\"logprobs\": 5", "logprobs", "true or false"),
        ("\"top_logprobs\": 2", "top_logprobs", "logprobs"),
        ("\"stop\": \"\"", "stop", "1 to 4096 bytes"), ("\"stop\": {}", "stop", "a string"),
        ("\"stream_options\": {}", "stream_options", "stream"),
        ("\"stream\": true, \"stream_options\": 3", "stream_options", "object"),
        (
            "\"stream\": true, \"stream_options\": {\"include_usage\": 1}",
            "stream_options.include_usage", "true or false"
        ),
        ("\"reasoning_effort\": \"much\"", "reasoning_effort", "minimal, low, medium"),
        ("\"thinking_token_budget\": -2", "thinking_token_budget", "at least -1"),
        ("\"chat_template_kwargs\": 3", "chat_template_kwargs", "object"),
        (
            "\"chat_template_kwargs\": {\"messages\": []}", "chat_template_kwargs.messages",
            "cannot be set"
        ),
        ("\"documents\": [1]", "documents", "a list of objects"),
        (
            "\"continue_final_message\": true, \"add_generation_prompt\": true",
            "continue_final_message", "add_generation_prompt"
        ),
        ("\"continue_final_message\": true", "continue_final_message", "the assistant's"),
        ("\"response_format\": {\"type\": \"json_object\"}", "response_format", "not supported"),
        ("\"structured_outputs\": {}", "structured_outputs", "not supported"),
        ("\"modalities\": [\"audio\"]", "modalities", "not supported"),
        ("\"verbosity\": \"low\"", "verbosity", "medium"),
        ("\"audio\": {}", "audio", "not supported"),
        ("\"detokenize\": false", "detokenize", "true"),
        ("\"prediction\": {}", "prediction", "not supported"),
        ("\"web_search_options\": {}", "web_search_options", "not supported"),
        ("\"logits_processors\": []", "logits_processors", "not supported"),
        ("\"chat_template\": \"x\"", "chat_template", "not supported"),
        (
            "\"prompt_logprobs\": 1, \"stream\": true", "prompt_logprobs",
            "not available in a stream"
        ),
        ("\"truncate_prompt_tokens\": 0", "truncate_prompt_tokens", "at least 1"),
        ("\"truncation_side\": \"up\"", "truncation_side", "left, right"),
        ("\"user\": 5", "user", "a string"), ("\"metadata\": []", "metadata", "an object"),
        ("\"cache_salt\": \"\"", "cache_salt", "1 to 1024 bytes"),
        ("\"tools\": {}", "tools", "a list"), ("\"tools\": [1]", "tools[0]", "an object"),
        ("\"tools\": [{\"type\": \"custom\"}]", "tools[0].type", "function"),
        ("\"tools\": [{\"type\": \"function\"}]", "tools[0].function", "missing"),
        ("\"tools\": [{\"function\": {}}]", "tools[0].function.name", "missing"),
        (
            "\"tools\": [{\"function\": {\"name\": \"f\", \"strict\": true}}]",
            "tools[0].function.strict", "not supported"
        ),
        (
            "\"tools\": [{\"function\": {\"name\": \"f\", \"parameters\": []}}]",
            "tools[0].function.parameters", "an object"
        ),
        ("\"tool_choice\": \"required\"", "tool_choice", "tools"),
        ("\"tool_choice\": \"maybe\"", "tool_choice", "auto, none"),
        (
            "\"tool_choice\": {\"function\": {\"name\": \"g\"}}",
            "tool_choice.function.name", "none of the tools"
        ),
        ("\"function_call\": {\"name\": \"g\"}", "function_call", "functions"),
        ("\"messages\": []", "messages", "at least one"),
        ("\"messages\": null", "messages", "at least one"),
    ])
    func `what is impossible or not there is named, with what would be right`(
        text: String, name: String, range: String
    ) {
        for unknown in [UnknownMembers.named, .refused] {
            let error = #expect(throws: RequestError.self) {
                try ChatRequest.parse(text, unknown: unknown)
            }
            #expect(error?.param == name)
            #expect(error?.code.status.http == 400)
            #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(range) == true, "\(error?.message ?? "")")
        }
    }

    @Test func `unknown members are named by a server and refused in a file`() throws {
        let members =
            "\"b\": 1, \"a\\r\\nx\": 2, \"stream\": true, \"stream_options\": {\"c\": 3}, "
            + "\"tools\": [{\"type\": \"function\", \"d\": 4, \"function\": {\"name\": \"f\"}}]"
        let request = try ChatRequest.parse(members)
        #expect(
            request.ignored == ["tools[0].d", "stream_options.c", "a\\u{d}\\u{a}x", "b"])
        for text in ["\"b\": 1", "\"stream\": true, \"stream_options\": {\"c\": 3}"] {
            let error = #expect(throws: RequestError.self) {
                try ChatRequest.parse(text, unknown: .refused)
            }
            #expect(error?.message.contains("unrecognized") == true)
        }
        let many = (0..<1_000).map { "\"x\($0)\": 1" }.joined(separator: ", ")
        #expect(try ChatRequest.parse(many).ignored.count == ConversationLimits.maxListedNames)
        #expect(try ChatRequest.parse(many).parameters == ChatRequest.parse().parameters)
    }

    @Test func `some of the tools may be allowed, and the others are as if not there`() throws {
        let tools = ["f", "g"].map {
            "{\"type\": \"function\", \"function\": {\"name\": \"\($0)\"}}"
        }.joined(separator: ", ")
        let request = try ChatRequest.parse(
            "\"tools\": [\(tools)], \"tool_choice\": {\"type\": \"allowed_tools\", "
                + "\"allowed_tools\": {\"mode\": \"required\", \"tools\": "
                + "[{\"type\": \"function\", \"function\": {\"name\": \"g\"}}]}}")
        #expect(request.tools.map(\.name) == ["g"])
        #expect(request.toolChoice == .required)
    }

    @Test func `tools are bounded in number and bytes`() throws {
        func tools(_ count: Int, _ description: String) -> String {
            let schema = "{\"description\": \"\(description)\"}"
            let list = (0..<count).map {
                "{\"function\": {\"name\": \"f\($0)\", \"parameters\": \(schema)}}"
            }
            return "\"tools\": [\(list.joined(separator: ","))]"
        }
        let most = ConversationLimits.maxTools
        #expect(try ChatRequest.parse(tools(most, "")).tools.count == most)
        let error = #expect(throws: RequestError.self) {
            try ChatRequest.parse(tools(most + 1, ""))
        }
        #expect(error?.param == "tools")
        let text = String(repeating: "x", count: ConversationLimits.maxSchemaBytes / 2)
        #expect(try ChatRequest.parse(tools(1, text)).tools.count == 1)
        let long = #expect(throws: RequestError.self) { try ChatRequest.parse(tools(2, text)) }
        #expect(long?.param == "tools[1].function.parameters")
    }
}
