// What the cache asks of the tiers under its pool: what is given up is stored, and what is matched
// beyond the pool is loaded.

extension PagedCache {
    /// What the tiers have done, and what they hold.
    package var tierStatistics: TierStatistics { tiers?.currentStatistics ?? TierStatistics() }

    /// Counts a look-up of a sequence's blocks, for the filter that keeps out of the host tier what
    /// is not asked for again. Once for each admission.
    package mutating func noteLookup(_ keys: PrefixKeys) {
        guard configuration.storeThreshold >= 2 else { return }
        tiers?.noteLookup(keys)
    }

    /// Stores a registered block that is about to be given up, if it is worth it.
    mutating func offload(_ block: BlockID) {
        guard tiers != nil else { return }
        let record = index.blocks[block.index]
        guard !record.isPending, index.duplicate(of: block) == nil else { return }
        let isWanted = tiers?.allows(index.nodes[record.node.index].key) ?? false
        let key = TierKey(record.node, group: Int(record.group))
        guard isWanted, store([(key, block)]) else {
            tiers?.noteSkipped()
            return
        }
    }

    /// Stores pages in the host tier; false, and nothing has changed, if it has no room for all.
    mutating func store(_ pages: [(key: TierKey, block: BlockID)]) -> Bool {
        tiers?.store(pages, &transfers, &index, &events) ?? false
    }

    /// Whether a block of a node need not be computed: it is in the pool or the host tier, or, if
    /// that is asked, in the file.
    func isReachable(_ node: PrefixNode, group: Int, file: Bool = false) -> Bool {
        if index.block(of: node, group: group) != nil { return true }
        return tiers?.holds(TierKey(node, group: group), file: file) ?? false
    }

    /// Loads a block of a node into a block of its own that others may hit.
    ///
    /// The key was pinned for it.
    mutating func load(
        _ key: TierKey, position: Int, retention: RetentionPlan?
    ) -> BlockID {
        let own = takeBlock()
        tiers?.load(key, into: own, &transfers)
        if !key.isPrivate {
            register(
                own, as: key.node, group: Int(key.group), position: position, retention: retention)
        }
        return own
    }
}
