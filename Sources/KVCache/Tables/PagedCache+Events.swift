package import QuireIdentifiers

extension PagedCache {
    /// What has changed since the last call, when the configuration records events.
    package mutating func takeEvents() -> [KVEvent] {
        events.take()
    }

    /// Tells of the first `blocks` whole blocks of a sequence once more, for a listener that came
    /// late. Nothing changes; no event when events are off or nothing is committed.
    package mutating func repeatStored(
        _ sequence: SequenceBlocks, _ keys: PrefixKeys, tokens: [TokenID], group: Int
    ) {
        guard events.isOn, sequence.committed > 0,
            layout.groups.indices.contains(group)
        else { return }
        events.append(
            .stored(
                KVEvent.Stored(
                    keys: Array(keys.keys[..<sequence.committed]), parent: nil,
                    tokens: Array(tokens[..<(sequence.committed * layout.blockSize)]),
                    blockSize: layout.blockSize, group: group, scope: keys.scope)))
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
        tiers?.reset(&index)
        events = recorded
        events.append(.cleared)
        return true
    }
}

extension [BlockTable] {
    fileprivate var liveBlocks: [BlockID] {
        flatMap { $0.blocks.filter { $0 != .null } }
    }
}
