/// A conversation in a form that a template accepts, with all that was said in it, in order.
///
/// What a template has no place for becomes something that it has: instructions of a developer
/// those of the system, instructions in the middle words of the user, tools and results text.
/// Nothing moves: a conversation that grows keeps its beginning, and the cache what it has of it.
package struct FoldedConversation: Hashable, Sendable {
    /// The messages.
    package private(set) var messages: [ChatMessage]

    /// The tools that the template renders.
    package private(set) var tools: [ToolDefinition]

    private let capabilities: TemplateCapabilities

    /// Folds a conversation.
    ///
    /// - Complexity: O(messages and their bytes).
    package init(
        _ messages: [ChatMessage], tools: [ToolDefinition] = [],
        for capabilities: TemplateCapabilities
    ) {
        self.messages = messages
        self.tools = tools
        self.capabilities = capabilities
        dropEmptyAnswers()
        foldDevelopers()
        foldTools()
        foldCalls()
        foldResults()
        foldSystems()
        if capabilities.requiresAlternation { takeTurns() }
        if !capabilities.acceptsTypedContent { joinParts() }
    }

    private static let seam = ContentPart.text("\n\n")
}

extension FoldedConversation {
    /// An assistant that said nothing, called nothing and thought nothing was cut off before it
    /// began.
    private mutating func dropEmptyAnswers() {
        messages.removeAll { message in
            message.role == .assistant && message.calls.isEmpty && message.text.isEmpty
                && (message.reasoning ?? "").isEmpty
        }
    }

    private mutating func foldDevelopers() {
        guard !capabilities.rendersDeveloper else { return }
        for index in messages.indices where messages[index].role == .developer {
            messages[index].role = .system
        }
    }

    private mutating func foldTools() {
        guard !capabilities.rendersTools, !tools.isEmpty else { return }
        messages.insert(ChatMessage(.system, ToolText.definitions(tools)), at: 0)
        tools = []
    }

    /// Calls as text, or one to a message: each then goes before its result, and the results keep
    /// their order.
    private mutating func foldCalls() {
        if !capabilities.rendersCalls {
            for index in messages.indices {
                let texts = messages[index].calls.map { ContentPart.text(ToolText.call($0)) }
                messages[index].calls = []
                for text in texts { Self.append([text], to: &messages[index]) }
            }
        } else if !capabilities.rendersParallelCalls {
            splitCalls()
        }
    }

    private mutating func splitCalls() {
        var split: [ChatMessage] = []
        var waiting = WaitingCalls([])
        func place(_ call: ToolCall) {
            if let last = split.indices.last, split[last].role == .assistant,
                split[last].calls.isEmpty
            {
                split[last].calls = [call]
            } else {
                var message = ChatMessage(.assistant, [])
                message.calls = [call]
                split.append(message)
            }
        }
        for message in messages {
            if message.role == .tool {
                if let call = waiting.take(message.callID) { place(call) }
                split.append(message)
                continue
            }
            waiting.takeAll().forEach(place)
            waiting = WaitingCalls(message.calls)
            var first = message
            first.calls = []
            if message.calls.isEmpty || !first.content.isEmpty || first.reasoning != nil {
                split.append(first)
            }
        }
        waiting.takeAll().forEach(place)
        messages = split
    }

    private mutating func foldResults() {
        guard !capabilities.rendersToolResults else { return }
        for index in messages.indices where messages[index].role == .tool {
            let content = messages[index].content
            messages[index] = ChatMessage(
                .user,
                [.text(ToolText.resultStart)] + content + [.text(ToolText.resultEnd)])
        }
    }

    private mutating func foldSystems() {
        let all = messages
        let leading = all.prefix { $0.role == .system }.count
        messages = []
        for (index, original) in all.enumerated() {
            var message = original
            let isFirst = index < leading
            if message.role == .system,
                !(isFirst ? capabilities.rendersSystem : capabilities.rendersLaterSystem)
            {
                message.role = .user
            }
            // Instructions that the user has to say go with what the user says first.
            let isMerged =
                isFirst
                ? !(capabilities.rendersSystem && capabilities.rendersSeveralSystems)
                : index == leading && !capabilities.rendersSystem && message.role == .user
            if index > 0, isMerged {
                Self.join(message, to: &messages[messages.count - 1])
            } else {
                messages.append(message)
            }
        }
    }

    /// Lets user and assistant take turns, the user first: neighbours of one role become one
    /// message, and where something stands between them an empty turn of the other is put in.
    ///
    /// As templates count, results and messages with calls are no turns; what the user says after a
    /// result goes with it.
    private mutating func takeTurns() {
        let all = messages
        messages = []
        var turn = ChatMessage.Role.assistant
        for message in all {
            // No copy of the last message: it grows where it is.
            let last = messages.last?.role
            let isAnswer = last == .assistant && messages.last?.calls.isEmpty == true
            guard message.calls.isEmpty, message.role == .user || message.role == .assistant else {
                if message.role == .assistant, isAnswer {
                    Self.join(message, to: &messages[messages.count - 1])
                    turn = .user
                } else {
                    messages.append(message)
                }
                continue
            }
            guard message.role == turn else {
                messages.append(message)
                turn = message.role
                continue
            }
            let isNeighbour = message.role == .user ? last == .user : isAnswer
            if isNeighbour || (last == .tool && message.role == .user) {
                Self.join(message, to: &messages[messages.count - 1])
            } else {
                messages.append(ChatMessage(turn == .user ? .assistant : .user, ""))
                messages.append(message)
            }
        }
    }

    private mutating func joinParts() {
        for index in messages.indices where messages[index].content.count > 1 {
            messages[index].content = [.text(messages[index].text)]
        }
    }

    /// Static, as `append`: a method of the value would copy the messages that it changes.
    private static func join(_ message: ChatMessage, to target: inout ChatMessage) {
        append(message.content, to: &target)
        target.calls += message.calls
        guard let reasoning = message.reasoning else { return }
        if target.reasoning == nil {
            target.reasoning = reasoning
        } else {
            target.reasoning?.append("\n\n\(reasoning)")
        }
    }

    private static func append(_ content: [ContentPart], to message: inout ChatMessage) {
        let added = content.filter { !$0.text.isEmpty }
        guard !added.isEmpty else { return }
        // From the end, where a part that was added last has a text.
        if message.content.last(where: { !$0.text.isEmpty }) != nil {
            message.content.append(seam)
        }
        message.content += added
    }
}

/// Calls that have no results yet.
private struct WaitingCalls {
    private var calls: [ToolCall?]
    private var places: [String: Int]
    private var first = 0

    init(_ calls: [ToolCall]) {
        self.calls = calls
        places = Dictionary(calls.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// The call of an id, or the first one.
    mutating func take(_ id: String?) -> ToolCall? {
        while first < calls.count, calls[first] == nil { first += 1 }
        guard first < calls.count else { return nil }
        let named = id.flatMap { places[$0] } ?? first
        let place = calls[named] == nil ? first : named
        defer { calls[place] = nil }
        return calls[place]
    }

    /// All that are left.
    mutating func takeAll() -> [ToolCall] {
        defer { calls = [] }
        return calls.compactMap(\.self)
    }
}
