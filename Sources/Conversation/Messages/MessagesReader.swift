import ChatTemplates
import QuireJSON

/// Reads the conversation of a request for messages.
///
/// Members of messages and blocks that it does not know are passed over, as marks for a cache are:
/// histories go from client to client. Blocks that it does not know are refused by name.
struct MessagesReader {
    /// The conversation so far.
    var messages: [ChatMessage] { turns.messages }

    /// What was passed over, by path.
    private(set) var ignored: [String] = []

    /// Tools that the conversation shows to the model or takes from it, by name.
    private(set) var shownTools: [String: Bool] = [:]

    /// Definitions of tools that the conversation brings, with their paths.
    private(set) var addedTools: [(value: JSONValue, path: String)] = []

    private var turns = AssistantTurns()
    private var ledger = CallLedger()

    /// Reads `system`.
    mutating func readSystem(_ reader: inout MemberReader) throws(RequestError) {
        guard let value = reader.value("system") else { return }
        let parts = BillingLine.removed(from: try texts(value, at: "system"))
        if !parts.isEmpty { turns.add(ChatMessage(.system, parts)) }
    }

    /// Reads `messages`.
    mutating func readMessages(_ reader: inout MemberReader) throws(RequestError) {
        guard let list = try reader.array("messages"), !list.isEmpty else {
            throw reader.wrong("messages", "must have at least one message")
        }
        let most = ConversationLimits.maxMessages
        guard list.count <= most else {
            throw reader.wrong(
                "messages", "has \(list.count) messages; it must have at most \(most)")
        }
        let lastUser = list.lastIndex { $0["role"]?.string == Role.user.rawValue } ?? 0
        for (index, value) in list.enumerated() {
            var members = try MemberReader(value, at: "messages[\(index)]")
            guard let role = try members.word("role", as: Role.self) else {
                throw members.wrong("role", "is missing; it must be user, assistant or system")
            }
            guard let content = members.value("content") else {
                throw members.wrong(
                    "content", "is missing; it must be a string or a list of blocks")
            }
            let path = members.path(of: "content")
            switch role {
            case .user: try readUser(content, at: path)
            case .assistant: try readAssistant(content, at: path)
            case .system:
                let isCleared =
                    try members.string("clear_at") == "next_user_message" && index < lastUser
                try readSystemMessage(content, at: path, isCleared: isCleared)
            }
        }
    }

    private enum Role: String, CaseIterable {
        case user
        case assistant
        case system
    }
}

// MARK: - Messages

extension MessagesReader {
    private mutating func readUser(_ content: JSONValue, at path: String) throws(RequestError) {
        if let text = content.string { return turns.add(ChatMessage(.user, text)) }
        var parts: [ContentPart] = []
        for var block in try blocks(content, at: path) {
            guard block.type == "tool_result" else {
                parts.append(try part(&block))
                continue
            }
            if !parts.isEmpty { turns.add(ChatMessage(.user, parts)) }
            parts = []
            turns.add(try result(&block))
        }
        if !parts.isEmpty { turns.add(ChatMessage(.user, parts)) }
    }

    private mutating func readAssistant(
        _ content: JSONValue, at path: String
    ) throws(RequestError) {
        turns.close()
        defer { turns.close() }
        if let text = content.string {
            return turns.add(ChatMessage(.assistant, text.isEmpty ? [] : [.text(text)]))
        }
        for var block in try blocks(content, at: path) {
            switch block.type {
            case "text": turns.add([try part(&block)])
            case "thinking":
                let thought = try block.members.string("thinking") ?? ""
                let signature = try block.members.string("signature")
                let carried = CarriedThought.thought(in: signature) ?? ""
                turns.add(reasoning: thought.isEmpty ? carried : thought)
            // A thought that only another server can read.
            case "redacted_thinking": break
            case "tool_use":
                let id = try block.members.string("id")
                guard let name = try block.members.string("name") else {
                    throw block.members.wrong("name", "is missing")
                }
                let input = try block.members.members("input") ?? []
                turns.add(
                    ledger.call(id: id, name: name, arguments: JSONValue.object(input).text))
                shownTools[name] = true
            default: throw block.refusal
            }
        }
    }

