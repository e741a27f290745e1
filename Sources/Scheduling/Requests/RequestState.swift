public import Identifiers
public import KVCache

/// One request on its way through the scheduler.
///
/// There is one quantity, not two phases: `computed` tokens are in the cache and chase the `total`
/// tokens that are known. A prompt's chunk raises `computed` by many and a decode by one; a token
/// is sampled when `computed` reaches `total`, which raises `total` by one.
///
/// ```
/// waiting --- admitted, its blocks reserved ---> running --- finished ---> (gone, blocks freed)
///    |                                              |
///    +---------------- cancelled ------------------>+--------------------> (gone, blocks freed)
/// ```
public struct RequestState: Hashable, Sendable {
    /// Where a request is.
    public enum Phase: Hashable, Sendable {
        /// Queued: holds no block. Valid transitions: to `running`, or out by cancellation.
        case waiting
        /// Admitted: its peak of blocks is reserved. Valid transitions: out, by finishing or by
        /// cancellation.
        case running
    }

    /// The request as it was submitted.
    public let request: Request

    /// The prompt and what has been generated.
    public internal(set) var tokens: [TokenID]

    /// Tokens whose keys and values are in the cache.
    public internal(set) var computed = 0

    /// Tokens of the step in flight: planned and not completed.
    public internal(set) var scheduled = 0

    /// Where it is.
    public internal(set) var phase = Phase.waiting

    /// Its block tables.
    public internal(set) var blocks: SequenceBlocks

    /// Blocks set aside for it while it runs.
    let reservation: Int

    /// Tokens, the prompt's included, after which it ends: what it asked for, within the longest
    /// context.
    let lengthLimit: Int

    /// When it was submitted.
    public let queued: Duration

    /// When it first ran.
    public internal(set) var started: Duration?

    /// Its number.
    public var id: RequestID { request.id }

    /// Tokens that are known.
    public var total: Int { tokens.count }

    /// Tokens that have been generated.
    public var generated: Int { tokens.count - request.prompt.count }

    /// Tokens to compute before the next one can be sampled.
    var pending: Int { total - computed - scheduled }
}
