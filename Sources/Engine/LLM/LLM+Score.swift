public import QuireIdentifiers
import Tensors

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
        var jobs: [ScoreJob] = []
        do throws(EngineError) {
            for (index, tokens) in sequences.enumerated() {
                let job = try ScoreJob(tokens, from: first, id: RequestID(UInt64(index)))
                try core.begin(job)
                jobs.append(job)
            }
            try core.run(tell: { (job) throws(EngineError) in
                if case .failure(let error) = job.result { throw error }
            })
        } catch {
            for job in jobs { core.cancel(job) }
            _ = core.takeTouched()
            throw error
        }
        return jobs.map(\.scores)
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
