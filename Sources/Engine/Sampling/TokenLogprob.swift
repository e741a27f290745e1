public import Identifiers

/// The log probability of a chosen token, and of the most likely ones at its place.
///
/// Raw: of the model's own distribution, before temperature and filters.
public struct TokenLogprob: Hashable, Sendable {
    /// A token and its log probability.
    public struct Entry: Hashable, Sendable {
        /// The token.
        public var token: TokenID

        /// The natural logarithm of its probability.
        public var logprob: Double

        /// A token and its log probability.
        public init(token: TokenID, logprob: Double) {
            self.token = token
            self.logprob = logprob
        }
    }

    /// The chosen token.
    public var token: TokenID

    /// The natural logarithm of its probability.
    public var logprob: Double

    /// The most likely tokens, most likely first, the lower of equals first.
    public var top: [Entry]
}

/// Log probabilities of one row of logits.
package struct LogSoftmax {
    /// `log(sum(exp(logit)))`.
    private let normalizer: Double

    /// Sums the row in one fixed order, in double precision.
    ///
    /// - Throws: `EngineError.invalidLogits` as `Sampler.largest`.
    /// - Complexity: O(vocabulary).
    package init(_ logits: Span<Float>, position: Int) throws(EngineError) {
        let (_, largest) = try Sampler.largest(logits, position: position)
        var sum = 0.0
        for token in logits.indices {
            sum += Elementary.exp(Double(logits[token]) - Double(largest))
        }
        normalizer = Double(largest) + Elementary.log(sum)
    }

    /// The log probability of a logit of the row.
    package func callAsFunction(_ logit: Float) -> Double { Double(logit) - normalizer }

    /// The log probability of a token and of the `count` most likely ones.
    ///
    /// - Complexity: O(vocabulary + changes of the list x `count`).
    package func report(
        _ token: TokenID, top count: Int, of logits: Span<Float>
    ) -> TokenLogprob {
        var top: [(token: Int, logit: Float)] = []
        top.reserveCapacity(count + 1)
        for token in logits.indices where count > 0 {
            let logit = logits[token]
            if top.count == count, logit <= top[count - 1].logit { continue }
            // Equals stay behind those before them, which have lower numbers.
            let place = top.firstIndex { $0.logit < logit } ?? top.count
            top.insert((token, logit), at: place)
            if top.count > count { top.removeLast() }
        }
        return TokenLogprob(
            token: token, logprob: self(logits[Int(token.rawValue)]),
            top: top.map { .init(token: TokenID(UInt32($0.token)), logprob: self($0.logit)) })
    }
}
