package import QuireIdentifiers

extension PagedCache {
    /// What has changed since the last call, when the configuration records events.
    package mutating func takeEvents() -> [KVEvent] {
        defer { events.removeAll() }
        return events
    }

    /// Tells of the first `blocks` whole blocks of a sequence once more, for a listener that came
    /// late. Nothing changes; no event when events are off or nothing is committed.
    package mutating func repeatStored(
        _ sequence: SequenceBlocks, _ keys: PrefixKeys, tokens: [TokenID], group: Int
    ) {
        guard configuration.recordsEvents, sequence.committed > 0,
            plan.groups.indices.contains(group)
        else { return }
        events.append(
            .stored(
                KVEvent.Stored(
                    keys: Array(keys.keys[..<sequence.committed]), parent: nil,
                    tokens: Array(tokens[..<(sequence.committed * plan.blockSize)]),
                    blockSize: plan.blockSize, group: group, scope: keys.scope)))
    }

    /// Records that a node can be hit in a group: as one more block of the last event if that is
    /// of its parent, else as an event.
    mutating func recordStored(_ node: PrefixNode, group: Int) {
        let record = index.nodes[node.index]
        let start = node.index * plan.blockSize
        let tokens = index.tokens[start..<start + plan.blockSize]
        let parent = index.nodes[record.parent.index]
        let isFirst = parent.parent == .none
        if !isFirst, let place = lastStored(group), case .stored(var stored) = events[place],
            stored.keys.last == parent.key
        {
            // Any event without arrays will do for the moment: while the list still held this one,
            // appending would copy its keys and tokens.
            events[place] = .cleared
            stored.keys.append(record.key)
            stored.tokens.append(contentsOf: tokens)
            events[place] = .stored(stored)
            return
        }
        events.append(
            .stored(
                KVEvent.Stored(
                    keys: [record.key], parent: isFirst ? nil : parent.key, tokens: Array(tokens),
                    blockSize: plan.blockSize, group: group, scope: index.scope(of: node))))
    }

    /// The last event of a group, among the last ones that are all of stored blocks.
    private func lastStored(_ group: Int) -> Int? {
        for place in events.indices.reversed().prefix(plan.groups.count) {
            guard case .stored(let stored) = events[place] else { return nil }
            if stored.group == group { return place }
        }
        return nil
    }
}

extension PagedCache {
    /// Forgets all that is cached and all pins; false, and nothing changes, while a sequence holds
    /// blocks.
    ///
    /// - Complexity: O(blocks).
    package mutating func reset() -> Bool {
        var held = 0
        var own: [BlockID: Int] = [:]
        for pin in pins {
            for block in pin.blocks.tables.liveBlocks { own[block, default: 0] += 1 }
            held += 1
        }
        let isFree = own.allSatisfy { pool.referenceCount(of: $0.key) == $0.value }
        guard isFree, pool.usedCount == own.count, tiers?.isBusy != true,
            index.holdCount == held + (tiers?.holdCount ?? 0)
        else { return false }
        for pin in pins { _ = unpin(pin.id) }
        let recorded = events
        for block in pool.free.blocks.reversed() where index.isRegistered(block) {
            unregister(block, evicted: false)
        }
        resetTiers()
        if configuration.recordsEvents { events = recorded + [.cleared] }
        return true
    }
}

extension [BlockTable] {
    fileprivate var liveBlocks: [BlockID] {
        flatMap { $0.blocks.filter { $0 != .null } }
    }
}
