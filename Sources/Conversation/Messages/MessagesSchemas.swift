import QuireEngine
import QuireJSON

extension MessagesDialect {
    /// The body of a refusal.
    package var refusal: BodySchema { .anthropicError }

    /// What it reads and writes.
    package var schemas: DialectSchemas {
        DialectSchemas(
            request: .object(
                ["messages": Self.messages, "max_tokens": .integer(from: 1)],
                optional: Self.members),
            answer: Self.answer)
    }

    /// What `count` reads and writes.
    package static var countSchemas: DialectSchemas {
        DialectSchemas(
            request: .object(
                ["messages": messages],
                optional: .joined(members, ["max_tokens": .integer(from: 1)])),
            answer: .object(["input_tokens": .count]))
    }

    private static let messages = BodySchema.list(
        of: .object(
            [
                "role": .words(["user", "assistant", "system"]),
                "content": .either(.string, .list(of: block)),
            ]), from: 1, atMost: ConversationLimits.maxMessages)

    /// A block of a message. Which ones may be in whose messages is in the refusals.
    private static let block = BodySchema.either(
        text, .object(["type": .constant("document"), "source": .object]),
        .object(
            ["type": .constant("tool_use"), "name": .string],
            optional: ["id": .string, "input": .object]),
        .object(
            ["type": .constant("tool_result")],
            optional: [
                "tool_use_id": .string, "is_error": .flag,
                "content": .either(.string, .list(of: .object(["type": .string]))),
            ]),
        .object(
            ["type": .constant("thinking")], optional: ["thinking": .string, "signature": .string]),
        .object(["type": .constant("redacted_thinking")]),
        .object(
            ["type": .words(["tool_addition", "tool_removal"]), "tool": .object]))

    private static let text = BodySchema.object(["type": .constant("text"), "text": .string])

    private static let members = SchemaMembers.joined(
        SchemaMembers(harmless: HarmlessFields.body),
        SchemaMembers(harmless: HarmlessFields.messages),
        [
            "model": .string, "system": .either(.string, .list(of: text)), "stream": .flag,
            "temperature": .number(0...EngineLimits.maxTemperature),
            "top_p": .number(above0AndAtMost: 1), "top_k": .integer(from: -1),
            "stop_sequences": SchemaMembers.stops, "thinking": thinking,
            "output_config": .object(
                [:], optional: ["effort": .words(Effort.words), "format": .absent]),
            "tools": .list(of: tool, atMost: ConversationLimits.maxTools),
            "tool_choice": toolChoice, "mcp_servers": .absent,
            "timeout": .number(above0AndAtMost: ConversationLimits.maxTimeoutSeconds),
        ])

    private typealias Effort = MessagesRequest.Effort

    private static let thinking = BodySchema.object(
        ["type": .words(MessagesRequest.Thinking.words)],
        optional: [
            "display": .words(MessagesRequest.Display.words), "budget_tokens": .any,
        ])

    private static let tool = BodySchema.either(
        .object(
            ["name": .toolName, "input_schema": .object],
            optional: [
                "type": .constant("custom"), "description": .string,
                "strict": .constant(false), "defer_loading": .flag,
            ]),
        .object(
            ["type": .words(ClientTools.types)],
            optional: ["name": .string, "defer_loading": .flag]))

    private static let toolChoice = BodySchema.either(
        .object(
            ["type": .words(["auto", "any", "none"])],
            optional: ["disable_parallel_tool_use": .flag]),
        .object(
            ["type": .constant("tool"), "name": .toolName],
            optional: ["disable_parallel_tool_use": .flag]))

    private static let answer = BodySchema.object([
        "id": .string, "type": .constant("message"), "role": .constant("assistant"),
        "model": .string, "content": .list(of: answerBlock),
        "stop_reason": .words(["end_turn", "max_tokens", "stop_sequence", "tool_use"]),
        "stop_sequence": BodySchema.string.orNull,
        "usage": .object([
            "input_tokens": .count, "cache_creation_input_tokens": .count,
            "cache_read_input_tokens": .count, "output_tokens": .count,
        ]),
    ])

    private static let answerBlock = BodySchema.either(
        text,
        .object(["type": .constant("thinking"), "thinking": .string, "signature": .string]),
        .object([
            "type": .constant("tool_use"), "id": .string, "name": .string, "input": .object,
        ]))
}
