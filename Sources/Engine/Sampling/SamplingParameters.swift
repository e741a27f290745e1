public import Identifiers

/// How tokens are chosen and when a request ends.
public struct SamplingParameters: Hashable, Sendable {
    /// Tokens to generate at most; nil: as many as the context has room for.
    public var maxTokens: Int?

    /// What the logits are divided by: 0 always takes the most likely token, 1 samples from the
    /// model's own distribution.
    public var temperature: Double

    /// Samples among the `topK` most likely tokens; 0: among all.
    public var topK: Int

    /// Samples among the fewest most likely tokens whose probabilities add up to `topP`; 1: among
    /// all.
    public var topP: Double

    /// Samples among the tokens at least `minP` times as likely as the most likely one; 0: all.
    public var minP: Double

    /// Names the random stream: equal seeds give equal tokens, whatever else runs. nil: a seed is
    /// drawn, and the completion says which.
    public var seed: UInt64?

    /// How many of the most likely tokens are reported beside each chosen one; nil: no log
    /// probabilities at all.
    public var logprobs: Int?

    /// Goes on after the model's end-of-generation tokens.
    public var ignoreEOS: Bool

    /// Texts that end the request; they are never part of its text.
    public var stop: [String]

    /// Tokens that end the request, besides the model's own; they have no text.
    public var stopTokens: Set<TokenID>

    /// Parameters; greedy by default. They are checked by `validate`.
    public init(
        maxTokens: Int? = nil, temperature: Double = 0, topK: Int = 0, topP: Double = 1,
        minP: Double = 0, seed: UInt64? = nil, logprobs: Int? = nil, ignoreEOS: Bool = false,
        stop: [String] = [], stopTokens: Set<TokenID> = []
    ) {
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.seed = seed
        self.logprobs = logprobs
        self.ignoreEOS = ignoreEOS
        self.stop = stop
        self.stopTokens = stopTokens
    }

    /// Whether the most likely token is always taken.
    public var isGreedy: Bool { temperature == 0 }
}

extension SamplingParameters {
    /// Checks every parameter.
    ///
    /// - Parameter vocabularySize: the tokens of the model.
    /// - Throws: `EngineError.invalidParameters`, with the parameter's name, value and range.
    public func validate(vocabularySize: Int) throws(EngineError) {
        func require(
            _ holds: Bool, _ name: String, _ value: Any, _ range: String
        ) throws(EngineError) {
            guard holds else {
                throw EngineError(.invalidParameters, "\(name) is \(value); it must be \(range)")
            }
        }
        try require((maxTokens ?? 1) >= 1, "max tokens", maxTokens ?? 0, "at least 1")
        // Written so that NaN fails.
        try require(
            temperature >= 0 && temperature <= EngineLimits.maxTemperature,
            "temperature", temperature, "between 0 and \(EngineLimits.maxTemperature)")
        try require(topK >= 0, "top-k", topK, "0 (all tokens) or more")
        try require(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1")
        try require(minP >= 0 && minP <= 1, "min-p", minP, "between 0 and 1")
        let mostLogprobs = min(vocabularySize, EngineLimits.maxLogprobs)
        try require(
            (logprobs ?? 0) >= 0 && (logprobs ?? 0) <= mostLogprobs,
            "logprobs", logprobs ?? 0, "between 0 and \(mostLogprobs)")
        try require(
            stop.count <= EngineLimits.maxStopStrings,
            "the number of stop strings", stop.count, "at most \(EngineLimits.maxStopStrings)")
        for text in stop {
            try require(
                !text.isEmpty && text.utf8.count <= EngineLimits.maxStopBytes,
                "the length of a stop string", text.utf8.count,
                "between 1 and \(EngineLimits.maxStopBytes) bytes")
        }
        for token in stopTokens {
            try require(
                Int(token.rawValue) < vocabularySize, "a stop token", token,
                "below \(vocabularySize), the size of the vocabulary")
        }
    }
}
