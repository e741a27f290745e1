package import ChatTemplates
package import QuireJSON

/// Reads the messages of a conversation in the shape of OpenAI's chat completions, and of Ollama's
/// chat, which differs in a few names.
///
/// Members that it does not know are passed over: histories go from client to client.
package struct MessageReader {
    private var ledger = CallLedger()

    /// The roles by their names in requests; `function` is the older name of `tool`.
    private static let roles: [String: ChatMessage.Role] = [
        "system": .system, "developer": .developer, "user": .user, "assistant": .assistant,
        "tool": .tool, "function": .tool,
    ]

    /// A reader of a conversation.
    package init() {}

    /// The messages of a list.
    ///
    /// - Complexity: O(bytes).
    package mutating func messages(
        _ list: [JSONValue], at path: String
    ) throws(RequestError) -> [ChatMessage] {
        let most = ConversationLimits.maxMessages
        guard list.count <= most else {
            throw RequestError(
                "`\(path)` has \(list.count) messages; it must have at most \(most)", param: path)
        }
        var messages: [ChatMessage] = []
        messages.reserveCapacity(list.count)
        for (index, value) in list.enumerated() {
            messages.append(try message(value, at: "\(path)[\(index)]"))
        }
        return messages
    }

    private mutating func message(
        _ value: JSONValue, at path: String
    ) throws(RequestError) -> ChatMessage {
        var members = try MemberReader(value, at: path)
        let roles = "system, developer, user, assistant or tool"
        guard let role = try members.read("role", roles, { $0.string.flatMap { Self.roles[$0] } })
        else { throw members.wrong("role", "is missing; it must be \(roles)") }
        try Self.refuseOtherMedia(&members)
        var message = ChatMessage(role, try Self.content(&members))
        message.name = try members.string("name")
        switch role {
        case .assistant:
            message.reasoning = try Self.reasoning(&members)
            message.calls = try calls(&members)
            if message.content.isEmpty, let refusal = try members.string("refusal") {
                message.content = [.text(refusal)]
            }
        case .tool:
            let id = try members.string("tool_call_id")
            let toolName = try members.string("tool_name")
            let call = ledger.answer(id: id)
            message.callID = call?.id ?? id
            message.name = message.name ?? toolName ?? call?.name
        case .system, .developer, .user:
            guard members.value("content") != nil else {
                throw members.wrong("content", "is missing; it must be \(Self.contentForms)")
            }
        }
        return message
    }
}

// MARK: - Content

extension MessageReader {
    private static let contentForms = "a string or a list of parts"

    /// What an object says: a string, a list of parts, or nothing.
    package static func content(
        _ members: inout MemberReader
    ) throws(RequestError) -> [ContentPart] {
        guard let value = members.value("content") else { return [] }
        if let text = value.string { return [.text(text)] }
        guard let list = value.array else {
            throw members.wrong("content", "must be \(contentForms)")
        }
        var parts: [ContentPart] = []
        parts.reserveCapacity(list.count)
        for (index, value) in list.enumerated() {
            parts.append(.text(try text(value, at: members.path(of: "content[\(index)]"))))
        }
        return parts
    }

    /// The text of a part; a part may be a mere string.
    private static func text(_ value: JSONValue, at path: String) throws(RequestError) -> String {
        if let text = value.string { return text }
        var members = try MemberReader(value, at: path)
        let type = try members.string("type") ?? "text"
        switch type {
        case "text", "input_text", "output_text":
            guard let text = try members.string("text") else {
                throw members.wrong("text", "is missing")
            }
            return text
        case "refusal":
            guard let text = try members.string("refusal") else {
                throw members.wrong("refusal", "is missing")
            }
            return text
        default:
            throw members.wrong(
                "type", "is \(type.inMessage), and this server reads text only; it must be text")
        }
    }

    private static func refuseOtherMedia(
        _ members: inout MemberReader
    ) throws(RequestError) {
        for name in ["audio", "images"] {
            try members.refuse(name, unless: "an empty list") { $0 == [] }
        }
    }

    /// What the model thought, under the names that clients give it.
    private static func reasoning(
        _ members: inout MemberReader
    ) throws(RequestError) -> String? {
        for name in ["reasoning_content", "reasoning", "thinking"] {
            // Some clients put an object with details there, which says no more than the text.
            guard let text = members.value(name)?.string, !text.isEmpty else { continue }
            return text
        }
        return nil
    }
}

// MARK: - Calls

extension MessageReader {
    private mutating func calls(
        _ members: inout MemberReader
    ) throws(RequestError) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (index, value) in (try members.array("tool_calls") ?? []).enumerated() {
            let path = members.path(of: "tool_calls[\(index)]")
            var call = try MemberReader(value, at: path)
            let type = try call.string("type") ?? "function"
            guard type == "function" else {
                throw call.wrong("type", "is \(type.inMessage); it must be function")
            }
            let id = try call.string("id")
            guard let function = call.value("function") else {
                throw call.wrong("function", "is missing")
            }
            calls.append(try self.call(function, id: id, at: "\(path).function"))
        }
        if let function = members.value("function_call") {
            calls.append(try call(function, id: nil, at: members.path(of: "function_call")))
        }
        return calls
    }

    /// A call, whose arguments are a text or, as in Ollama's chat, the object itself.
    private mutating func call(
        _ value: JSONValue, id: String?, at path: String
    ) throws(RequestError) -> ToolCall {
        var members = try MemberReader(value, at: path)
        let name = try ToolReader.name(&members)
        let arguments = try members.read("arguments", "a string or an object") { value in
            if let text = value.string { return text }
            guard value.members != nil else { return nil as String? }
            var out = JSONWriter()
            out.value(value)
            return out.text
        }
        return ledger.call(id: id, name: name, arguments: arguments ?? "{}")
    }
}
