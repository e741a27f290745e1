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

    /// Of each of the items the log probabilities of its tokens: those that came since the item
    /// before it gained for the last time.
    package private(set) var itemLogprobs: [[TokenLogprob]] = []

    /// Those of tokens whose text is still to come.
    private var pendingLogprobs: [TokenLogprob] = []

    /// How it ended; nil: it has not.
    package private(set) var end: AnswerEnd?

    /// An answer without anything.
    package init() {}

    /// Takes in the next event.
    package mutating func append(_ event: AnswerEvent) {
        switch event {
        case .began, .waiting, .callEnded, .text(""), .reasoning(""): return
        case .logprobs(let more):
            logprobs += more
            pendingLogprobs += more
            return
        case .reasoning(let more):
            if case .reasoning(var text) = items.last {
                // Taken out first, so that the text grows where it is.
                items.removeLast()
                text += more
                items.append(.reasoning(text))
            } else {
                items.append(.reasoning(more))
            }
        case .text(let more):
            if case .text(var text) = items.last {
                items.removeLast()
                text += more
                items.append(.text(text))
            } else {
                items.append(.text(more))
            }
        case .callBegan(_, let id, let name):
            items.append(.call(ToolCall(id: id, name: name, arguments: "")))
        case .callArguments(_, let more):
            guard case .call(var call) = items.last else { return }
            items.removeLast()
            call.arguments += more
            items.append(.call(call))
        case .ended(let end):
            self.end = end
            return
        }
        if itemLogprobs.count < items.count { itemLogprobs.append([]) }
        itemLogprobs[items.count - 1] += pendingLogprobs
        pendingLogprobs = []
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
