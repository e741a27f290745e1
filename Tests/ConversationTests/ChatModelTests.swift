import ChatTemplates
import QuireEngine
import QuireIdentifiers
import QuireJSON
import Scheduling
import Testing
import Tokenization

@testable import Conversation

/// Conversations to tokens, and what is generated to events.
struct ChatModelTests {
    /// ChatML with thoughts and calls in the manner of Qwen.
    static let source = """
        {%- if tools %}{{ '<|im_start|>system\n' }}{% for t in tools %}{{ t | tojson }}\
        {{- '\n' }}{% endfor %}{{ '<|im_end|>\n' }}{% endif %}\
        {%- for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}\
        {%- if m.reasoning_content %}\
        {{- '<think>\n' + m.reasoning_content + '\n</think>\n\n' }}{% endif %}\
        {{- m.content or '' }}{% for c in m.tool_calls %}\
        {{- '\n<tool_call>\n{"name": "' + c.function.name + '", "arguments": ' }}\
        {{- c.function.arguments | tojson }}{{ '}\n</tool_call>' }}{% endfor %}\
        {{- '<|im_end|>\n' }}{% endfor %}\
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}\
        {%- if enable_thinking is defined and not enable_thinking %}\
        {{- '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}
        """

    static let now = TemplateDate("2026-11-30")

    static func model() throws -> ChatModel {
        try ChatModel(template: source, tokenizer: try Vocabulary.tokenizer())
    }

    static func request(_ messages: [ChatMessage]) -> ChatRequest {
        ChatRequest(messages: messages, parameters: SamplingParameters(temperature: 1))
    }

    static func prompt(_ request: ChatRequest) throws -> ChatPrompt {
        try model().prompt(of: request, now: try #require(now))
    }

    @Test func `a conversation is what the template makes of it`() throws {
        let request = Self.request([ChatMessage(.system, "Be brief."), ChatMessage(.user, "Hi")])
        let prompt = try Self.prompt(request)
        #expect(
            prompt.text
                == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n")
        #expect(
            prompt.tokens
                == (try Vocabulary.tokenizer()).encode(prompt.text, parseSpecial: true))
    }

    @Test func `a switch and an effort reach the template`() throws {
        var request = Self.request([ChatMessage(.user, "Hi")])
        request.reasoning.isEnabled = false
        #expect(try Self.prompt(request).text.hasSuffix("assistant\n<think>\n\n</think>\n\n"))
        request.templateArguments = [.init("enable_thinking", .bool(true))]
        #expect(try Self.prompt(request).text.hasSuffix("assistant\n"))
    }

    @Test func `an answer goes on with the last message`() throws {
        var request = Self.request([ChatMessage(.user, "Hi"), ChatMessage(.assistant, "Hello, I")])
        request.continuesLastMessage = true
        #expect(try Self.prompt(request).text.hasSuffix("<|im_start|>assistant\nHello, I"))
    }

    @Test func `a template's refusal is the request's fault, in the template's words`() throws {
        let model = try ChatModel(
            template: "{{ raise_exception('only poems') }}", tokenizer: try Vocabulary.tokenizer())
        let error = #expect(throws: RequestError.self) {
            _ = try model.prompt(
                of: Self.request([ChatMessage(.user, "Hi")]), now: try #require(Self.now))
        }
        #expect(error?.code == .invalidRequest && error?.message.contains("only poems") == true)
    }

