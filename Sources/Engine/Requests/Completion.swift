public import QuireIdentifiers
public import Scheduling

/// An answer to a request.
public struct Completion: Hashable, Sendable {
    /// Which of the request's answers this is, from 0; the best is first where they are ranked.
    public var choice: Int

    /// The tokens of the prompt.
    public var promptTokens: [TokenID]

    /// The generated tokens, the one that ended the request included.
    public var tokens: [TokenID]

    /// The generated text: without special tokens and up to a stop string, where the parameters do
    /// not ask for them.
    public var text: String

    /// Why it ended.
    public var finishReason: FinishReason

    /// Which of the caller's conditions ended it; nil for the model's own end of an answer.
    public var stopReason: StopReason?

    /// One for each generated token, when asked for.
    public var logprobs: [TokenLogprob]?

    /// One for each token of the prompt, when asked for; the first has none before it, so it is
    /// nil.
    public var promptLogprobs: [TokenLogprob?]?

    /// The sum of the raw log probabilities of the generated tokens, where answers are ranked by
    /// it.
    public var cumulativeLogprob: Double?

    /// The seed that it was drawn with: with it the same prompt gives the same tokens again.
    public var seed: UInt64

    /// When what happened to it.
    public var timeline: Timeline

    /// Where its time went.
    public var timings: Timings { Timings(timeline) }

    /// Where a request's time went.
    public struct Timings: Hashable, Sendable {
        /// From submission to its first step.
        public var queued: Duration
        /// From its first step to its first token.
        public var prefill: Duration
        /// From its first token to its end.
        public var decode: Duration

        init(_ timeline: Timeline) {
            let end = timeline.finished ?? timeline.queued
            let start = timeline.scheduled ?? end
            let first = timeline.firstToken ?? end
            queued = start - timeline.queued
            prefill = first - start
            decode = end - first
        }
    }
}

extension Completion {
    /// Which of the caller's conditions ended a request.
    public enum StopReason: Hashable, Sendable {
        /// One of its stop tokens.
        case token(TokenID)
        /// One of its stop strings.
        case string(String)
        /// Its repetition detection.
        case repetition
    }

    /// The stop string that ended it.
    public var stopString: String? {
        guard case .string(let text) = stopReason else { return nil }
        return text
    }
}
