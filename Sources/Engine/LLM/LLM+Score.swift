public import Identifiers
import Scheduling

extension LLM {
    /// The log probability of each token of sequences, given the tokens before it.
    ///
    /// - Parameters:
    ///   - sequences: tokens, each sequence from its own start.
    ///   - first: the index of the first token to score, at least 1.
    /// - Returns: for each sequence, natural logarithms for the tokens from `first` on.
    /// - Throws: `EngineError`, when any of the sequences cannot be scored.
    public func score(
        _ sequences: [[TokenID]], from first: Int
    ) throws(EngineError) -> [[Double]] {
        var scores: [[Double]] = Array(repeating: [], count: sequences.count)
        var active: [RequestID: Int] = [:]
        var failure: EngineError?
        do throws(EngineError) {
            for (index, tokens) in sequences.enumerated() {
                guard first >= 1, first < tokens.count else {
                    throw EngineError(
                        .invalidPrompt,
                        "a sequence of \(tokens.count) tokens cannot be scored from token \(first) "
                            + "on; the first token has nothing before it")
                }
                // The last token is scored and never fed.
                let id = try submit(
                    Array(tokens.dropLast()), maxTokens: 0, firstOutput: first - 1)
                active[id] = index
            }
        } catch {
            failure = error
        }
        while failure == nil, !active.isEmpty {
            let (actions, stepFailure) = step { row in
                guard let index = active[row.request] else { return .finished(.cancelled) }
                do throws(EngineError) {
                    try score(row, sequences[index], into: &scores[index])
                    return .advanced
                } catch {
                    failure = error
                    return .finished(.failed)
                }
            }
            failure = failure ?? stepFailure
            for case .finished(let id, _) in actions { active[id] = nil }
        }
        for id in active.keys { _ = scheduler.cancel(id) }
        if let failure { throw failure }
        return scores
    }

    /// Scores the tokens that follow the row's outputs.
    private func score(
        _ row: StepPlan.Row, _ tokens: [TokenID], into scores: inout [Double]
    ) throws(EngineError) {
        let executor = executor
        for output in 0..<row.outputLength {
            let position = row.contextLength - row.outputLength + output
            let logits = executor.logits(row.outputStart + output)
            let softmax = try LogSoftmax(logits, position: position)
            scores.append(softmax(logits[Int(tokens[position + 1].rawValue)]))
        }
    }

    /// How well the model predicts a text.
    public struct Perplexity: Hashable, Sendable {
        /// `exp` of the mean negative log probability.
        public var value: Double
        /// Tokens that were scored.
        public var tokens: Int
        /// Windows that the text was cut into.
        public var windows: Int
    }

    /// The perplexity of a text by the definition of the field's tools.
    ///
    /// The tokens, without a begin-of-sequence token, are cut into consecutive windows, the rest
    /// dropped. Where the model begins its prompts with such a token, it replaces the first token
    /// of each window. Of each window the second half is scored, from its own window's context, so
    /// that every scored token has at least half a window before it.
    ///
    /// - Parameters:
    ///   - tokens: the text.
    ///   - window: tokens of a window, at least 4.
    ///   - bos: the begin-of-sequence token, where the model uses one.
    /// - Throws: `EngineError`, when the text is shorter than a window or the model fails.
    public func perplexity(
        of tokens: [TokenID], window: Int, bos: TokenID?
    ) throws(EngineError) -> Perplexity {
        guard window >= 4, tokens.count >= window else {
            throw EngineError(
                .invalidPrompt,
                "a text of \(tokens.count) tokens has no window of \(window); give a longer text "
                    + "or a smaller context, at least 4")
        }
        var sequences: [[TokenID]] = []
        for start in stride(from: 0, through: tokens.count - window, by: window) {
            var sequence = Array(tokens[start..<start + window])
            if let bos { sequence[0] = bos }
            sequences.append(sequence)
        }
        let scores = try score(sequences, from: window / 2 + 1).joined()
        let count = scores.count
        let mean = scores.reduce(0) { $0 - $1 } / Double(count)
        return Perplexity(
            value: Elementary.exp(mean), tokens: count, windows: sequences.count)
    }
}
