import Tensors

/// A search for the likeliest answers: several beginnings of an answer are kept, and each step
/// goes on with the likeliest of all their continuations.
///
/// A step takes the `2 * width` likeliest tokens of each beam. Of all these continuations, ordered
/// by the sum of their log probabilities, the first `width` that do not end become the next beams;
/// one that ends and is among the first `width` is a finished answer. Answers are ranked by
///
///     sum of log probabilities / (generated tokens) ^ lengthPenalty
///
/// The search ends with `maxTokens` and the context, whose beams are answers too, or as
/// `earlyStopping` says. Nothing is random: equal continuations go in the order of beams and
/// tokens.
public struct BeamSearch: Hashable, Sendable {
    /// Beginnings that are kept.
    public var width: Int

    /// Above 0, longer answers are preferred; 0 ranks by the sums alone.
    public var lengthPenalty: Double

    /// Whether to end as soon as `width` answers are finished; otherwise it ends when no beam can
    /// become better than the worst of the best `width`, however it goes on.
    public var earlyStopping: Bool

    /// Keeps `width` beginnings of an answer at each step.
    public init(width: Int, lengthPenalty: Double = 1, earlyStopping: Bool = false) {
        self.width = width
        self.lengthPenalty = lengthPenalty
        self.earlyStopping = earlyStopping
    }
}

extension BeamSearch {
    /// The rank of an answer: the higher the better.
    package func score(_ sum: Double, tokens: Int) -> Double {
        sum / Elementary.power(Double(max(tokens, 1)), lengthPenalty)
    }

    /// The highest score that a beam can still reach.
    ///
    /// Its sum only falls, and what divides it is largest at the end of the longest answer.
    func attainable(_ sum: Double, tokens: Int, limit: Int) -> Double {
        score(sum, tokens: lengthPenalty > 0 ? limit : tokens)
    }

    func validate(_ parameters: SamplingParameters) throws(EngineError) {
        guard width >= 1, width <= EngineLimits.maxBeams else {
            throw EngineError(
                .invalidParameters,
                "the beam width is \(width); it must be between 1 and \(EngineLimits.maxBeams)")
        }
        guard lengthPenalty.isFinite, abs(lengthPenalty) <= EngineLimits.maxLengthPenalty else {
            throw EngineError(
                .invalidParameters,
                "the length penalty is \(lengthPenalty); it must be between "
                    + "-\(EngineLimits.maxLengthPenalty) and \(EngineLimits.maxLengthPenalty)")
        }
        guard parameters.maxTokens != 0 else {
            throw EngineError(
                .invalidParameters,
                "max tokens is 0; a beam search looks for answers of at least 1 token")
        }
        guard parameters.n <= width else {
            throw EngineError(
                .invalidParameters,
                "\(parameters.n) answers are asked of \(width) beams; widen the search")
        }
        var plain = SamplingParameters(
            maxTokens: parameters.maxTokens, seed: parameters.seed,
            ignoreEOS: parameters.ignoreEOS, stopTokens: parameters.stopTokens)
        plain.n = parameters.n
        plain.includeStopString = parameters.includeStopString
        plain.detokenize = parameters.detokenize
        plain.skipSpecialTokens = parameters.skipSpecialTokens
        plain.skipReadingPrefixCache = parameters.skipReadingPrefixCache
        guard parameters == plain else {
            throw EngineError(
                .invalidParameters,
                "a beam search takes the model's own distribution: of the sampling parameters it "
                    + "knows n, max tokens, stop tokens, ignore EOS and those of the text")
        }
    }
}

extension GenerationRequest {
    /// Checks the parameters.
    ///
    /// - Parameters:
    ///   - vocabularySize: the tokens of the model.
    ///   - maxLogprobs: alternatives that may be asked for; -1: the whole vocabulary.
    /// - Throws: `EngineError.invalidParameters`, with the parameter's name, value and range.
    func validate(vocabularySize: Int, maxLogprobs: Int) throws(EngineError) {
        var parameters = parameters
        if let beam {
            try beam.validate(parameters)
            guard constraint == nil else {
                throw EngineError(
                    .invalidParameters, "a beam search knows no constraint; leave one of them out")
            }
            // Several answers without temperature are equal, but for a search.
            parameters.n = 1
        }
        try parameters.validate(vocabularySize: vocabularySize, maxLogprobs: maxLogprobs)
        guard adapter == nil else {
            throw EngineError(
                .invalidParameters, "there are no adapters; leave the adapter out")
        }
    }
}
