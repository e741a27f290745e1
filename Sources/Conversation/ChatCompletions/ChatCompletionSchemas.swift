import QuireJSON

extension ChatCompletionsDialect {
    /// What it reads and writes.
    package var schemas: DialectSchemas {
        DialectSchemas(
            request: .object(["messages": .messages(from: 1)], optional: Self.members),
            answer: Self.answer)
    }

    /// What a request has beside its messages.
    package static let members = SchemaMembers.joined(
        SchemaMembers(harmless: HarmlessFields.body), .sampling, .exchange, .streamOptions, .tokens,
        tools, thinking, prompt, answers, refused)

    private static let tools: SchemaMembers = [
        "tools": .tools, "parallel_tool_calls": .flag,
        "functions": .list(of: .definition, atMost: ConversationLimits.maxTools),
        "tool_choice": .either(.words(["auto", "none", "required"]), .object),
        "function_call": .either(.words(["auto", "none"]), .object(["name": .toolName])),
    ]

    private static let thinking: SchemaMembers = [
        "enable_thinking": .flag,
        "reasoning_effort": .words(ReasoningOptions.efforts),
        "thinking_token_budget": .integer(from: -1), "include_reasoning": .flag,
    ]

    private static let prompt: SchemaMembers = [
        "documents": .list(of: .object),
        "chat_template_kwargs": .object([:], optional: ["enable_thinking": .flag]),
        "add_generation_prompt": .flag, "continue_final_message": .flag, "echo": .flag,
    ]

    private static let answers: SchemaMembers = [
        "max_completion_tokens": .integer(from: 1), "max_tokens": .integer(from: 1),
        "logprobs": .flag, "top_logprobs": .integer(from: -1),
    ]

    /// What is there for the one value that changes nothing.
    private static let refused = SchemaMembers.joined(
        SchemaMembers(ChatRequest.unsupported, .absent),
        SchemaMembers(ChatRequest.unsupportedFlags, .constant(false)),
        [
            "response_format": .object(["type": .constant("text")]),
            "modalities": .constant(["text"]), "verbosity": .constant("medium"),
            "best_of": .constant(1), "detokenize": .constant(true),
        ])

    private static let answer = BodySchema.object(
        [
            "id": .string, "object": .constant("chat.completion"), "created": .count,
            "model": .string, "system_fingerprint": .string,
            "choices": .list(of: choice, from: 1), "usage": BodySchema.usage,
        ],
        optional: [
            "prompt_token_ids": .list(of: .token),
            "prompt_logprobs": .list(of: BodySchema.object.orNull),
        ])

    private static let choice = BodySchema.object(
        [
            "index": .count, "message": message,
            "logprobs": BodySchema.object(["content": .list(of: logprob)]).orNull,
            "finish_reason": .words(["stop", "length", "tool_calls", "function_call"]),
        ], optional: ["stop_reason": .either(.string, .token), "token_ids": .list(of: .token)])

    private static let message = BodySchema.object(
        ["role": .constant("assistant"), "content": BodySchema.string.orNull],
        optional: [
            "reasoning_content": .string, "function_call": function,
            "tool_calls": .list(
                of: .object([
                    "id": .string, "type": .constant("function"), "function": function,
                ])),
        ])

    private static let function = BodySchema.object(["name": .string, "arguments": .string])

    /// A token's log probability, and those of the likeliest in its place.
    static let logprob = BodySchema.object([
        "token": .string, "logprob": .number, "bytes": .list(of: .integer(0...255)),
        "top_logprobs": .list(
            of: .object([
                "token": .string, "logprob": .number, "bytes": .list(of: .integer(0...255)),
            ])),
    ])
}
