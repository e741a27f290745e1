package import QuireIdentifiers

extension PagedCache {
    /// Appends the keys of the blocks that `tokens` fills and that have none yet.
    package func extend(_ keys: inout PrefixKeys, over tokens: [TokenID]) {
        extend(&keys, over: tokens, blocks: tokens.count / layout.blockSize)
    }

    func extend(_ keys: inout PrefixKeys, over tokens: [TokenID], blocks: Int) {
        guard keys.keys.count < blocks, configuration.prefixCaching else { return }
        var parent = keys.keys.last ?? hasher.root(keys.scope)
        for entry in keys.keys.count..<blocks {
            parent = hasher.key(
                after: parent, tokens, from: entry * layout.blockSize, count: layout.blockSize)
            keys.keys.append(parent)
        }
    }

    /// Registers the blocks that are full when the sequence holds `upTo` tokens, so that they can
    /// be hit, in the same step already. They are *pending* until `settle()`: they may be shared,
    /// and are not copied from.
    ///
    /// - Complexity: O(blocks that have become full).
    package mutating func commit(
        _ sequence: inout SequenceBlocks, _ keys: inout PrefixKeys, tokens: [TokenID], upTo: Int
    ) {
        // Of 16 decoded tokens 15 fill no block.
        let isCurrent = sequence.epoch == epoch
        guard !isCurrent || upTo >= (sequence.committed + 1) * layout.blockSize else { return }
        guard configuration.prefixCaching else { return }
        let full = min(upTo / layout.blockSize, sequence.entryCount)
        guard full > 0 else { return }
        let oldTip = sequence.tip
        if !isCurrent { rollBack(&sequence) }
        sequence.epoch = epoch
        guard full > sequence.committed || sequence.tip != oldTip else { return }
        extend(&keys, over: tokens, blocks: full)

        var node = sequence.tip
        if node == .none { node = makeRoot(of: keys.scope) }
        hold(node)
        while sequence.committed < full, node != .none {
            let child = makeChild(of: node, keys, tokens, entry: sequence.committed)
            guard child != .none else { break }
            registerEntry(sequence.committed, of: sequence, as: child)
            hold(child)
            unhold(node)
            node = child
            sequence.committed += 1
        }
        sequence.tip = node
        unhold(oldTip)
    }

    private mutating func registerEntry(
        _ entry: Int, of sequence: SequenceBlocks, as node: PrefixNode
    ) {
        for group in sequence.tables.indices {
            let block = sequence.tables[group].blocks[entry]
            // A forked sequence shares blocks that the other may have registered.
            guard block != .null, !index.isRegistered(block) else { continue }
            register(
                block, as: node, group: group, position: entry * layout.blockSize,
                retention: sequence.retention)
        }
    }

    private mutating func makeRoot(of scope: PrefixScope) -> PrefixNode {
        let root = index.makeRoot(of: scope)
        guard root == .none, freeNode() else { return root }
        return index.makeRoot(of: scope)
    }

    private mutating func makeChild(
        of node: PrefixNode, _ keys: PrefixKeys, _ tokens: [TokenID], entry: Int
    ) -> PrefixNode {
        let key = keys.keys[entry]
        let position = entry * layout.blockSize
        let known = index.child(of: node, key, tokens, at: position)
        guard known == .none else { return known }
        let child = index.makeChild(of: node, key, tokens, at: position)
        guard child == .none, freeNode() else { return child }
        return index.makeChild(of: node, key, tokens, at: position)
    }

    /// Gives up cached blocks until a node is free; false when all that is left is in use.
    ///
    /// Nodes run out only where prefixes outlive their blocks: behind sliding windows, and in the
    /// file tier.
    private mutating func freeNode() -> Bool {
        while index.firstFree == .none {
            if tiers?.forgetOldestRecord(&index, &events) == true { continue }
            guard cachedCount > 0, let last = pool.free.last else { return false }
            // The unregistered stand at the front: the last block is registered.
            unregister(order.victim() ?? oldestCached() ?? last, evicted: true)
        }
        return true
    }

    /// The first registered block of the free list. O(unregistered blocks before it).
    private func oldestCached() -> BlockID? {
        var block = pool.free.first
        while let found = block, !index.isRegistered(found) {
            block = pool.free.block(after: found)
        }
        return block
    }

    /// Takes back what a failed step had committed: entries whose blocks are not registered.
    private mutating func rollBack(_ sequence: inout SequenceBlocks) {
        while sequence.committed > 0 {
            guard !isCommitted(sequence.committed - 1, of: sequence) else { return }
            uncommit(&sequence)
        }
    }

    /// Whether an entry below `committed` is still registered; one whose blocks all left their
    /// windows was written long ago.
    func isCommitted(_ entry: Int, of sequence: SequenceBlocks) -> Bool {
        var hasBlock = false
        for group in sequence.tables.indices {
            let block = sequence.tables[group].blocks[entry]
            if block != .null, index.isRegistered(block) { return true }
            hasBlock = hasBlock || block != .null
        }
        return !hasBlock
    }

    /// Steps back by one entry; the holds of the tip are the caller's business.
    func uncommit(_ sequence: inout SequenceBlocks) {
        sequence.committed -= 1
        sequence.tip =
            sequence.committed == 0 ? .none : index.nodes[sequence.tip.index].parent
    }
}

extension PagedCache {
    /// The step is done: what was committed is in the blocks, and what was to be copied is.
    package mutating func settle() {
        for block in pending { index.blocks[block.index].isPending = false }
        pending.removeAll(keepingCapacity: true)
        var last = BlockID.null
        for transfer in transfers.running {
            if case .copy(let source, _) = transfer.transfer { drop(source, behind: &last) }
        }
        tiers?.settle(transfers.running, &index, &events)
        transfers.finish()
    }

    /// The step failed: what was committed since the last `settle()` is unregistered, and its
    /// transfers will be taken again.
    ///
    /// A sequence that adopted pending blocks (`PrefixMatch.pendingHits`) must be released: what
    /// it shares was never written.
    package mutating func abandonPending() {
        // Children before parents.
        for block in pending.reversed() where index.blocks[block.index].isPending {
            unregister(block, evicted: false)
        }
        pending.removeAll(keepingCapacity: true)
        epoch += 1
        let stores = transfers.rewind()
        tiers?.abandon(stores, &index)
    }

    /// Forgets the copies and loads into blocks that have no reference left, because the sequence
    /// that they were for was released after a step that failed. Between steps only.
    package mutating func dropOrphanedCopies() {
        var last = BlockID.null
        // The source of one copy may be the target of another.
        while true {
            let orphans = transfers.removeOrphans { pool.referenceCount(of: $0) == 0 }
            tiers?.cancelLoads(orphans.loads)
            guard !orphans.sources.isEmpty else { break }
            for source in orphans.sources { drop(source, behind: &last) }
        }
    }

    /// Appends the transfers of the step being planned, in the order in which they must be done,
    /// all of them before the step's writes.
    package mutating func takeTransfers(into transfers: inout [BlockTransfer]) {
        self.transfers.take(into: &transfers)
    }
}
