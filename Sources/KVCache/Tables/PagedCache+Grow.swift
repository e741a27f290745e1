extension PagedCache {
    /// Blocks that must be allocated before a sequence can hold `tokens` tokens.
    ///
    /// - Parameter computed: the position from which it will write; shared blocks from there on
    ///   are counted, since they will be copied. Nil when it shares none.
    package func blocksToGrow(
        _ sequence: SequenceBlocks, tokens: Int, from computed: Int? = nil
    ) -> Int {
        let more = max(0, ceilDivide(tokens, layout.blockSize) - sequence.entryCount)
        return more * sequence.tables.count + sharedBlocks(of: sequence, from: computed)
    }

    /// Extends a sequence's tables so that they hold `tokens` tokens.
    ///
    /// A shared block from position `computed` on is copied, since it will be written. Nil when the
    /// sequence shares none.
    ///
    /// All or nothing: when the pool has too few free blocks for all groups together, the answer
    /// is false and nothing has changed.
    ///
    /// - Complexity: O(blocks allocated).
    package mutating func grow(
        _ sequence: inout SequenceBlocks, tokens: Int, from computed: Int? = nil
    ) -> Bool {
        if tokens <= sequence.entryCount * layout.blockSize, ownsEnd(of: sequence, from: computed) {
            return true
        }
        let more = max(0, ceilDivide(tokens, layout.blockSize) - sequence.entryCount)
        let shared = sharedBlocks(of: sequence, from: computed)
        guard more > 0 || shared > 0 else { return true }
        guard more * sequence.tables.count + shared <= pool.freeCount else { return false }
        if shared > 0, let computed { copyShared(&sequence, from: computed) }
        for group in sequence.tables.indices {
            for _ in 0..<more { sequence.tables[group].blocks.append(takeBlock()) }
        }
        return true
    }

    /// Whether a sequence writes into the last of its blocks alone, or none, and does not share it:
    /// what decoding does, decided without a division.
    private func ownsEnd(of sequence: SequenceBlocks, from computed: Int?) -> Bool {
        guard let computed else { return true }
        let last = sequence.entryCount - 1
        guard last >= 0, computed >= last * layout.blockSize else { return false }
        for group in sequence.tables.indices
        where pool.referenceCount(of: sequence.tables[group].blocks[last]) > 1 {
            return false
        }
        return true
    }

    private func sharedBlocks(of sequence: SequenceBlocks, from computed: Int?) -> Int {
        guard let computed else { return 0 }
        var count = 0
        for group in sequence.tables.indices {
            var entry = computed / layout.blockSize
            while entry < sequence.tables[group].blocks.count {
                if pool.referenceCount(of: sequence.tables[group].blocks[entry]) > 1 { count += 1 }
                entry += 1
            }
        }
        return count
    }

    /// Gives a sequence blocks of its own from position `computed` on.
    ///
    /// A block that holds tokens before that position is copied, and stays held until the step is
    /// done: if the step fails, the copy is made again.
    private mutating func copyShared(_ sequence: inout SequenceBlocks, from computed: Int) {
        for group in sequence.tables.indices {
            for entry in computed / layout.blockSize..<sequence.tables[group].blocks.count {
                let shared = sequence.tables[group].blocks[entry]
                guard pool.referenceCount(of: shared) > 1 else { continue }
                let own = takeBlock()
                sequence.tables[group].blocks[entry] = own
                if entry * layout.blockSize < computed {
                    transfers.copy(from: shared, to: own)
                } else {
                    var last = BlockID.null
                    drop(shared, behind: &last)
                }
            }
        }
    }
}

extension PagedCache {
    /// Returns the blocks that no query from position `computed` on sees any more, and puts the
    /// null block in their place.
    ///
    /// The next query stands at `computed` and sees `window - 1` positions before it, so all below
    /// `computed + 1 - window` are out of every later query's sight. They go back in reverse
    /// order, as a whole sequence's blocks do.
    ///
    /// - Complexity: O(groups + blocks returned).
    package mutating func trim(_ sequence: inout SequenceBlocks, computed: Int) {
        for group in layout.groups.indices where !layout.groups[group].span.isFull {
            let unseen = layout.groups[group].span.firstVisible(from: computed) / layout.blockSize
            let start = sequence.tables[group].released
            let end = min(unseen, sequence.tables[group].blocks.count)
            guard end > start else { continue }
            var last = BlockID.null
            for entry in (start..<end).reversed() {
                drop(sequence.tables[group].blocks[entry], behind: &last)
                sequence.tables[group].blocks[entry] = .null
            }
            sequence.tables[group].released = end
        }
    }

    /// Returns all of a sequence's blocks, tail first, and leaves its tables empty.
    ///
    /// Blocks that can be hit stay cached, the tail the first of them to be given up; the others
    /// are the next to be taken.
    ///
    /// - Complexity: O(blocks).
    package mutating func release(_ sequence: inout SequenceBlocks) {
        truncate(&sequence, entries: 0)
        for group in sequence.tables.indices { sequence.tables[group].released = 0 }
    }

    /// Returns the blocks of a sequence that are not needed for its first `tokens` tokens.
    ///
    /// - Precondition: none of those was released from a window.
    package mutating func truncate(_ sequence: inout SequenceBlocks, tokens: Int) {
        truncate(&sequence, entries: ceilDivide(tokens, layout.blockSize))
    }

    private mutating func truncate(_ sequence: inout SequenceBlocks, entries: Int) {
        // Across groups, not group by group: a prefix is worth nothing without all of them.
        var last = BlockID.null
        for entry in stride(from: sequence.entryCount - 1, through: entries, by: -1) {
            for group in sequence.tables.indices {
                let block = sequence.tables[group].blocks[entry]
                if block != .null { drop(block, behind: &last) }
            }
        }
        for group in sequence.tables.indices {
            let excess = sequence.tables[group].blocks.count - entries
            if excess > 0 { sequence.tables[group].blocks.removeLast(excess) }
            precondition(
                entries == 0 || sequence.tables[group].released <= entries,
                "the wanted blocks have left the window")
        }
        let tip = sequence.tip
        if entries == 0 {
            sequence.committed = 0
            sequence.tip = .none
        }
        while sequence.committed > entries { uncommit(&sequence) }
        guard sequence.tip != tip else { return }
        hold(sequence.tip)
        unhold(tip)
    }

    /// A second sequence with the same tokens: all blocks are shared, and the first to write into
    /// one copies it.
    ///
    /// - Complexity: O(blocks).
    package mutating func fork(_ sequence: SequenceBlocks) -> SequenceBlocks {
        var other = sequence
        for group in sequence.tables.indices {
            // Tables of its own: sharing the memory would only put the copy off to a step.
            let blocks = sequence.tables[group].blocks
            other.tables[group].blocks = []
            other.tables[group].blocks.reserveCapacity(blocks.capacity)
            other.tables[group].blocks.append(contentsOf: blocks)
            for block in blocks where block != .null { pool.retain(block) }
        }
        hold(sequence.tip)
        return other
    }
}
