package import ChatTemplates
package import QuireEngine

/// A whole answer to a conversation: what its events add up to.
package struct ChatAnswer: Hashable, Sendable {
    /// A piece of an answer, in the order in which they were generated.
    package enum Item: Hashable, Sendable {
        /// What the model thought.
        case reasoning(String)
        /// What it said.
        case text(String)
        /// A tool that it calls.
        case call(ToolCall)
    }

    /// The pieces; neighbours are of different kinds, but for calls.
    package private(set) var items: [Item] = []

    /// One for each token, when asked for.
    package private(set) var logprobs: [TokenLogprob] = []

    /// How it ended; nil: it has not.
    package private(set) var end: AnswerEnd?

    /// An answer without anything.
    package init() {}

    /// Takes in the next event.
    package mutating func append(_ event: AnswerEvent) {
        switch event {
        case .began, .waiting, .callEnded: break
        case .logprobs(let more): logprobs += more
        case .reasoning(let more):
            guard case .reasoning(var text) = items.last else {
                return items.append(.reasoning(more))
            }
            // Taken out first, so that the text grows where it is.
            items.removeLast()
            text += more
            items.append(.reasoning(text))
        case .text(let more):
            guard case .text(var text) = items.last else { return items.append(.text(more)) }
            items.removeLast()
            text += more
            items.append(.text(text))
        case .callBegan(_, let id, let name):
            items.append(.call(ToolCall(id: id, name: name, arguments: "")))
        case .callArguments(_, let more):
            guard case .call(var call) = items.last else { return }
            items.removeLast()
            call.arguments += more
            items.append(.call(call))
        case .ended(let end): self.end = end
        }
    }

    /// All that it says.
    package var text: String {
        items.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
    }

    /// All that the model thought; nil: nothing.
    package var reasoning: String? {
        let texts = items.compactMap { if case .reasoning(let text) = $0 { text } else { nil } }
        return texts.isEmpty ? nil : texts.joined()
    }

    /// The tools that it calls, in order.
    package var calls: [ToolCall] {
        items.compactMap { if case .call(let call) = $0 { call } else { nil } }
    }
}