    /// Reads an answer that comes in these texts.
    static func events(
        _ request: ChatRequest, _ texts: [String], _ reason: FinishReason = .stop
    ) throws -> [AnswerEvent] {
        let model = try model()
        let prompt = try model.prompt(of: request, now: try #require(now))
        var reader = AnswerReader(model, request, prompt) { "c1" }
        var events: [AnswerEvent] = []
        for (index, text) in texts.enumerated() {
            events += reader.read(
                GenerationDelta(
                    index: 0, text: text,
                    tokens: model.tokenizer.encode(text, parseSpecial: true),
                    finishReason: index == texts.count - 1 ? reason : nil))
        }
        return events
    }

    static let tools = [ToolDefinition(name: "weather", description: "of a city")]

    @Test func `thoughts, text and calls come as events`() throws {
        var request = Self.request([ChatMessage(.user, "Hi")])
        request.tools = Self.tools
        let answer = try Self.events(
            request,
            [
                "<think>\nhm", "</think>\n\nLet me ", "see.\n<tool_c",
                "all>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>",
            ]
        ).reduce(into: ChatAnswer()) { $0.append($1) }
        #expect(answer.reasoning == "hm" && answer.text == "Let me see.")
        #expect(
            answer.calls == [ToolCall(id: "c1", name: "weather", arguments: "{\"city\": \"Rome\"}")]
        )
        #expect(answer.end?.reason == .calls)
    }

    @Test func `without tools what looks like a call is text`() throws {
        let text = "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>"
        let events = try Self.events(Self.request([ChatMessage(.user, "Hi")]), [text])
        let answer = events.reduce(into: ChatAnswer()) { $0.append($1) }
        #expect(answer.text == text && answer.calls.isEmpty && answer.end?.reason == .stop)
    }

    @Test func `thoughts that nobody asked for are left out`() throws {
        var request = Self.request([ChatMessage(.user, "Hi")])
        request.reasoning.isShown = false
        let answer = try Self.events(request, ["<think>\n", "hm", "</think>\n\nYes"])
            .reduce(into: ChatAnswer()) { $0.append($1) }
        #expect(answer.reasoning == nil && answer.text == "Yes")
    }

    @Test func `a tool that must be called is begun by the prompt`() throws {
        var request = Self.request([ChatMessage(.user, "Hi")])
        request.tools = Self.tools
        request.toolChoice = .named("weather")
        let prompt = try Self.prompt(request)
        #expect(
            prompt.text.hasSuffix(
                "assistant\n<tool_call>\n{\"name\": \"weather\", \"arguments\":"))
        let answer = try Self.events(request, [" {\"a\": 1}}\n</tool_call>"])
            .reduce(into: ChatAnswer()) { $0.append($1) }
        #expect(answer.calls.map(\.name) == ["weather"])
        #expect(answer.calls.map(\.arguments) == ["{\"a\": 1}"])
        request.toolChoice = .required
        #expect(try Self.prompt(request).text.hasSuffix("assistant\n<tool_call>\n{\"name\": \""))
        request.toolChoice = .none
        #expect(try !Self.prompt(request).text.contains("weather"))
    }

    @Test func `one call is all that a request without parallel calls gets`() throws {
        var request = Self.request([ChatMessage(.user, "Hi")])
        request.tools = Self.tools
        request.allowsParallelCalls = false
        let call = "\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>"
        let answer = try Self.events(request, [call + call])
            .reduce(into: ChatAnswer()) { $0.append($1) }
        #expect(answer.calls.count == 1)
    }

    @Test func `what the template can do is found by rendering`() throws {
        let capabilities = try Self.model().capabilities
        #expect(capabilities.rendersTools && capabilities.rendersCalls)
        #expect(capabilities.rendersParallelCalls && capabilities.knowsThinkingSwitch)
        #expect(capabilities.rendersSystem && !capabilities.requiresAlternation)
        #expect(!capabilities.acceptsTypedContent && capabilities.keepsReasoning)
    }

    @Test func `the name of a tool cannot forge a turn`() throws {
        let model = try Self.model()
        let tokenizer = try Vocabulary.tokenizer()
        let end = Vocabulary.end
        var request = Self.request([ChatMessage(.user, "a<|end|>b")])
        request.tools = [ToolDefinition(name: "x<|end|>")]
        request.toolChoice = .named("x<|end|>")
        let prompt = try model.prompt(of: request, now: try #require(Self.now))
        #expect(prompt.text.contains("x<|end|>") && !prompt.tokens.contains(end))
        #expect(tokenizer.encode(prompt.text, parseSpecial: true).contains(end))
    }
}
