/// What the scheduler has and what it has done, since it was made.
public struct SchedulerStatistics: Hashable, Sendable {
    /// Requests that wait, the preempted ones included.
    public var waiting = 0
    /// Requests that run.
    public var running = 0

    /// Blocks that requests hold.
    public var usedBlocks = 0
    /// Unreferenced blocks whose content can still be hit.
    public var cachedBlocks = 0
    /// Blocks that hold nothing.
    public var freeBlocks = 0

    /// Steps that were completed.
    public var steps = 0
    /// Tokens that were computed, again or for the first time.
    public var computedTokens = 0
    /// Computed tokens that had been computed before and were lost by a preemption.
    public var recomputedTokens = 0
    /// Tokens that were generated.
    public var generatedTokens = 0

    /// Tokens that were proposed and computed.
    package var draftTokens = 0
    /// Draft tokens that were accepted.
    package var acceptedDrafts = 0

    /// Admissions that asked the prefix cache, resumed requests included.
    public var prefixQueries = 0
    /// Tokens that were looked up in the prefix cache, once for each admission.
    public var queriedTokens = 0
    /// Looked-up tokens that the prefix cache had.
    public var hitTokens = 0

    /// Requests that ended, by whatever reason.
    public var finished = 0
    /// Preemptions by their reason.
    public var preemptions: [Preemption.Reason: Int] = [:]

    /// Counters at zero.
    public init() {}

    /// Preemptions for any reason.
    public var preemptionCount: Int { preemptions.values.reduce(0, +) }
}
