package import QuireIdentifiers
package import Scheduling
import Tensors

/// Chooses a token from logits.
///
/// The transforms are applied in this order: those of `LogitRules`; then the most likely token is
/// taken, or temperature, min-p, top-k, top-p follow, each on what the one before has left, the
/// probabilities rescaled to a sum of 1. The choice is a function of the logits, the parameters,
/// the tokens so far, the seed, the branch and the position, and of nothing else.
///
/// What a sampler keeps from token to token is memory, not state: one serves all requests.
package struct Sampler {
    private var candidates = Candidates()
    /// The row that was drawn from, where it is not the model's own.
    private var row: [Float] = []
    private var mask = TokenMask()
    private var isProcessed = false
    private var isFiltered = false

    package init() {}

    /// Chooses the token at `position`.
    ///
    /// - Parameters:
    ///   - logits: one for each token; `-inf` rules a token out.
    ///   - peak: the largest of them; nil: it is looked for.
    ///   - parameters: validated.
    ///   - rules: the parameters' rules, kept up with `generated`; nil where there are none.
    ///   - generated: the tokens of the answer so far.
    ///   - seed: the request's seed.
    ///   - branch: which of the request's answers this is, from 0.
    ///   - position: the position in its sequence of the token that is chosen.
    /// - Throws: `EngineError.invalidLogits` for NaN, for `+inf`, and when all are `-inf`;
    ///   `EngineError.invalidParameters` when the rules rule out every token.
    /// - Complexity: O(vocabulary); no memory is allocated once a row of this size was seen.
    package mutating func sample(
        _ logits: Span<Float>, peak: LogitPeak? = nil, _ parameters: SamplingParameters,
        rules: LogitRules? = nil, generated: [TokenID] = [], seed: UInt64, branch: UInt64 = 0,
        position: Int
    ) throws(EngineError) -> TokenID {
        let (best, largest) =
            if let peak {
                try Self.checked(peak, position: position)
            } else {
                try Self.largest(logits, position: position)
            }
        isProcessed = false
        isFiltered = false
        guard let rules, rules.act(after: generated.count) else {
            if parameters.isGreedy { return best }
            Self.fill(&candidates, logits, largest, parameters)
            return draw(parameters, seed, branch, position)
        }
        copy(logits)
        rules.apply(to: &row, generated: generated, mask: &mask)
        let (processed, top) = Self.peak(row.span)
        guard top > -.infinity else {
            throw EngineError(
                .invalidParameters,
                "no token is left for position \(position): the constraint, the allowed tokens, "
                    + "the bad words and min tokens rule out all that the model has")
        }
        if parameters.isGreedy { return processed }
        // Taken out for the while: the row's span borrows all of the sampler.
        var candidates = Candidates()
        swap(&candidates, &self.candidates)
        Self.fill(&candidates, row.span, top, parameters)
        swap(&candidates, &self.candidates)
        return draw(parameters, seed, branch, position)
    }

    /// What is reported beside the token that was chosen last.
    ///
    /// - Parameters:
    ///   - logits: the same as for `sample`.
    ///   - parameters: the same as for `sample`.
    /// - Returns: nil where the parameters ask for nothing.
    /// - Complexity: O(vocabulary), and what `RowReport` says.
    package mutating func report(
        _ token: TokenID, of logits: Span<Float>, _ parameters: SamplingParameters, position: Int
    ) throws(EngineError) -> TokenLogprob? {
        guard parameters.reportsLogprobs else { return nil }
        let mode = parameters.logprobsMode
        let report = RowReport(
            count: parameters.logprobs ?? 0, tokens: parameters.logprobTokens,
            isLogits: mode.isLogits)
        guard mode.isProcessed, isProcessed || isFiltered else {
            return try report(token, of: logits, position: position)
        }
        if isFiltered { makeFiltered(logits, parameters.effectiveTemperature) }
        return try report(token, of: row.span, position: position)
    }
}

extension Sampler {
    private static func fill(
        _ candidates: inout Candidates, _ logits: Span<Float>, _ largest: Float,
        _ parameters: SamplingParameters
    ) {
        candidates.fill(
            logits, largest: largest, temperature: parameters.effectiveTemperature,
            floor: parameters.minP, count: parameters.topK)
        candidates.keepNucleus(parameters.topP)
    }

    private mutating func draw(
        _ parameters: SamplingParameters, _ seed: UInt64, _ branch: UInt64, _ position: Int
    ) -> TokenID {
        isFiltered = true
        let point = Philox.uniform(seed: seed, stream: branch, position: position)
        return TokenID(candidates.draw(at: point))
    }

    private mutating func copy(_ logits: Span<Float>) {
        isProcessed = true
        if row.count != logits.count { row = Array(repeating: 0, count: logits.count) }
        var copy = row.mutableSpan
        for token in logits.indices { copy[token] = logits[token] }
    }

    /// Makes the row what was drawn from: divided by the temperature, and without what the filters
    /// took away.
    private mutating func makeFiltered(_ logits: Span<Float>, _ temperature: Double) {
        if !isProcessed { copy(logits) }
        candidates.list()
        var kept = candidates.all.makeIterator()
        var next = kept.next()
        let most = Double(Float.greatestFiniteMagnitude)
        for token in row.indices {
            guard let candidate = next, Int(candidate.token) == token else {
                row[token] = -.infinity
                continue
            }
            let logit = Double(row[token]) / temperature
            row[token] = Float(min(max(logit, -most), most))
            next = kept.next()
        }
        isFiltered = false
    }
}

extension Sampler {
    /// The most likely token, the lowest of equals, and its logit.
    package static func largest(
        _ logits: Span<Float>, position: Int
    ) throws(EngineError) -> (token: TokenID, logit: Float) {
        let (token, logit) = LogitScan().peak(logits)
        return try checked(LogitPeak(token: token, logit: logit), position: position)
    }

    /// A peak that can be taken.
    static func checked(
        _ peak: LogitPeak, position: Int
    ) throws(EngineError) -> (token: TokenID, logit: Float) {
        let largest = peak.logit
        guard largest.isFinite else {
            let what = largest.isNaN ? "NaN" : largest > 0 ? "infinite" : "all minus infinity"
            throw EngineError(
                .invalidLogits,
                "the model's logits for position \(position) are \(what); the model file is "
                    + "damaged or its numbers overflow (f32 keys and values may help)")
        }
        return (TokenID(UInt32(peak.token)), largest)
    }

    /// The largest logit, NaN where any is NaN, and the first token that has it.
    private static func peak(_ logits: Span<Float>) -> (token: TokenID, logit: Float) {
        let (token, logit) = LogitScan().peak(logits)
        return (TokenID(UInt32(token)), logit)
    }
}
