public import Identifiers
public import Scheduling

/// A prompt and how to continue it.
public struct GenerationRequest: Hashable, Sendable {
    /// The tokens to start from, fed exactly as they are.
    public var prompt: [TokenID]

    /// How to choose tokens and when to stop.
    public var parameters: SamplingParameters

    /// A request.
    public init(prompt: [TokenID], parameters: SamplingParameters) {
        self.prompt = prompt
        self.parameters = parameters
    }
}

/// What a request has gained with one step.
public struct GenerationDelta: Hashable, Sendable {
    /// The index of the request among those of the call.
    public var index: Int

    /// Text that is certain: whole characters, none of which can belong to a stop string.
    public var text: String

    /// The token of this step; nil in a last delta that brings only text held back before.
    public var token: TokenID?

    /// Why the request ended, in its last delta.
    public var finishReason: FinishReason?
}

/// The answer to a request.
public struct Completion: Hashable, Sendable {
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

    /// The seed that it was drawn with: with it the same prompt gives the same tokens again.
    public var seed: UInt64

    /// Where its time went.
    public var timings: Timings

    /// Where a request's time went.
    public struct Timings: Hashable, Sendable {
        /// From submission to its first step.
        public var queued: Duration
        /// From its first step to its first token.
        public var prefill: Duration
        /// From its first token to its end.
        public var decode: Duration
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
