extension PagedCache {
    /// Traps unless the pool, the index and the policy are sound, and the given sequences hold,
    /// with pins and copies, exactly the used blocks.
    ///
    /// - Parameter sequences: all the sequences of this cache.
    /// - Complexity: O(blocks x block size): for tests.
    package func checkInvariants(sequences: some Sequence<SequenceBlocks>) {
        pool.checkInvariants()
        index.checkInvariants()
        order.checkInvariants()
        var holders: [Int] = Array(repeating: 0, count: pool.blockCount)
        var holds = 0
        for sequence in Array(sequences) + pins.map(\.blocks) {
            check(sequence)
            if sequence.tip != .none { holds += 1 }
            for block in sequence.tables.lazy.flatMap(\.blocks) where block != .null {
                holders[block.index] += 1
            }
        }
        for block in transfers.sources { holders[block.index] += 1 }
        precondition(
            holds + (tiers?.holdCount ?? 0) == index.holdCount, "nodes are kept for nobody")
        checkTiers()
        for index in 1..<UInt32(max(1, pool.blockCount)) {
            let block = BlockID(index)
            precondition(
                holders[Int(index)] == pool.referenceCount(of: block),
                "block \(block) has \(pool.referenceCount(of: block)) references "
                    + "and \(holders[Int(index)]) holders")
        }
        checkFreeBlocks()
    }

    private func checkTiers() {
        guard let tiers else { return }
        tiers.host.checkInvariants()
        tiers.file?.checkInvariants()
        for key in tiers.host.entries.keys where !key.isPrivate {
            precondition(index.nodes[key.node.index].keepers > 0, "a tier's node is gone")
        }
        var pins: [TierKey: Int] = [:]
        var arriving: Set<TierKey> = []
        for key in tiers.swapped.values.flatMap(\.pinned) { pins[key, default: 0] += 1 }
        for move in tiers.moves.values {
            switch move {
            case .load(let key): pins[key, default: 0] += 1
            case .store(let key): arriving.insert(key)
            }
        }
        for move in tiers.file?.moves.values ?? [] {
            switch move.kind {
            case .write: pins[move.key, default: 0] += 1
            case .read: arriving.insert(move.key)
            case .save: break
            }
        }
        for (key, entry) in tiers.host.entries where entry.pins >= 0 {
            precondition(entry.pins == pins[key] ?? 0, "a slot is pinned for nobody")
        }
        for (key, entry) in tiers.host.entries where entry.pins < 0 {
            precondition(arriving.contains(key), "a slot waits for nobody")
        }
    }

    private func check(_ sequence: SequenceBlocks) {
        precondition(sequence.tables.count == layout.groups.count, "one table for each group")
        precondition(sequence.committed <= sequence.entryCount, "committed beyond its tables")
        for table in sequence.tables {
            precondition(table.blocks.count == sequence.entryCount, "tables differ in length")
            for (entry, block) in table.blocks.enumerated() {
                precondition((block == .null) == (entry < table.released), "a stray null block")
            }
        }
        var node = sequence.tip
        for entry in (0..<sequence.committed).reversed() {
            precondition(node != .none, "the tip is not as deep as what is committed")
            for table in sequence.tables where table.blocks[entry] != .null {
                let block = index.blocks[table.blocks[entry].index]
                precondition(
                    block.node == node || block.node == .none, "an entry holds another prefix")
            }
            node = index.nodes[node.index].parent
        }
    }

    private func checkFreeBlocks() {
        var cached = 0
        for block in pool.free.blocks {
            if index.isRegistered(block) {
                cached += 1
            } else {
                precondition(cached == 0, "block \(block) holds nothing, behind one that does")
            }
        }
        precondition(cached == cachedCount, "cached blocks do not add up")
        let gauges = gauges
        precondition(
            gauges.used + gauges.cached + gauges.free + 1 == layout.blockCount, "a block is lost")
        for slot in 1..<UInt32(max(1, pool.blockCount)) where !order.isListOrder {
            let block = BlockID(slot)
            let isFree = pool.referenceCount(of: block) == 0 && index.isRegistered(block)
            precondition(
                order.isCandidate(block) == (isFree && mayGo(block)),
                "block \(block) is \(order.isCandidate(block) ? "" : "not ")offered")
        }
    }
}
