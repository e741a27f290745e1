import Conversation

/// What is written of an answer as it comes: thoughts dimmed on a terminal and left out elsewhere,
/// then what the model says.
struct AnswerPrinter {
    /// A piece of what is written.
    enum Piece: Hashable {
        /// Ours: what commands the terminal.
        case own(String)
        /// The model's, of which no terminal may be commanded.
        case model(String)
    }

    /// How thoughts are told apart.
    enum Thoughts: Hashable {
        /// Not at all: they are left out.
        case hidden
        /// Dimmed.
        case dimmed
        /// Between marks, where a terminal cannot dim.
        case marked
    }

    private let thoughts: Thoughts
    private var isThinking = false

    /// A printer of one answer.
    init(_ thoughts: Thoughts) { self.thoughts = thoughts }

    /// What is written for an event.
    mutating func pieces(of event: AnswerEvent) -> [Piece] {
        switch event {
        case .reasoning(let text):
            guard thoughts != .hidden, !text.isEmpty else { return [] }
            let opening: [Piece] =
                isThinking ? [] : [.own(thoughts == .dimmed ? "\u{1B}[2m" : "(thinks: ")]
            isThinking = true
            return opening + [.model(text)]
        case .text(let text):
            return text.isEmpty ? [] : finish() + [.model(text)]
        case .ended: return finish()
        case .began, .waiting, .logprobs, .callBegan, .callArguments, .callEnded: return []
        }
    }

    /// What ends a thought that is being written; nothing where there is none.
    mutating func finish() -> [Piece] {
        guard isThinking else { return [] }
        isThinking = false
        return [.own(thoughts == .dimmed ? "\u{1B}[22m\n" : ")\n")]
    }
}
