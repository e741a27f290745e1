package import KVCache
package import QuireIdentifiers

/// One request on its way through the scheduler.
///
/// There is one quantity, not two phases: `computed` tokens are in the cache and chase the `total`
/// tokens that are known. A prompt's chunk raises `computed` by many, a decode by one, a prefix hit
/// by what was found; a token is sampled when `computed` reaches `total`, which raises `total` by
/// one; a preemption drops `computed` to 0.
///
/// ```
/// waiting ---- admitted ----> running ---- finished ----> (gone, blocks freed)
///    ^  |                      |   |
///    |  +---- cancelled -------|---+---------------------> (gone, blocks freed)
///    +------- preempted -------+
/// ```
package struct RequestState: Hashable, Sendable {
    /// Where a request is.
    package enum Phase: Hashable, Sendable {
        /// Queued: holds no block. Valid transitions: to `running`, or out by cancellation.
        case waiting
        /// In the batch. Valid transitions: out, by finishing or by cancellation, or back to
        /// `waiting` by a preemption.
        case running
        /// Computed to its end, out of the batch, with its blocks as long as no other request needs
        /// them. Valid transitions: to `running` or `waiting` by a decision, or out.
        case held
    }

    /// The request as it was submitted.
    package internal(set) var request: Request

    /// The prompt and what has been generated.
    package internal(set) var tokens: [TokenID]

    /// Tokens whose keys and values are in the cache.
    package internal(set) var computed = 0

    /// Tokens of the step in flight: planned and not completed.
    package internal(set) var scheduled = 0

    /// Drafts among the scheduled tokens: proposals, not known to be the tokens that come.
    package internal(set) var drafted = 0

    /// The proposed next tokens.
    package internal(set) var drafts: [TokenID] = []

    /// Whether it waits, runs or is held.
    package internal(set) var phase = Phase.waiting

    /// Its block tables.
    package internal(set) var blocks: SequenceBlocks

    /// Tokens that its tables are known to hold; they may hold more.
    var room = 0

    /// The keys of its full blocks.
    var keys: PrefixKeys

    /// Its pages in the host tier, while they are there instead of its blocks.
    var swap: SwapID?

    /// Tokens, the prompt's included, after which it ends: what it asked for, within the longest
    /// context.
    var lengthLimit: Int

    /// The first position whose logits are wanted and have not been delivered.
    var nextOutput: Int

    /// When it was submitted.
    package let queued: Duration

    /// When it first ran.
    package internal(set) var started: Duration?

    /// How often it was preempted.
    package internal(set) var preemptions = 0

    /// Tokens that its last admission found in the cache, and late hits since.
    package internal(set) var cachedTokens = 0

    // MARK: Its place among others

    /// The order of submission; decides between requests of one arrival.
    let serial: UInt64
    /// Where it stands in the queue.
    var position: QueueKey
    /// The order policy's lane.
    var lane: Int
    /// Its class while it runs; lower ones go first.
    var level = 0
    /// The order of admission: the first admitted has the lowest.
    var ticket: UInt64 = 0
    /// Why it had no tokens in the step in which it was considered last.
    var reason: WaitReason?
    /// The number of that step.
    var consideredStep: UInt64 = 0

    // MARK: What it costs

    /// Blocks that it and its branches take at most; under `reserve` they are set aside while it
    /// runs.
    var reservation = 0
    /// Whether another sequence may hold blocks that it will write.
    var forked = false
    /// How often it had blocks fetched from the file since it had tokens in a step.
    var fetches = 0
    /// Whether its admission was reported.
    var announced = false
    /// Its `progress` when it was preempted last; below 0 if it never was.
    var progressAtPreemption = -1
    /// The most tokens that it ever had computed: what is computed below this counts as recomputed.
    var mostComputed = 0

    /// The sequence's id.
    package var id: SequenceID { request.id }

    /// Tokens that are known.
    package var total: Int { tokens.count }

    /// Tokens that have been generated.
    package var generated: Int { tokens.count - request.prompt.count }

    /// When it arrived: the time that the request names, or else that of `submit`.
    package var arrival: Duration { request.arrival ?? queued }

    /// Tokens to compute before the next one can be sampled.
    var pending: Int { total - computed - scheduled }

    /// What a preemption cannot take: tokens known and logits delivered.
    var progress: Int { total + nextOutput }

    /// Whether it did anything since it was preempted last.
    var hasProgressed: Bool { progress > progressAtPreemption }

    /// Tokens whose keys and values may come from the cache: none whose logits are wanted.
    var reusableTokens: Int { request.readsCache ? min(total - 1, nextOutput) : 0 }
}

extension RequestState {
    // One borrow of the whole state: two of its fields at once cannot be borrowed through an array.

    mutating func match(in cache: PagedCache) -> PrefixMatch {
        cache.match(&keys, tokens: tokens, limit: reusableTokens, extending: blocks)
    }

    mutating func commit(in cache: inout PagedCache, upTo end: Int) {
        cache.commit(&blocks, &keys, tokens: tokens, upTo: end)
    }

    /// Notes how many tokens the tables hold.
    mutating func noteRoom(blockSize: Int) { room = blocks.entryCount * blockSize }

    mutating func makeRoom(in cache: PagedCache) {
        let tokenCount = min(lengthLimit, SchedulingLimits.maxReservedTokens)
        tokens.reserveCapacity(tokenCount)
        blocks = cache.makeSequence(reserving: tokenCount, retention: request.retention)
        if cache.configuration.prefixCaching {
            keys.reserveCapacity(blocks: tokenCount / cache.layout.blockSize)
            cache.extend(&keys, over: tokens)
        }
    }

    /// Tokens at its beginning whose blocks others hold too.
    func sharedTokens(in cache: PagedCache) -> Int {
        guard let table = blocks.tables.first else { return 0 }
        var entry = table.released
        while entry < table.blocks.count,
            cache.pool.referenceCount(of: table.blocks[entry]) > 1
        {
            entry += 1
        }
        return entry == table.released ? 0 : min(computed, entry * cache.layout.blockSize)
    }
}
