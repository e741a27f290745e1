import QuireJSON

/// Words that no template has, so that what a rendering has of them came from the conversation.
struct Needles: Sendable {
    let user: String
    let content: String
    let reasoning: String
    let names: [String]
    let keys: [String]
    let values: [String]
    let ids: [String]
    let number: Int

    /// Other words for each seed: what is learned must not depend on them.
    init(seed: UInt64) {
        var bits = ProbeBits(seed: seed)
        func word(_ count: Int) -> String {
            // Consonants only: no word of any language, and none of Python.
            let letters = Array("bcdfghjklmnpqrstvwxz")
            return String((0..<count).map { _ in letters[Int(bits.next() % 20)] })
        }
        user = word(12)
        content = word(12)
        reasoning = word(12)
        names = [word(9), word(11)]
        // In order, for templates that sort them.
        keys = [word(7), word(8), word(9)].sorted()
        values = [word(10), word(12), word(11)]
        // Nine letters and digits, as Mistral's templates demand.
        ids = ["a1", "b2"].map { $0 + word(7) }
        number = 100_000 + Int(bits.next() % 900_000)
    }

    /// Tools of these names, whose arguments are strings but for the last, a number.
    var tools: [ToolDefinition] {
        let types = ["string", "integer", "string"]
        let properties = zip(keys, types).map { key, type in
            JSONValue.Member(
                key,
                .object([.init("type", .string(type)), .init("description", .string("of it"))]))
        }
        return names.map { name in
            ToolDefinition(
                name: name, description: "does it",
                parameters: .object([
                    .init("type", .string("object")), .init("properties", .object(properties)),
                    .init("required", .array([.string(keys[0])])),
                ]))
        }
    }

    /// Call number `index`, with the first `count` arguments.
    func call(_ index: Int, arguments count: Int) -> ToolCall {
        let all = [
            "\"\(keys[0])\": \"\(values[index])\"", "\"\(keys[1])\": \(number)",
            "\"\(keys[2])\": \"\(values[2])\"",
        ]
        return ToolCall(
            id: ids[index], name: names[index],
            arguments: "{" + all.prefix(count).joined(separator: ", ") + "}")
    }
}

/// Renderings of small conversations.
struct Probe: Sendable {
    let template: ChatTemplate
    let needles: Needles
    /// `bos_token` and `eos_token`.
    let names: [JSONValue.Member]
    var form = ContextForm()

    /// The rendering of messages after the user's; nil: the template refuses them.
    func render(
        _ messages: [ChatMessage], tools: [ToolDefinition] = [], begins: Bool = false,
        arguments: [JSONValue.Member] = []
    ) -> [UInt8]? {
        let all = [ChatMessage(.user, needles.user)] + messages
        let context = TemplateContext(
            all, tools: tools, form: form, beginsAnswer: begins, names: names, arguments: arguments)
        // Any day will do: dates stand before the answer.
        guard let date = TemplateDate("2024-07-26"),
            let text = try? template.render(context, now: date)
        else { return nil }
        return Array(text.string.utf8)
    }

    /// What a rendering has behind the user's words.
    func body(
        _ messages: [ChatMessage], tools: [ToolDefinition] = [], begins: Bool = false,
        arguments: [JSONValue.Member] = []
    ) -> String? {
        guard
            let bytes = render(messages, tools: tools, begins: begins, arguments: arguments),
            let user = Bytes.findLast(needles.user, in: bytes)
        else { return nil }
        return Bytes.text(bytes, user.upperBound..<bytes.count)
    }

    /// An assistant's message.
    func answer(
        content: Bool = false, reasoning: Bool = false, calls: [ToolCall] = []
    ) -> ChatMessage {
        var message = ChatMessage(.assistant, content ? [.text(needles.content)] : [])
        if reasoning { message.reasoning = needles.reasoning }
        message.calls = calls
        return message
    }
}
