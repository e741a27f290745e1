public import QuireIdentifiers
public import Scheduling

/// What an answer has gained since the delta before.
///
/// Offline there is one for each token. Online a reader that is slower than the model finds what
/// came meanwhile in one delta: texts, tokens and log probabilities, each appended in their order.
public struct GenerationDelta: Hashable, Sendable {
    /// The index of the request among those of the call.
    public var index: Int

    /// Which of the request's answers this is, from 0.
    public var choice: Int

    /// Text that is certain: whole characters, none of which can belong to a stop string.
    public var text: String

    /// The new tokens; none in a last delta that brings only text held back before.
    public var tokens: [TokenID]

    /// One for each new token, when asked for.
    public var logprobs: [TokenLogprob]

    /// Why the answer ended, in its last delta.
    public var finishReason: FinishReason?

    /// The whole answer, in its last delta.
    public var completion: Completion? {
        get { whole?.completion }
        set { whole = newValue.map { Whole($0) } }
    }

    /// Kept apart: all deltas but the last are small without it.
    private var whole: Whole?

    private final class Whole: Hashable, Sendable {
        let completion: Completion

        init(_ completion: Completion) { self.completion = completion }

        static func == (left: Whole, right: Whole) -> Bool { left.completion == right.completion }

        func hash(into hasher: inout Hasher) { hasher.combine(completion) }
    }

    /// The last of the new tokens.
    public var token: TokenID? { tokens.last }

    package init(
        index: Int, choice: Int = 0, text: String, tokens: [TokenID] = [],
        logprobs: [TokenLogprob] = [], finishReason: FinishReason? = nil
    ) {
        self.index = index
        self.choice = choice
        self.text = text
        self.tokens = tokens
        self.logprobs = logprobs
        self.finishReason = finishReason
    }

    /// An answer that is told all at once.
    package init(whole completion: Completion, index: Int) {
        self.init(
            index: index, choice: completion.choice, text: completion.text,
            tokens: completion.tokens, logprobs: completion.logprobs ?? [],
            finishReason: completion.finishReason)
        self.completion = completion
    }

    /// Takes in what came after it for the same answer.
    mutating func merge(_ later: GenerationDelta) {
        text += later.text
        tokens += later.tokens
        logprobs += later.logprobs
        finishReason = later.finishReason
        completion = later.completion
    }
}
