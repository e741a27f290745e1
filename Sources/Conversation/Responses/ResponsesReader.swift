import ChatTemplates
import QuireJSON

/// Reads the input of a request for a response: items of a conversation.
///
/// Members of items that it does not know are passed over, since histories go from client to
/// client. Items that it does not know are refused by name.
struct ResponsesReader {
    /// The conversation so far.
    var messages: [ChatMessage] { turns.messages }

    /// What was passed over, by path.
    private(set) var ignored: [String] = []

    /// Tools that the conversation brings, with the paths of their lists.
    private(set) var addedTools: [(list: [JSONValue], path: String)] = []

    private let store: ResponseStore
    private var turns = AssistantTurns()
    private var ledger = CallLedger()

    /// A reader of a conversation.
    ///
    /// - Parameters:
    ///   - previous: what it goes on from.
    ///   - store: where items are looked up that the input only names.
    init(after previous: [ChatMessage], _ store: ResponseStore) {
        self.store = store
        for var message in previous {
            for (index, call) in message.calls.enumerated() {
                message.calls[index] = ledger.call(
                    id: call.id, name: call.name, arguments: call.arguments)
            }
            if message.role == .tool { _ = ledger.answer(id: message.callID) }
            turns.add(message)
        }
    }

    /// Reads `input`.
    mutating func readInput(_ reader: inout MemberReader) throws(RequestError) {
        guard let value = reader.value("input") else {
            throw reader.wrong("input", "is missing; it must be a string or a list of items")
        }
        if let text = value.string { return turns.add(ChatMessage(.user, text)) }
        guard let list = value.array else {
            throw reader.wrong("input", "must be a string or a list of items")
        }
        let most = ConversationLimits.maxMessages
        guard list.count <= most else {
            throw reader.wrong("input", "has \(list.count) items; it must have at most \(most)")
        }
        for (index, value) in list.enumerated() {
            try readItem(value, at: "input[\(index)]")
        }
        guard !messages.isEmpty else { throw reader.wrong("input", "must have at least one item") }
    }
}

// MARK: - Items

extension ResponsesReader {
    private mutating func readItem(_ value: JSONValue, at path: String) throws(RequestError) {
        var item = try MemberReader(value, at: path)
        let isReference = value["id"] != nil && value["role"] == nil
        switch try item.string("type") ?? (isReference ? "item_reference" : "message") {
        case "message": try readMessage(&item)
        case "reasoning": try readReasoning(&item)
        case "function_call":
            try readCall(&item, arguments: item.string("arguments") ?? "{}")
        case "custom_tool_call":
            let input = JSONValue(try item.string("input") ?? "")
            let arguments = JSONValue.object([.init(FreeformInput.argument, input)])
            try readCall(&item, arguments: arguments.text)
        case "tool_search_call":
            let arguments = JSONValue.object(try item.members("arguments") ?? [])
            turns.add(
                ledger.call(
                    id: try item.string("call_id"),
                    name: ResponseTools.Origin.Kind.search.rawValue, arguments: arguments.text))
        case "function_call_output", "custom_tool_call_output":
            let content = try readOutput(item.value("output"), at: item.path(of: "output"))
            try readResult(&item, content)
        case "tool_search_output":
            let tools = try item.array("tools") ?? []
            addedTools.append((tools, item.path(of: "tools")))
            try readResult(&item, [.text(JSONValue.array(tools).text)])
        case "item_reference": try readReference(&item)
        case let type:
            throw item.wrong(
                "type", "is \(type.inMessage), which is not supported here; leave it out")
        }
    }

    private enum Role: String, CaseIterable {
        case user
        case assistant
        case system
        case developer
    }