    private mutating func readSystemMessage(
        _ content: JSONValue, at path: String, isCleared: Bool
    ) throws(RequestError) {
        if let text = content.string {
            if !isCleared { turns.add(ChatMessage(.system, text)) }
            return
        }
        var parts: [ContentPart] = []
        for var block in try blocks(content, at: path) {
            switch block.type {
            case "tool_addition", "tool_removal": try readToolChange(&block)
            default: parts.append(try part(&block))
            }
        }
        if !parts.isEmpty && !isCleared { turns.add(ChatMessage(.system, parts)) }
    }

    private mutating func readToolChange(_ block: inout Block) throws(RequestError) {
        guard let tool = block.members.value("tool") else {
            throw block.members.wrong("tool", "is missing")
        }
        let path = block.members.path(of: "tool")
        var members = try MemberReader(tool, at: path)
        if let definition = members.value("definition") {
            addedTools.append((definition, members.path(of: "definition")))
        } else if let name = try members.string("name") {
            shownTools[name] = block.type == "tool_addition"
        } else {
            throw members.wrong("name", "is missing")
        }
    }
}

// MARK: - Blocks

extension MessagesReader {
    /// A block of a message.
    private struct Block {
        var members: MemberReader
        let type: String

        init(_ value: JSONValue, at path: String) throws(RequestError) {
            members = try MemberReader(value, at: path)
            guard let type = try members.string("type") else {
                throw members.wrong("type", "is missing")
            }
            self.type = type
        }

        var refusal: RequestError {
            members.wrong("type", "is \(type.inMessage), which is not supported here; leave it out")
        }
    }

    private func blocks(_ value: JSONValue, at path: String) throws(RequestError) -> [Block] {
        guard let list = value.array else {
            throw RequestError("`\(path)` must be a string or a list of blocks", param: path)
        }
        var blocks: [Block] = []
        for (index, value) in list.enumerated() {
            blocks.append(try Block(value, at: "\(path)[\(index)]"))
        }
        return blocks
    }

    /// The texts of a string or of a list of blocks of text.
    private func texts(_ value: JSONValue, at path: String) throws(RequestError) -> [ContentPart] {
        if let text = value.string { return [.text(text)] }
        var parts: [ContentPart] = []
        for var block in try blocks(value, at: path) { parts.append(try part(&block)) }
        return parts
    }

    /// The text of a block that has nothing else.
    private func part(_ block: inout Block) throws(RequestError) -> ContentPart {
        switch block.type {
        case "text":
            guard let text = try block.members.string("text") else {
                throw block.members.wrong("text", "is missing")
            }
            return .text(text)
        case "document":
            guard let source = block.members.value("source"),
                source["type"]?.string == "text", let text = source["data"]?.string
            else {
                throw block.members.wrong(
                    "source",
                    "must be plain text, `{\"type\": \"text\", \"data\": ...}`: the model "
                        + "reads nothing else")
            }
            return .text(text)
        case "image":
            throw block.members.wrong(
                "type", "is image; the model reads text only, leave images out")
        default: throw block.refusal
        }
    }

    /// The result of a call. What of it is no text is replaced by words that say so: a tool's
    /// result stays in the conversation for good, and a refusal would end it.
    private mutating func result(_ block: inout Block) throws(RequestError) -> ChatMessage {
        let id = try block.members.string("tool_use_id")
        let call = ledger.answer(id: id)
        var message = ChatMessage(.tool, [])
        message.callID = call?.id ?? id
        message.name = call?.name
        message.isError = try block.members.bool("is_error") ?? false
        guard let content = block.members.value("content") else { return message }
        if let text = content.string {
            message.content = [.text(text)]
            return message
        }
        for var inner in try blocks(content, at: block.members.path(of: "content")) {
            switch inner.type {
            case "text": message.content.append(try part(&inner))
            case "tool_reference":
                guard let name = try inner.members.string("tool_name") else {
                    throw inner.members.wrong("tool_name", "is missing")
                }
                shownTools[name] = true
                message.content.append(.text("The tool \(name) can be called now.\n"))
            case "image", "document", "search_result", "browser_state":
                message.content.append(.text(OmittedPart.text(inner.type)))
                ignored.append(inner.members.path(of: inner.type))
            default: throw inner.refusal
            }
        }
        return message
    }
}
