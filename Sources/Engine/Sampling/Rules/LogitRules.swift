package import QuireIdentifiers
package import Tokenization

/// What a request's parameters do to its logits before a token is taken: masks, biases, penalties.
///
/// They act in this order: the constraint, allowed tokens, bad words, the mask of the tokens that
/// would end the answer too early, biases, and the penalties for repetition, frequency and
/// presence.
/// What is ruled out stays ruled out.
///
/// A function of the parameters, the prompt and the generated tokens: `take` keeps it up with the
/// answer, and making it again from what was generated gives the same.
package struct LogitRules: Hashable, Sendable {
    private let allowed: [Int]?
    private let badWords: BadWords?
    private let minTokens: Int
    private let ends: [Int]
    private let biases: [Bias]
    private let repetition: Float
    private let frequency: Float
    private let presence: Float
    private var counts: TokenCounts?
    private var constraint: ConstraintRule?

    private struct Bias: Hashable {
        let token: Int
        let bias: Float
    }

    /// The rules of parameters; nil where there are none and the logits stay as they are.
    ///
    /// - Parameters:
    ///   - parameters: validated.
    ///   - prompt: the tokens of the prompt.
    ///   - generated: the tokens of the answer so far.
    ///   - ends: the tokens that end the answer.
    ///   - constraint: what the text must be, before the first token.
    /// - Throws: `EngineError.invalidParameters` when the bad words have too many token sequences.
    package static func make(
        _ parameters: SamplingParameters, prompt: [TokenID], generated: [TokenID] = [],
        ends: Set<TokenID>, tokenizer: Tokenizer, constraint: (any TokenConstraint)? = nil
    ) throws(EngineError) -> LogitRules? {
        let words =
            parameters.badWords.isEmpty
            ? nil : try BadWords(parameters.badWords, tokenizer: tokenizer)
        return LogitRules(
            parameters, badWords: words, prompt: prompt, generated: generated, ends: ends,
            constraint: constraint)
    }

    /// The rules of parameters, with bad words given as tokens.
    package init?(
        _ parameters: SamplingParameters, badWords sequences: [[TokenID]] = [],
        prompt: [TokenID], generated: [TokenID] = [], ends: Set<TokenID>,
        constraint: (any TokenConstraint)? = nil
    ) {
        self.init(
            parameters, badWords: sequences.isEmpty ? nil : BadWords(sequences: sequences),
            prompt: prompt, generated: generated, ends: ends, constraint: constraint)
    }

    private init?(
        _ parameters: SamplingParameters, badWords: BadWords?, prompt: [TokenID],
        generated: [TokenID], ends: Set<TokenID>, constraint: (any TokenConstraint)?
    ) {
        allowed = parameters.allowedTokens.map { Set($0).map { Int($0.rawValue) }.sorted() }
        self.badWords = badWords
        minTokens = ends.isEmpty ? 0 : parameters.minTokens
        self.ends = minTokens > 0 ? ends.map { Int($0.rawValue) }.sorted() : []
        let most = EngineLimits.maxLogitBias
        biases = parameters.logitBias.sorted { $0.key < $1.key }.map {
            Bias(token: Int($0.key.rawValue), bias: Float(min(max($0.value, -most), most)))
        }
        repetition = Float(parameters.repetitionPenalty)
        frequency = Float(parameters.frequencyPenalty)
        presence = Float(parameters.presencePenalty)
        let penalizes = repetition != 1 || frequency != 0 || presence != 0
        // Only repetition looks at the prompt.
        counts =
            penalizes
            ? TokenCounts(prompt: repetition != 1 ? prompt : [], generated: generated) : nil
        self.constraint = constraint.map { ConstraintRule($0, ends: ends) }
        for token in generated { self.constraint?.take(token) }
        guard
            self.constraint != nil || allowed != nil || badWords != nil || minTokens > 0
                || !biases.isEmpty || penalizes
        else { return nil }
    }

    /// Takes note of a further token of the answer.
    package mutating func take(_ token: TokenID) {
        counts?.add(token)
        constraint?.take(token)
    }

    /// Whether the constraint lets nothing follow.
    func isOver(vocabularySize: Int) -> Bool {
        constraint?.isOver(vocabularySize: vocabularySize) ?? false
    }

    /// Whether the rules change anything at a place of the answer: the least number of tokens alone
    /// costs nothing once it is reached.
    func act(after generated: Int) -> Bool {
        generated < minTokens || allowed != nil || badWords != nil || !biases.isEmpty
            || counts != nil || constraint != nil
    }

    /// Changes a row of logits. Ids beyond the row are passed over.
    ///
    /// - Parameters:
    ///   - generated: the tokens of the answer so far, all of them taken note of.
    ///   - mask: memory to work in.
    /// - Complexity: O(tokens that the parameters name + distinct tokens of prompt and answer), and
    ///   O(vocabulary) with allowed tokens or a constraint.
    func apply(to row: inout [Float], generated: [TokenID], mask: inout TokenMask) {
        constraint?.apply(to: &row, mask: &mask)
        if let allowed { Self.keep(allowed, of: &row) }
        badWords?.apply(to: &row, generated: generated)
        if generated.count < minTokens {
            for token in ends where token < row.count { row[token] = -.infinity }
        }
        for entry in biases where entry.token < row.count { row[entry.token] += entry.bias }
        if let counts { penalize(counts, in: &row) }
    }

    private static func keep(_ allowed: [Int], of row: inout [Float]) {
        var next = 0
        for token in allowed where token < row.count {
            for other in next..<token { row[other] = -.infinity }
            next = token + 1
        }
        for other in next..<row.count { row[other] = -.infinity }
    }

    private func penalize(_ counts: TokenCounts, in row: inout [Float]) {
        let most = Float.greatestFiniteMagnitude
        for entry in counts.entries where Int(entry.token) < row.count {
            var logit = row[Int(entry.token)]
            guard logit > -.infinity else { continue }
            logit = logit > 0 ? logit / repetition : logit * repetition
            if entry.generated > 0 {
                logit -= frequency * Float(entry.generated)
                logit -= presence
            }
            // An extreme penalty makes a token very likely or unlikely, but neither certain nor
            // impossible.
            row[Int(entry.token)] = min(max(logit, -most), most)
        }
    }
}
