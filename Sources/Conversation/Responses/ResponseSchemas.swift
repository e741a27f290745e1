import QuireJSON

extension ResponsesDialect {
    /// What it reads and writes.
    package var schemas: DialectSchemas {
        DialectSchemas(
            request: .object(
                ["input": .either(.string, .list(of: Self.item, from: 1))],
                optional: Self.members),
            answer: Self.answer)
    }

    private static let members = SchemaMembers.joined(
        SchemaMembers(harmless: HarmlessFields.body),
        SchemaMembers(harmless: HarmlessFields.responses), .sampling, .exchange, own, refused)

    private static let own: SchemaMembers = [
        "previous_response_id": .string, "instructions": .string,
        "include": .either(.string, .list(of: .string)), "store": .flag,
        "max_output_tokens": .integer(from: 1), "top_logprobs": .integer(0...20),
        "tools": .list(of: tool, atMost: ConversationLimits.maxTools),
        "tool_choice": .either(.words(ResponsesRequest.Mode.words), .object),
        "parallel_tool_calls": .flag,
        "reasoning": .object(
            [:],
            optional: [
                "effort": .words(ResponsesRequest.Effort.words), "summary": .string,
                "generate_summary": .string,
            ]),
        "truncation": .words(ResponsesRequest.Truncation.words),
        "text": .object(
            [:],
            optional: [
                "verbosity": .string,
                "format": .object([:], optional: ["type": .constant("text")]),
            ]),
        "context_management": .any,
    ]

    private static let refused: SchemaMembers = .joined(
        SchemaMembers(
            [
                "conversation", "prompt", "response_format", "structured_outputs",
                "prompt_logprobs",
            ], .absent),
        ["n": .constant(1), "background": .constant(false)])

    /// An item of a conversation; which members each type has is in the refusals.
    private static let item = BodySchema.either(
        .object(
            [
                "role": .words(["user", "assistant", "system", "developer"]),
                "content": .either(.string, .list(of: part)),
            ], optional: ["type": .constant("message")]),
        .object(
            ["type": .constant("reasoning")],
            optional: [
                "content": .list(of: .any), "summary": .list(of: .any),
                "encrypted_content": .string,
            ]),
        .object(
            ["type": .constant("function_call"), "name": .string],
            optional: ["call_id": .string, "arguments": .string, "namespace": .string]),
        .object(
            ["type": .constant("custom_tool_call"), "name": .string],
            optional: ["call_id": .string, "input": .string, "namespace": .string]),
        .object(
            ["type": .words(["function_call_output", "custom_tool_call_output"])],
            optional: ["call_id": .string, "output": .any]),
        .object(
            ["type": .constant("tool_search_call")],
            optional: ["call_id": .string, "arguments": .object]),
        .object(
            ["type": .constant("tool_search_output")],
            optional: ["call_id": .string, "tools": .list(of: .object)]),
        .object(["id": .string], optional: ["type": .constant("item_reference")]))

    private static let part = BodySchema.either(
        .object(
            ["text": .string], optional: ["type": .words(["text", "input_text", "output_text"])]),
        .object(["type": .constant("refusal"), "refusal": .string]))

    private static let tool = BodySchema.either(
        .object(
            ["type": .constant("function"), "name": .toolName],
            optional: [
                "description": .string, "parameters": .object, "strict": .constant(false),
            ]),
        .object(
            ["type": .constant("custom"), "name": .toolName],
            optional: ["description": .string, "format": .object(["type": .string])]),
        .object(
            ["type": .constant("namespace"), "name": .toolName],
            optional: ["description": .string, "tools": .list(of: .object)]),
        .object(["type": .words(ResponseTools.passedOver.sorted())]))

    private static let answer = BodySchema.object([
        "id": .string, "object": .constant("response"), "created_at": .count,
        "status": .words(["completed", "incomplete"]), "error": .absent,
        "incomplete_details": BodySchema.object(["reason": .string]).orNull, "model": .string,
        "output": .list(of: .object(["type": .string, "id": .string, "status": .string])),
        "tools": .list(of: .any), "tool_choice": .any, "parallel_tool_calls": .flag,
        "usage": .object([
            "input_tokens": .count, "output_tokens": .count, "total_tokens": .count,
            "input_tokens_details": .object(["cached_tokens": .count]),
            "output_tokens_details": .object(["reasoning_tokens": .count]),
        ]),
    ])
}
