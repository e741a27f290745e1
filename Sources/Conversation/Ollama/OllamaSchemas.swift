import QuireEngine
import QuireJSON

extension OllamaDialect {
    /// The body of a refusal.
    package var refusal: BodySchema { .ollamaError }

    /// What it reads and writes.
    package var schemas: DialectSchemas {
        kind == .chat
            ? DialectSchemas(
                request: .object(
                    [:],
                    optional: .joined(
                        Self.members, ["messages": .messages(), "tools": .tools])),
                answer: .object(Self.heading, optional: .joined(Self.ending, Self.message)))
            : DialectSchemas(
                request: .object([:], optional: .joined(Self.members, Self.generating)),
                answer: .object(
                    Self.heading, optional: .joined(Self.ending, Self.piece("response"))))
    }

    private static let members = SchemaMembers.joined(
        SchemaMembers(harmless: HarmlessFields.body),
        [
            "model": .string, "stream": .flag, "options": options, "logprobs": .flag,
            "think": .either(.flag, .words(["low", "medium", "high", "max"])),
            "top_logprobs": .integer(from: 0), "format": .constant(""), "width": .constant(0),
            "height": .constant(0), "steps": .constant(0),
            "timeout": .number(above0AndAtMost: ConversationLimits.maxTimeoutSeconds),
        ])

    private static let generating: SchemaMembers = [
        "prompt": .string, "system": .string, "raw": .flag, "images": .constant([]),
        "context": .constant([]), "template": .constant(""), "suffix": .constant(""),
    ]

    private static let options = BodySchema.object(
        [:],
        optional: .joined(
            SchemaMembers(harmless: HarmlessFields.ollamaOptions),
            [
                "temperature": .number(0...EngineLimits.maxTemperature),
                "top_k": .integer(from: -1), "top_p": .number(above0AndAtMost: 1),
                "min_p": .number(0...1), "seed": .integer, "stop": SchemaMembers.stops,
                "presence_penalty": SchemaMembers.penalty,
                "frequency_penalty": SchemaMembers.penalty,
                "repeat_penalty": .number(above0AndAtMost: nil),
                "repeat_last_n": .integer(from: -1), "penalize_newline": .flag,
                "num_predict": .either(.integer(from: 1), .integer(-2...(-1))),
                "num_ctx": .integer(from: 0), "mirostat": .constant(0),
                "typical_p": .constant(1), "tfs_z": .constant(1),
            ]))

    private static let heading: SchemaMembers = [
        "model": .string, "created_at": .string, "done": .constant(true),
        "done_reason": .words(["stop", "length", "load", "unload"]),
    ]

    /// What the answer to a request without a prompt lacks.
    private static let ending: SchemaMembers = .joined(
        SchemaMembers(
            [
                "total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration",
                "eval_count", "eval_duration",
            ], .count), ["logprobs": .list(of: ChatCompletionsDialect.logprob)])

    private static let message: SchemaMembers = [
        "message": .object(["role": .constant("assistant")], optional: piece("content"))
    ]

    private static func piece(_ text: String) -> SchemaMembers {
        .joined(
            SchemaMembers([text, "thinking"], .string),
            [
                "tool_calls": .list(
                    of: .object([
                        "id": .string,
                        "function": .object([
                            "index": .count, "name": .string, "arguments": .object,
                        ]),
                    ]))
            ])
    }
}

extension OllamaModel {
    /// The answer to `/api/tags`.
    package static let tagsSchema = listSchema(["modified_at": .string])

    /// The answer to `/api/ps`.
    package static let runningSchema = listSchema([
        "expires_at": .string, "size_vram": .count, "context_length": .count,
    ])

    /// The body of a request to `/api/show`: one of both names is needed.
    package static let shownSchema = BodySchema.either(
        .object(["model": .string], optional: ["name": .string]),
        .object(["name": .string], optional: ["model": .string]))

    /// The answer to `/api/show`.
    package static let showSchema = BodySchema.object([
        "modelfile": .string, "parameters": .string, "template": .string, "details": details,
        "model_info": .object, "capabilities": .list(of: .string), "modified_at": .string,
    ])

    private static let details = BodySchema.object([
        "parent_model": .string, "format": .string, "family": .string,
        "families": .list(of: .string), "parameter_size": .string, "quantization_level": .string,
    ])

    private static func listSchema(_ more: SchemaMembers) -> BodySchema {
        .object([
            "models": .list(
                of: .object(
                    .joined(
                        [
                            "name": .string, "model": .string, "size": .count, "digest": .string,
                            "details": details,
                        ], more)))
        ])
    }
}
