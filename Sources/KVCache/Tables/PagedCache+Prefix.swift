public import Identifiers

extension PagedCache {
    /// Appends the keys of the blocks that `tokens` fills and that have none yet.
    public func extend(_ keys: inout PrefixKeys, over tokens: [TokenID]) {
        extend(&keys, over: tokens, blocks: tokens.count / plan.blockSize)
    }

    func extend(_ keys: inout PrefixKeys, over tokens: [TokenID], blocks: Int) {
    }

    /// Finds how much of a token sequence is cached. No reference changes and nothing is counted.
    ///
    /// - Parameters:
    ///   - keys: the sequence's keys, extended as far as needed.
    ///   - tokens: the sequence.
    ///   - limit: tokens that may be reused at most: all but the last, whose logits are wanted,
    ///     or fewer when the logits of earlier positions are.
    ///   - sequence: a running sequence that the match will extend; its committed blocks are
    ///     taken as matched and not looked up again.
    public func match(
        _ keys: inout PrefixKeys, tokens: [TokenID], limit: Int,
        extending sequence: SequenceBlocks? = nil
    ) -> PrefixMatch {
        PrefixMatch()
    }

    /// Takes what was matched and allocates up to `tokens` tokens: the matched blocks are shared,
    /// the partly matched one is copied.
    ///
    /// All or nothing: when blocks are short (or the match is out of date, because a block was
    /// given up since), the answer is false and nothing has changed, not a reference count.
    ///
    /// A running sequence may adopt at a block boundary too: its blocks stay and the match extends
    /// them.
    public mutating func adopt(
        _ match: PrefixMatch, _ sequence: inout SequenceBlocks, tokens: Int
    ) -> Bool {
        grow(&sequence, tokens: max(tokens, match.tokens))
    }

    /// Registers the blocks that are full when the sequence holds `upTo` tokens, so that they can
    /// be hit, in the same step already. They are *pending* until `settle()`: they may be shared,
    /// and are not copied from.
    public mutating func commit(
        _ sequence: inout SequenceBlocks, _ keys: inout PrefixKeys, tokens: [TokenID], upTo: Int
    ) {
    }

    /// The step is done: what was committed is in the blocks, and what was to be copied is.
    public mutating func settle() {
    }

    /// The step failed: what was committed since the last `settle()` is unregistered, and its
    /// transfers will be taken again.
    ///
    /// A sequence that adopted pending blocks (`PrefixMatch.pendingHits`) must be released.
    public mutating func abandonPending() {
    }

    /// Forgets all that is cached and all pins; false, and nothing changes, while a sequence holds
    /// blocks.
    public mutating func reset() -> Bool {
        pool.usedCount == 0
    }

    /// Tells the time: ends what was kept until now (retention priorities, pins). Once a step.
    public mutating func refresh(now: Duration) {
    }

    /// Appends the transfers of the step being planned, in the order in which they must be done,
    /// all of them before the step's writes.
    public mutating func takeTransfers(into transfers: inout [BlockTransfer]) {
    }

    /// What has changed since the last call, when the configuration records events.
    public mutating func takeEvents() -> [KVEvent] {
        []
    }

    /// What the blocks are doing.
    public var gauges: CacheGauges {
        CacheGauges(used: pool.usedCount, cached: 0, free: pool.freeCount)
    }
}

extension PagedCache {
    /// A second sequence with the same tokens: all blocks are shared, and whoever writes into one
    /// first copies it.
    ///
    /// - Complexity: O(blocks).
    public mutating func fork(_ sequence: SequenceBlocks) -> SequenceBlocks {
        for table in sequence.tables {
            for block in table.blocks where block != .null { pool.retain(block) }
        }
        return sequence
    }
}