    private mutating func readMessage(_ item: inout MemberReader) throws(RequestError) {
        guard let role = try item.word("role", as: Role.self) else {
            throw item.wrong("role", "is missing; it must be user, assistant, system or developer")
        }
        let path = item.path(of: "content")
        guard let value = item.value("content") else {
            throw item.wrong("content", "is missing; it must be a string or a list of parts")
        }
        let content = try readContent(value, at: path, isResult: false)
        switch role {
        case .user: turns.add(ChatMessage(.user, content))
        case .system: turns.add(ChatMessage(.system, content))
        case .developer: turns.add(ChatMessage(.developer, content))
        case .assistant:
            // A message follows thoughts; two of them are two answers.
            if turns.isSpeaking { turns.close() }
            turns.add(content)
        }
    }

    private mutating func readReasoning(_ item: inout MemberReader) throws(RequestError) {
        func texts(_ name: String) throws(RequestError) -> String {
            let parts = try item.array(name) ?? []
            return parts.compactMap { $0["text"]?.string }.joined()
        }
        let content = try texts("content")
        let summary = try texts("summary")
        let carried = CarriedThought.thought(in: try item.string("encrypted_content"))
        turns.add(reasoning: content.isEmpty ? carried ?? summary : content)
    }

    private mutating func readCall(
        _ item: inout MemberReader, arguments: String
    ) throws(RequestError) {
        guard let name = try item.string("name") else { throw item.wrong("name", "is missing") }
        let namespace = try item.string("namespace")
        turns.add(
            ledger.call(
                id: try item.string("call_id"),
                name: ResponseTools.functionName(name, namespace: namespace), arguments: arguments))
    }

    private mutating func readResult(
        _ item: inout MemberReader, _ content: [ContentPart]
    ) throws(RequestError) {
        let id = try item.string("call_id")
        let call = ledger.answer(id: id)
        var message = ChatMessage(.tool, content)
        message.callID = call?.id ?? id
        message.name = call?.name
        turns.add(message)
    }

    private mutating func readReference(_ item: inout MemberReader) throws(RequestError) {
        guard let id = try item.string("id") else { throw item.wrong("id", "is missing") }
        switch store.item(id) {
        case nil:
            throw item.wrong(
                "id",
                "is \(id.inMessage), which is not stored here, or not any more; send the item "
                    + "itself", code: .notFound)
        case .reasoning(let text): turns.add(reasoning: text)
        case .text(let text): turns.add([.text(text)])
        case .call(let call):
            turns.add(ledger.call(id: call.id, name: call.name, arguments: call.arguments))
        }
    }
}

// MARK: - Content

extension ResponsesReader {
    /// The output of a tool: a text, parts, or any other value as JSON.
    private mutating func readOutput(
        _ value: JSONValue?, at path: String
    ) throws(RequestError) -> [ContentPart] {
        switch value {
        case nil: []
        case .array?, .string?: try readContent(value ?? .null, at: path, isResult: true)
        case let value?: [.text(value.text)]
        }
    }

    /// Texts. What of a tool's output is none is replaced by words that say so: it stays in the
    /// conversation for good, and a refusal would end it.
    private mutating func readContent(
        _ value: JSONValue, at path: String, isResult: Bool
    ) throws(RequestError) -> [ContentPart] {
        if let text = value.string { return text.isEmpty ? [] : [.text(text)] }
        guard let list = value.array else {
            throw RequestError("`\(path)` must be a string or a list of parts", param: path)
        }
        var parts: [ContentPart] = []
        for (index, value) in list.enumerated() {
            var part = try MemberReader(value, at: "\(path)[\(index)]")
            let type = try part.string("type") ?? "input_text"
            switch type {
            case "input_text", "output_text", "text", "refusal":
                let member = type == "refusal" ? type : "text"
                guard let text = try part.string(member) else {
                    throw part.wrong(member, "is missing")
                }
                parts.append(.text(text))
            case "input_image", "input_file", "input_audio":
                guard isResult else {
                    throw part.wrong(
                        "type", "is \(type); the model reads text only, leave it out")
                }
                parts.append(.text(OmittedPart.text(String(type.dropFirst("input_".count)))))
                ignored.append(part.path(of: type))
            default:
                throw part.wrong(
                    "type", "is \(type.inMessage), which is not supported here; leave it out")
            }
        }
        return parts
    }
}
