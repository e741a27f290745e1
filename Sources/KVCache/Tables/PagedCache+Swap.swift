/// What became of bringing a sequence back.
package enum SwapResult: Hashable, Sendable {
    /// It has its blocks again, and this many tokens are in them. The swap is over.
    case restored(tokens: Int)
    /// The pool has too few free blocks: nothing has changed.
    case short
    /// The step that stores its pages is not done yet: nothing has changed.
    case storing
    /// The step that stored its pages failed: it must be computed again. The swap is over.
    case lost
}

extension PagedCache {
    /// Saves what a sequence has computed in the host tier and returns its blocks.
    ///
    /// Whole blocks that can be hit are stored under their prefix, so that others may use them too,
    /// and not at all if the tier has them; the rest is this sequence's alone. All of it stays in
    /// the tier until `swapIn` or `discard`.
    ///
    /// - Parameter computed: tokens that are in the sequence's blocks.
    /// - Returns: nil, and nothing has changed, if there is no tier or it has no room.
    /// - Complexity: O(blocks).
    package mutating func swapOut(_ sequence: inout SequenceBlocks, computed: Int) -> SwapID? {
        guard tiers != nil, computed > 0 else { return nil }
        let entries = ceilDivide(computed, layout.blockSize)
        precondition(entries <= sequence.entryCount, "more tokens than the blocks hold")
        var tables: [[TierKey?]] = []
        var pages: [(key: TierKey, block: BlockID)] = []
        for (group, table) in sequence.tables.enumerated() {
            var keys = [TierKey?](repeating: nil, count: entries)
            for entry in min(table.released, entries)..<entries {
                guard let key = key(of: table.blocks[entry], group: group) else { return nil }
                keys[entry] = key
                pages.append((key, table.blocks[entry]))
            }
            tables.append(keys)
        }
        guard store(pages) else { return nil }
        let committed = min(sequence.committed, entries)
        while sequence.committed > committed { uncommitTip(&sequence) }
        hold(sequence.tip)
        let swapped = SwappedSequence(
            computed: computed, committed: committed, tip: sequence.tip,
            retention: sequence.retention, tables: tables)
        let id = tiers?.swapOut(swapped, pages.map(\.key))
        release(&sequence)
        return id
    }

    /// Under which key a block is stored; nil if its content is not written yet.
    private mutating func key(of block: BlockID, group: Int) -> TierKey? {
        guard index.isRegistered(block) else { return tiers?.makePrivateKey(group: group) }
        let record = index.blocks[block.index]
        let key = TierKey(record.node, group: group)
        if tiers?.file?.isFetching(key) == true {
            // The tier has a slot for it that a read will fill later, or never.
            return tiers?.makePrivateKey(group: group)
        }
        return record.isPending ? nil : key
    }

    private mutating func uncommitTip(_ sequence: inout SequenceBlocks) {
        let tip = sequence.tip
        uncommit(&sequence)
        hold(sequence.tip)
        unhold(tip)
    }

    /// Gives a swapped sequence its blocks again: those that are still in the pool are shared, the
    /// others loaded.
    ///
    /// All or nothing.
    ///
    /// - Parameter sequence: a sequence without blocks.
    /// - Complexity: O(blocks).
    package mutating func swapIn(_ id: SwapID, _ sequence: inout SequenceBlocks) -> SwapResult {
        precondition(sequence.entryCount == 0, "a sequence with blocks is swapped in")
        guard let swapped = tiers?.swap(id), !swapped.isLost else {
            discard(id)
            return .lost
        }
        guard swapped.storing.isEmpty else { return .storing }
        guard blocksToSwapIn(swapped) <= pool.freeCount else { return .short }

        for (group, keys) in swapped.tables.enumerated() {
            sequence.tables[group].released = keys.prefix { $0 == nil }.count
            sequence.tables[group].blocks.append(
                contentsOf: repeatElement(.null, count: keys.count))
        }
        // What is there is taken before anything is given up for the rest.
        var unloaded: [TierKey] = []
        for (group, keys) in swapped.tables.enumerated() {
            for (entry, key) in keys.enumerated() {
                guard let key, let block = block(of: key) else { continue }
                use(block, at: entry * layout.blockSize, retention: swapped.retention)
                sequence.tables[group].blocks[entry] = block
                unloaded.append(key)
            }
        }
        // The tail first, so that it is the first to be forgotten by the tier.
        for entry in (0..<sequence.entryCount).reversed() {
            for (group, keys) in swapped.tables.enumerated() {
                guard let key = keys[entry], sequence.tables[group].blocks[entry] == .null else {
                    continue
                }
                sequence.tables[group].blocks[entry] = load(
                    key, position: entry * layout.blockSize, retention: swapped.retention)
            }
        }
        sequence.committed = swapped.committed
        sequence.tip = swapped.tip
        tiers?.endSwap(id, unloaded: unloaded.reversed())
        return .restored(tokens: swapped.computed)
    }

    /// Forgets a swapped sequence; what of it is a prefix may be hit as before.
    package mutating func discard(_ id: SwapID) {
        tiers?.discard(id, &index)
    }

    /// Blocks that a swapped sequence takes from the free ones; 0 when there is no such swap.
    package func blocksToSwapIn(_ id: SwapID) -> Int {
        tiers?.swap(id).map(blocksToSwapIn) ?? 0
    }

    private func blocksToSwapIn(_ swapped: SwappedSequence) -> Int {
        swapped.tables.joined().reduce(0) { count, key in
            guard let key else { return count }
            let isHeld = block(of: key).map { pool.referenceCount(of: $0) > 0 } ?? false
            return count + (isHeld ? 0 : 1)
        }
    }

    /// The block of the pool that holds what a key names.
    private func block(of key: TierKey) -> BlockID? {
        key.isPrivate ? nil : index.block(of: key.node, group: Int(key.group), settled: true)
    }
}
