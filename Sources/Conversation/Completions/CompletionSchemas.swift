import QuireJSON

extension CompletionsDialect {
    /// What it reads and writes.
    package var schemas: DialectSchemas {
        DialectSchemas(request: Self.request, answer: Self.answer)
    }

    private static let request = BodySchema.object(
        ["prompt": prompts],
        optional: .joined(
            SchemaMembers(harmless: HarmlessFields.body), .sampling, .exchange, .streamOptions,
            .tokens, own))

    private static let prompts = BodySchema.either(
        .string, .list(of: .token, from: 1),
        .list(
            of: .either(.string, .list(of: .token, from: 1)), from: 1,
            atMost: ConversationLimits.maxPrompts))

    private static let own: SchemaMembers = [
        "suffix": .string, "echo": .flag, "max_tokens": .integer(from: 0), "best_of": .integer,
        "logprobs": .integer, "add_special_tokens": .flag, "use_beam_search": .constant(false),
        "response_format": .absent, "structured_outputs": .absent, "prompt_embeds": .absent,
    ]

    private static let answer = BodySchema.object([
        "id": .string, "object": .constant("text_completion"), "created": .count,
        "model": .string, "system_fingerprint": .string,
        "choices": .list(of: choice, from: 1), "usage": BodySchema.usage,
    ])

    private static let choice = BodySchema.object(
        [
            "index": .count, "text": .string, "logprobs": logprobs.orNull,
            "finish_reason": .words(["stop", "length", "repetition"]),
            "stop_reason": .either(.string, .token, .absent),
        ],
        optional: [
            "prompt_logprobs": .list(of: BodySchema.object.orNull),
            "prompt_token_ids": .list(of: .token), "token_ids": .list(of: .token),
        ])

    private static let logprobs = BodySchema.object([
        "tokens": .list(of: .string), "token_logprobs": .list(of: BodySchema.number.orNull),
        "top_logprobs": .list(of: BodySchema.map(to: .number).orNull),
        "text_offset": .list(of: .count),
    ])
}

extension BodySchema {
    /// What a request has used, as OpenAI's interface has it.
    static let usage = object([
        "prompt_tokens": count, "completion_tokens": count, "total_tokens": count,
        "prompt_tokens_details": object(["cached_tokens": count]),
    ])
}
