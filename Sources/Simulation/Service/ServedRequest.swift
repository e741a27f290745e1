/// What became of one request of a trace. Times are nanoseconds of the simulation.
package struct ServedRequest: Hashable, Sendable {
    /// How a request ended.
    package enum End: String, Hashable, Sendable, CaseIterable {
        /// It has all of its answer.
        case completed
        /// It was turned away: too many waited, or it can never fit.
        case rejected
        /// Its client gave up.
        case cancelled
        /// The engine could not go on with it.
        case failed
    }

    /// When its client sent it.
    package var arrival: Int64

    /// When it was queued.
    package var queued: Int64

    /// When a step first computed tokens of it; nil: none did.
    package var scheduled: Int64?

    /// When the first token of its answer was there; nil: it has none.
    package var firstToken: Int64?

    /// When it ended; for a rejected request, when it was turned away.
    package var finished: Int64

    /// Tokens of its prompt.
    package var promptTokens: Int

    /// Tokens that it has of its answer.
    package var outputTokens: Int

    /// Tokens of its prompt that the cache had.
    package var cachedTokens: Int

    /// Tokens that were computed and lost by preemptions.
    package var recomputedTokens: Int

    /// How often it lost its place.
    package var preemptions: Int

    /// Gaps between its tokens that were longer than the target.
    package var slowGaps: Int

    /// Whose it is: an index into the result's tenants.
    package var tenant: Int

    /// The machine that served it, from 0.
    package var replica: Int

    /// How it ended.
    package var end: End

    /// Gaps between its tokens.
    package var gaps: Int { max(0, outputTokens - 1) }
}
