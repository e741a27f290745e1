import QuireJSON

extension BodySchema {
    /// Messages as OpenAI's chat completions and Ollama's chat have them, which `MessageReader`
    /// reads.
    static func messages(from least: Int = 0) -> BodySchema {
        list(
            of: either(said, answered, result), from: least,
            atMost: ConversationLimits.maxMessages)
    }

    private static let said = object(
        ["role": words(["system", "developer", "user"]), "content": content],
        optional: common)

    private static let answered = object(
        ["role": words(["assistant"])],
        optional: .joined(
            common,
            [
                "content": content, "tool_calls": list(of: call), "function_call": function,
            ]))

    private static let result = object(
        ["role": words(["tool", "function"])],
        optional: .joined(
            common, ["content": content, "tool_call_id": string, "tool_name": string]))

    private static let common: SchemaMembers = [
        "name": string, "audio": constant([]), "images": constant([]),
    ]

    private static let content = either(string, list(of: part))

    private static let part = either(
        string,
        object(["text": string], optional: ["type": words(["text", "input_text", "output_text"])]),
        object(["type": words(["refusal"]), "refusal": string]))

    private static let call = object(
        ["function": function], optional: ["id": string, "type": words(["function"])])

    private static let function = object(
        ["name": toolName], optional: ["arguments": either(string, object)])

    /// The name of a tool.
    static let toolName = string(1...ConversationLimits.maxToolNameBytes)

    /// A function that may be called, as OpenAI's chat completions have it.
    static let definition = object(
        ["name": toolName],
        optional: ["description": string, "parameters": object, "strict": constant(false)])

    /// Tools as OpenAI's chat completions have them.
    static let tools = list(
        of: object(["function": definition], optional: ["type": words(["function"])]),
        atMost: ConversationLimits.maxTools)
}
