import QuireEngine
import QuireJSON

extension SchemaMembers {
    /// What `SamplingParameters(_:defaults:)` reads.
    static let sampling = joined(drawing, ending)

    private static let drawing: SchemaMembers = [
        "temperature": .number(0...EngineLimits.maxTemperature),
        "top_p": .number(above0AndAtMost: 1), "top_k": .integer(from: -1),
        "min_p": .number(0...1), "n": .integer(1...EngineLimits.maxBranches),
        "presence_penalty": penalty, "frequency_penalty": penalty,
        "repetition_penalty": .number(above0AndAtMost: nil), "logit_bias": biases,
        "allowed_token_ids": .list(of: .token), "seed": .integer,
        "logprob_token_ids": .list(of: .token),
        "bad_words": texts(EngineLimits.maxBadWords, bytes: EngineLimits.maxBadWordBytes),
        "skip_reading_prefix_cache": .flag,
    ]

    private static let ending: SchemaMembers = [
        "min_tokens": .integer(from: 0), "ignore_eos": .flag,
        "stop_token_ids": .list(of: .token), "stop": stops,
        "include_stop_str_in_output": .flag, "detokenize": .flag, "skip_special_tokens": .flag,
        "repetition_detection": .object(
            [:],
            optional: [
                "max_pattern_size": .integer, "min_pattern_size": .integer,
                "min_count": .integer,
            ]),
    ]

    /// What every request of OpenAI's dialects and vLLM's additions may say of its place and its
    /// answer's form.
    static let exchange: SchemaMembers = [
        "model": .string, "priority": .integer,
        "cache_salt": .string(1...ConversationLimits.maxSaltBytes), "stream": .flag,
        "timeout": .number(above0AndAtMost: ConversationLimits.maxTimeoutSeconds),
    ]

    /// How a stream is wanted.
    static let streamOptions: SchemaMembers = [
        "stream_options": .object(
            [:],
            optional: [
                "include_usage": .flag, "continuous_usage_stats": .flag,
                "include_obfuscation": .flag,
            ])
    ]

    /// What completions and chat completions share of tokens in a request and an answer.
    static let tokens: SchemaMembers = [
        "prompt_logprobs": .integer, "return_token_ids": .flag,
        "truncate_prompt_tokens": .either(.constant(-1), .integer(from: 1)),
        "truncation_side": .words(PromptTruncation.Side.words),
        "return_tokens_as_token_ids": .flag,
    ]

    static let penalty = BodySchema.number(-EngineLimits.maxPenalty...EngineLimits.maxPenalty)

    static let stops = texts(EngineLimits.maxStopStrings, bytes: EngineLimits.maxStopBytes)

    /// A text or a list of them.
    static func texts(_ count: Int, bytes: Int) -> BodySchema {
        .either(.string(1...bytes), .list(of: .string(1...bytes), atMost: count))
    }

    /// Numbers by the ids of tokens.
    static let biases = BodySchema([
        "type": "object",
        "patternProperties": ["^[0-9]{1,9}$": ["type": ["number", "null"]]],
        "additionalProperties": ["type": "null"],
    ])
}
