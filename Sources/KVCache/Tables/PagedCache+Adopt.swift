extension PagedCache {
    /// Takes what was matched and allocates up to `tokens` tokens: the matched blocks are shared,
    /// the partly matched one is copied.
    ///
    /// All or nothing: when blocks are short, the answer is false and nothing has changed, not a
    /// reference count. So it is too when the match is out of date, because a block was given up
    /// since, and when the sequence cannot be extended.
    ///
    /// A running sequence may adopt at a block boundary, when it has no blocks but full and
    /// committed ones: they stay and the match extends them.
    ///
    /// The source of a copy is held until the step is done. Where that would take one of the blocks
    /// that others need in this step, an unreferenced source becomes the sequence's own block
    /// instead, and its content can no longer be hit.
    ///
    /// - Parameter keeping: free blocks that others need in this step.
    /// - Complexity: O(blocks matched + blocks allocated).
    package mutating func adopt(
        _ match: PrefixMatch, _ sequence: inout SequenceBlocks, tokens: Int, keeping: Int = 0
    ) -> Bool {
        let start = sequence.entryCount
        guard match.tokens > start * layout.blockSize else {
            return grow(&sequence, tokens: tokens)
        }
        guard match.version == index.removals, canExtend(sequence) else { return false }
        let entries = ceilDivide(max(tokens, match.tokens), layout.blockSize)
        let evictable = freeHits(of: match, from: start)
        let needed = (entries - match.fullBlocks) * layout.groups.count + evictable.loads
        let available =
            pool.freeCount + leavingBlocks(of: sequence, at: match.tokens) - evictable.blocks
        guard needed <= available else { return false }

        trim(&sequence, computed: match.tokens)
        shareBlocks(of: match, &sequence, from: start)
        if match.partialTokens > 0 {
            let isShort = needed + evictable.sources + keeping > available
            adoptPartial(match, &sequence, claiming: isShort)
        }
        if evictable.loads > 0 { loadBlocks(of: match, &sequence, from: start) }
        let grown = grow(&sequence, tokens: entries * layout.blockSize)
        precondition(grown, "blocks that were counted are missing")
        return true
    }

    /// Blocks that are free once a sequence has let go of what no query from `position` on sees.
    private func leavingBlocks(of sequence: SequenceBlocks, at position: Int) -> Int {
        var count = 0
        for (group, table) in sequence.tables.enumerated() where !layout.groups[group].span.isFull {
            let end = min(firstNeeded(group, at: position), table.blocks.count)
            for entry in table.released..<max(end, table.released)
            where pool.referenceCount(of: table.blocks[entry]) == 1 {
                count += 1
            }
        }
        return count
    }

    /// Unreferenced blocks of the match: whole ones, and sources of copies; and blocks that must be
    /// loaded.
    private func freeHits(
        of match: PrefixMatch, from start: Int
    ) -> (blocks: Int, sources: Int, loads: Int) {
        var blocks = 0
        var sources = 0
        var loads = 0
        var node = match.node
        for entry in stride(from: match.fullBlocks - 1, through: start, by: -1) {
            for group in layout.groups.indices where entry >= firstNeeded(group, at: match.tokens) {
                guard let block = index.block(of: node, group: group) else {
                    loads += 1
                    continue
                }
                if pool.referenceCount(of: block) == 0 { blocks += 1 }
            }
            node = index.nodes[node.index].parent
        }
        if match.partialTokens > 0 {
            for group in layout.groups.indices
            where isFreeBlock(of: match.partialNode, group: group) {
                sources += 1
            }
        }
        return (blocks, sources, loads)
    }

    private func isFreeBlock(of node: PrefixNode, group: Int) -> Bool {
        index.block(of: node, group: group, settled: true)
            .map { pool.referenceCount(of: $0) == 0 } ?? false
    }

    private mutating func shareBlocks(
        of match: PrefixMatch, _ sequence: inout SequenceBlocks, from start: Int
    ) {
        guard match.fullBlocks > start else { return }
        for group in sequence.tables.indices {
            sequence.tables[group].blocks.append(
                contentsOf: repeatElement(.null, count: match.fullBlocks - start))
            sequence.tables[group].released = max(
                sequence.tables[group].released, firstNeeded(group, at: match.tokens))
        }
        var node = match.node
        for entry in stride(from: match.fullBlocks - 1, through: start, by: -1) {
            for group in sequence.tables.indices where entry >= sequence.tables[group].released {
                guard let block = index.block(of: node, group: group) else {
                    // Before anything is given up: it might be this in the tier.
                    tiers?.pin(TierKey(node, group: group))
                    continue
                }
                use(block, at: entry * layout.blockSize, retention: sequence.retention)
                sequence.tables[group].blocks[entry] = block
            }
            node = index.nodes[node.index].parent
        }
        hold(match.node)
        unhold(sequence.tip)
        sequence.tip = match.node
        sequence.committed = match.fullBlocks
    }

    /// Takes blocks for what was matched in the host tier, after all that is shared was claimed.
    private mutating func loadBlocks(
        of match: PrefixMatch, _ sequence: inout SequenceBlocks, from start: Int
    ) {
        var node = match.node
        for entry in stride(from: match.fullBlocks - 1, through: start, by: -1) {
            for group in sequence.tables.indices
            where entry >= sequence.tables[group].released
                && sequence.tables[group].blocks[entry] == .null
            {
                sequence.tables[group].blocks[entry] = load(
                    TierKey(node, group: group), position: entry * layout.blockSize,
                    retention: sequence.retention)
            }
            node = index.nodes[node.index].parent
        }
    }

    /// Holds a cached block, which counts as a use of it.
    mutating func use(_ block: BlockID, at position: Int, retention: RetentionPlan?) {
        claim(block)
        if !order.isListOrder {
            let record = index.blocks[block.index]
            order.accessed(
                block,
                blockUse(of: record.node, group: Int(record.group), position: position))
        }
        keep(block, retention, at: position)
    }

    /// Gives the sequence a block of its own that begins as the partly matched one does.
    ///
    /// - Parameter claiming: blocks are so short that an unreferenced source becomes the sequence's
    ///   own block, and its content can no longer be hit.
    private mutating func adoptPartial(
        _ match: PrefixMatch, _ sequence: inout SequenceBlocks, claiming: Bool
    ) {
        hold(match.partialNode)
        let position = match.fullBlocks * layout.blockSize
        // All sources are held before a block is taken: it might be one of them. They stand where
        // the blocks of their own will.
        for group in sequence.tables.indices {
            guard
                let source = index.block(of: match.partialNode, group: group, settled: true)
            else { preconditionFailure("a matched block is gone") }
            if claiming, pool.referenceCount(of: source) == 0 {
                offload(source)
                unregister(source, evicted: true)
                _ = pool.claim(source)
            } else {
                use(source, at: position, retention: nil)
            }
            sequence.tables[group].blocks.append(source)
        }
        for group in sequence.tables.indices {
            let source = sequence.tables[group].blocks[match.fullBlocks]
            guard index.isRegistered(source) else { continue }
            let own = takeBlock()
            sequence.tables[group].blocks[match.fullBlocks] = own
            transfers.copy(from: source, to: own)
        }
        unhold(match.partialNode)
    }
}

extension PagedCache {
    /// Blocks held only by this step's copies; they are freed after it.
    ///
    /// - Complexity: O(copies).
    package var returningBlocks: Int {
        guard !transfers.isEmpty else { return 0 }
        var holds: [BlockID: Int] = [:]
        for source in transfers.sources { holds[source, default: 0] += 1 }
        return holds.count { pool.referenceCount(of: $0.key) == $0.value }
    }
}
