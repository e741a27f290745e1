package import ChatTemplates

/// Puts the pieces of a model's answers together again: thoughts, texts and calls that dialects
/// keep apart become messages in which thoughts come first, then text, then calls.
///
/// A piece that cannot follow what the message has already begins another one, so that the order
/// of the pieces stays what it was.
package struct AssistantTurns {
    /// The messages so far.
    package private(set) var messages: [ChatMessage] = []

    /// What the message that pieces may still be added to has already.
    private var stage = Stage.closed

    private enum Stage {
        case closed
        case thinking
        case speaking
        case calling
    }

    /// No messages.
    package init() {}

    /// Whether pieces may still be added to a message that says something.
    package var isSpeaking: Bool { stage == .speaking }

    /// Adds a thought.
    package mutating func add(reasoning: String) {
        guard !reasoning.isEmpty else { return }
        if stage != .thinking {
            messages.append(ChatMessage(.assistant, [], reasoning: ""))
            stage = .thinking
        }
        messages[messages.count - 1].reasoning?.append(reasoning)
    }

    /// Adds a text.
    package mutating func add(_ content: [ContentPart]) {
        if stage == .closed || stage == .calling {
            messages.append(ChatMessage(.assistant, content))
        } else {
            messages[messages.count - 1].content.append(contentsOf: content)
        }
        stage = .speaking
    }

    /// Adds a call.
    package mutating func add(_ call: ToolCall) {
        if stage == .closed { messages.append(ChatMessage(.assistant, [])) }
        messages[messages.count - 1].calls.append(call)
        stage = .calling
    }

    /// Adds the message of somebody else, or a whole one of the model.
    package mutating func add(_ message: ChatMessage) {
        messages.append(message)
        stage = .closed
    }

    /// Ends the model's message: what follows is another one.
    package mutating func close() { stage = .closed }
}

extension ChatAnswer {
    /// The answer as messages of a conversation that goes on.
    package var messages: [ChatMessage] {
        var turns = AssistantTurns()
        for item in items {
            switch item {
            case .reasoning(let text): turns.add(reasoning: text)
            case .text(let text): turns.add([.text(text)])
            case .call(let call): turns.add(call)
            }
        }
        return turns.messages
    }

    /// The answer without thoughts, as if none had come.
    var withoutReasoning: ChatAnswer {
        var answer = ChatAnswer()
        for (item, logprobs) in zip(items, itemLogprobs) {
            switch item {
            case .reasoning: break
            case .text(let text):
                answer.append(.logprobs(logprobs))
                answer.append(.text(text))
            case .call(let call):
                answer.append(.logprobs(logprobs))
                answer.append(.callBegan(index: 0, id: call.id, name: call.name))
                answer.append(.callArguments(index: 0, call.arguments))
            }
        }
        if let end { answer.append(.ended(end)) }
        return answer
    }
}
