public import QuireIdentifiers

/// The log probability of a chosen token, and of others at its place.
///
/// Of the model's own distribution, before temperature and filters, unless
/// `SamplingParameters.logprobsMode` says otherwise.
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

    /// Its place among all tokens by likelihood, from 1; equals share the best of their places.
    public var rank: Int

    /// The most likely tokens, most likely first, the lower of equals first; or those that
    /// `SamplingParameters.logprobTokens` names, in that order.
    public var top: [Entry]
}
