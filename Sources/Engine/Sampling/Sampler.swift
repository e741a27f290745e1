package import Identifiers

/// Chooses a token from logits.
///
/// The transforms are applied in this order: temperature, min-p, top-k, top-p; each on what the
/// one before has left, the probabilities rescaled to a sum of 1. The choice is a function of the
/// logits, the parameters, the seed and the position, and of nothing else.
package struct Sampler {
    private var candidates = Candidates()

    package init() {}

    /// Chooses the token at `position`.
    ///
    /// - Parameters:
    ///   - logits: one for each token; `-inf` rules a token out.
    ///   - parameters: validated.
    ///   - seed: the request's seed.
    ///   - position: the position in its sequence of the token that is chosen.
    /// - Throws: `EngineError.invalidLogits` for NaN, for `+inf`, and when all are `-inf`.
    /// - Complexity: O(vocabulary).
    package mutating func sample(
        _ logits: Span<Float>, _ parameters: SamplingParameters, seed: UInt64, position: Int
    ) throws(EngineError) -> TokenID {
        let (best, largest) = try Self.largest(logits, position: position)
        guard !parameters.isGreedy else { return best }
        candidates.fill(
            logits, largest: largest, temperature: parameters.temperature, floor: parameters.minP)
        if parameters.topK > 0 { candidates.keepHeaviest(parameters.topK) }
        candidates.keepNucleus(parameters.topP)
        let point = Philox.uniform(seed: seed, stream: 0, position: position)
        return TokenID(candidates.draw(at: point))
    }

    /// The most likely token, the lowest of equals, and its logit.
    package static func largest(
        _ logits: Span<Float>, position: Int
    ) throws(EngineError) -> (token: TokenID, logit: Float) {
        var best = 0
        var largest = -Float.infinity
        var unordered = false
        for token in logits.indices {
            let logit = logits[token]
            if logit > largest {
                largest = logit
                best = token
            }
            unordered = unordered || logit.isNaN
        }
        guard !unordered, largest.isFinite else {
            let what = unordered ? "NaN" : largest > 0 ? "infinite" : "all minus infinity"
            throw EngineError(
                .invalidLogits,
                "the model's logits for position \(position) are \(what); the model file is "
                    + "damaged or its numbers overflow (f32 keys and values may help)")
        }
        return (TokenID(UInt32(best)), largest)
    }
}
