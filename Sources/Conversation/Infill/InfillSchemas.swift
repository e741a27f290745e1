import QuireEngine
import QuireJSON

extension InfillDialect {
    /// What it reads and writes.
    package var schemas: DialectSchemas {
        DialectSchemas(request: Self.request, answer: Self.answer)
    }

    private static let request = BodySchema.object(
        ["input_prefix": .string, "input_suffix": .string],
        optional: .joined(
            SchemaMembers(harmless: HarmlessFields.body),
            SchemaMembers(harmless: HarmlessFields.infill), sampling, refused, own))

    private static let own: SchemaMembers = [
        "prompt": .string, "n_predict": .integer(from: -2), "max_tokens": .integer(from: -2),
        "input_extra": .list(
            of: .object(["text": .string], optional: ["filename": .string]),
            atMost: ConversationLimits.maxFillFiles),
        "samplers": .list(of: .string), "stream": .flag, "return_tokens": .flag,
        "response_fields": .either(.string, .list(of: .string)), "model": .string,
        "cache_salt": .string(1...ConversationLimits.maxSaltBytes),
        "t_max_prompt_ms": .integer(from: -1), "t_max_predict_ms": .integer(from: -1),
        "n_indent": .integer(from: -1),
        "timeout": .number(above0AndAtMost: ConversationLimits.maxTimeoutSeconds),
    ]

    private static let sampling: SchemaMembers = [
        "temperature": .number(0...EngineLimits.maxTemperature), "top_k": .integer(from: -1),
        "top_p": .number(above0AndAtMost: 1), "min_p": .number(0...1),
        "presence_penalty": SchemaMembers.penalty, "frequency_penalty": SchemaMembers.penalty,
        "repeat_penalty": .number(above0AndAtMost: nil), "repeat_last_n": .integer(from: -1),
        "penalize_newline": .flag, "seed": .integer, "stop": SchemaMembers.stops,
        "ignore_eos": .flag, "logit_bias": SchemaMembers.biases,
    ]

    private static let refused: SchemaMembers = .joined(
        SchemaMembers(
            ["mirostat", "dynatemp_range", "xtc_probability", "dry_multiplier", "n_probs"],
            .constant(0)),
        SchemaMembers(["grammar", "lora", "image_data"], .either(.constant(""), .constant([]))),
        [
            "typical_p": .constant(1), "top_n_sigma": BodySchema(["type": "number", "maximum": 0]),
            "json_schema": .absent,
        ])

    /// All but `response_fields` asks for others.
    private static let answer = BodySchema.object(
        [:],
        optional: [
            "index": .constant(0), "content": .string, "tokens": .list(of: .token),
            "stop": .constant(true), "model": .string, "tokens_predicted": .count,
            "tokens_evaluated": .count, "tokens_cached": .count, "prompt": .string,
            "has_new_line": .flag, "truncated": .flag,
            "stop_type": .words(["eos", "word", "limit", "none"]), "stopping_word": .string,
            "timings": .map(to: .number),
        ])
}
