import QuireJSON

/// Random answers with what breaks readers: markup, quotes, escapes, line breaks, several scripts.
struct RoundTripRandom: Sendable {
    private var bits: ProbeBits

    init(seed: UInt64) { bits = ProbeBits(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int(bits.next() >> 33) % bound }

    private mutating func element<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    private static let words = [
        "the", "answer", "is", "42", "naïve", "日本語", "👩‍👩‍👧", "\"quoted\"", "it's", "a\\b", "C:\\new",
        "<b>bold</b>", "a < b", "{x}", "[1]", "50%", "$5", "line\nbreak", "two\n\nbreaks",
        "tab\tbed",
        "}", "{\"k\": 1}", "f(x)", "#1", "&amp;", "null", "true", "https://example.org/?a=b&c=d",
    ]

    /// A text that does not begin or end with whitespace.
    mutating func text() -> String {
        (0...below(6)).map { _ in element(Self.words) }.joined(separator: " ")
    }

    private mutating func identifier() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let word = String((0..<4 + below(6)).map { _ in element(letters) })
        return below(3) == 0 ? word + "_" + String(element(letters)) + "\(below(10))" : word
    }

    mutating func tools() -> [ToolDefinition] {
        (0..<2).map { _ in
            let types = ["string", "string", "integer", "number", "boolean", "array", "object"]
            let properties = (0..<below(4)).map { index in
                JSONValue.Member(
                    "\(identifier())\(index)",
                    .object([
                        .init("type", .string(element(types))),
                        .init("description", .string("d")),
                    ]))
            }
            return ToolDefinition(
                name: identifier(), description: "does it",
                parameters: .object([
                    .init("type", .string("object")), .init("properties", .object(properties)),
                    .init("required", .array([])),
                ]))
        }
    }

    mutating func answer(
        tools: [ToolDefinition], several: Bool, hasCalls: Bool, hasReasoning: Bool
    ) -> ChatMessage {
        let hasContent = !hasCalls || below(2) == 0
        // With a word of its own each: what a template leaves out must not be seen elsewhere.
        let content = text() + " w\(below(1 << 30))"
        var message = ChatMessage(.assistant, hasContent ? [.text(content)] : [])
        if hasReasoning { message.reasoning = text() + " w\(below(1 << 30))" }
        guard hasCalls else { return message }
        message.calls = (0...(several ? below(3) : 0)).map { index in
            let tool = element(tools)
            return ToolCall(
                id: "call\(index)\(1000 + below(9000))", name: tool.name, arguments: arguments(tool)
            )
        }
        return message
    }

    private mutating func arguments(_ tool: ToolDefinition) -> String {
        let properties = tool.parameters?["properties"]?.members ?? []
        var writer = JSONWriter()
        writer.value(
            .object(
                properties.map { property in
                    JSONValue.Member(
                        property.key, value(property.value["type"]?.string ?? "string", depth: 0))
                }))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private mutating func value(_ type: String, depth: Int) -> JSONValue {
        switch type {
        case "integer": .integer(below(2000) - 1000)
        case "number": .number(Double(below(2000)) / 8 + 0.125)
        case "boolean": .bool(below(2) == 0)
        case "array":
            .array(
                (0..<below(4)).map { _ in
                    value(element(["string", "integer", "boolean"]), depth: depth + 1)
                })
        case "object":
            .object(
                (0..<below(3)).map { index in
                    JSONValue.Member(
                        "k\(index)",
                        value(
                            element(depth < 2 ? ["string", "object", "array"] : ["integer"]),
                            depth: depth + 1))
                })
        default: .string(below(5) == 0 ? element(["7", "true", "", "null", "1.5"]) : text())
        }
    }
}
