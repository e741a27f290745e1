// The host tier under the pool: what is given up is stored, and what is matched beyond the pool is
// loaded. Stores and loads are transfers of the step being planned; both are complete when the
// step is.

extension PagedCache {
    /// What the tiers have done, and what they hold.
    package var tierStatistics: TierStatistics {
        guard let tiers else { return TierStatistics() }
        var statistics = tiers.statistics
        statistics.hostUsed = tiers.host.usedCount
        statistics.hostPinned = tiers.host.pinnedCount
        statistics.fileUsed = tiers.file?.records.usedCount ?? 0
        return statistics
    }

    /// Counts a look-up of a sequence's blocks, for the filter that keeps out of the host tier what
    /// is not asked for again. Once for each admission.
    package mutating func noteLookup(_ keys: PrefixKeys) {
        guard tiers != nil, configuration.storeThreshold >= 2 else { return }
        for key in keys.keys { tiers?.filter.note(key) }
    }

    /// Stores a registered block that is about to be given up, if it is worth it.
    mutating func offload(_ block: BlockID) {
        guard tiers != nil else { return }
        let record = index.blocks[block.index]
        guard !record.isPending, index.duplicate(of: block) == nil else { return }
        let isWanted = tiers?.filter.allows(index.nodes[record.node.index].key) ?? false
        let key = TierKey(record.node, group: Int(record.group))
        guard isWanted, store([(key, block)]) else {
            tiers?.statistics.skipped += 1
            return
        }
    }

    /// Stores pages in the host tier, but those that it has; false, and nothing has changed, if
    /// it has no room for all.
    mutating func store(_ pages: [(key: TierKey, block: BlockID)]) -> Bool {
        guard let store = tiers?.host.prepareStore(pages.map(\.key)) else { return false }
        forget(store.evicted)
        var stored = 0
        for page in pages where stored < store.keys.count && page.key == store.keys[stored] {
            hold(page.key.node)
            transfers.add(.store(page.block, slot: store.slots[stored]))
            tiers?.storing.append(page.key)
            stored += 1
        }
        return true
    }

    /// Lets go of what the host tier has forgotten.
    mutating func forget(_ keys: [TierKey], evicted: Bool = true) {
        guard !keys.isEmpty else { return }
        // A match that counted on them is out of date.
        index.removals &+= 1
        if evicted { tiers?.statistics.evicted += keys.count }
        for key in keys where !key.isPrivate {
            recordRemoved(key, .host)
            unhold(key.node)
        }
    }

    /// Whether a block of a node need not be computed: it is in the pool or the host tier, or, if
    /// that is asked, in the file.
    func isReachable(_ node: PrefixNode, group: Int, file: Bool = false) -> Bool {
        if index.block(of: node, group: group) != nil { return true }
        guard let tiers else { return false }
        let key = TierKey(node, group: group)
        if tiers.host.lookup(key) == .hit { return true }
        return file && tiers.file?.records.lookup(key) == .hit
    }

    /// Loads a block of a node into a block of its own that others may hit.
    ///
    /// The key was pinned for it.
    mutating func load(
        _ key: TierKey, position: Int, retention: RetentionPlan?
    ) -> BlockID {
        guard let slot = tiers?.host.slot(of: key) else {
            preconditionFailure("a block to load is not in the host tier")
        }
        let own = takeBlock()
        transfers.add(.load(slot: slot, into: own))
        if !key.isPrivate {
            register(
                own, as: key.node, group: Int(key.group), position: position, retention: retention)
        }
        tiers?.statistics.loaded += 1
        return own
    }

    /// The step is done, and with it its stores and loads.
    mutating func settleTiers() {
        guard let tiers, !(tiers.storing.isEmpty && tiers.loading.isEmpty) else { return }
        let stored = tiers.storing
        self.tiers?.storing.removeAll(keepingCapacity: true)
        self.tiers?.host.completeStore(stored)
        self.tiers?.statistics.stored += stored.count
        pinSwapped()
        endLoads()
        // The request that alone could use it is gone already, unless it was pinned for it.
        for key in stored where key.isPrivate { self.tiers?.host.remove(key) }
        for key in stored where !key.isPrivate { recordStored(key, .host) }
        writeThrough(stored)
    }

    /// Gives the pins of loads back: they are done, or nobody wants them.
    mutating func endLoads() {
        guard let loaded = tiers?.loading, !loaded.isEmpty else { return }
        tiers?.loading.removeAll(keepingCapacity: true)
        tiers?.host.completeLoad(loaded)
        // What one request alone could use has been used.
        for key in loaded where key.isPrivate { tiers?.host.remove(key) }
    }

    /// The step failed. Its loads will be done again, since slots keep what they have; its stores
    /// have not been made, and what they were to save may be overwritten.
    mutating func abandonTiers() {
        guard let stores = tiers?.storing else { return }
        tiers?.storing.removeAll(keepingCapacity: true)
        tiers?.host.completeStore(stores, success: false)
        for key in stores { unhold(key.node) }
        loseSwapped()
    }

    /// Forgets all that the tiers hold. Only when nothing of it is in use.
    mutating func resetTiers() {
        guard let keys = tiers?.host.entries.keys.filter({ !$0.isPrivate }) else { return }
        tiers?.host.removeAll()
        for key in keys { unhold(key.node) }
        resetFile()
    }

    mutating func recordStored(_ key: TierKey, _ medium: KVEvent.Medium) {
        guard configuration.recordsEvents else { return }
        let record = index.nodes[key.node.index]
        let start = key.node.index * plan.blockSize
        let parent = index.nodes[record.parent.index]
        events.append(
            .stored(
                KVEvent.Stored(
                    keys: [record.key], parent: parent.parent == .none ? nil : parent.key,
                    tokens: Array(index.tokens[start..<start + plan.blockSize]),
                    blockSize: plan.blockSize, group: Int(key.group), medium: medium,
                    scope: index.scope(of: key.node))))
    }

    mutating func recordRemoved(_ key: TierKey, _ medium: KVEvent.Medium) {
        guard configuration.recordsEvents else { return }
        events.append(
            .removed(
                keys: [index.nodes[key.node.index].key], group: Int(key.group), medium: medium))
    }
}
