/// What has changed in a cache and its tiers, in order, until the events are taken.
struct KVEventLog: Sendable {
    /// Whether events are recorded at all.
    let isOn: Bool
    private(set) var events: [KVEvent] = []

    init(isOn: Bool) {
        self.isOn = isOn
    }

    mutating func append(_ event: KVEvent) {
        if isOn { events.append(event) }
    }

    mutating func take() -> [KVEvent] {
        defer { events.removeAll() }
        return events
    }

    /// Records that a node can be hit in a group of `groups`: as one more block of the last event
    /// if that is of its parent, else as an event.
    mutating func appendStored(
        _ node: PrefixNode, group: Int, groups: Int, _ index: PrefixIndex
    ) {
        guard isOn else { return }
        let record = index.nodes[node.index]
        let start = node.index * index.blockSize
        let parent = index.nodes[record.parent.index]
        if parent.parent != .none, let place = lastStored(group, groups),
            case .stored(var stored) = events[place], stored.keys.last == parent.key
        {
            // Any event without arrays will do for the moment: while the list still held this one,
            // appending would copy its keys and tokens.
            events[place] = .cleared
            stored.keys.append(record.key)
            stored.tokens.append(contentsOf: index.tokens[start..<start + index.blockSize])
            events[place] = .stored(stored)
            return
        }
        appendStored(TierKey(node, group: group), .device, index)
    }

    /// The last event of a group, among the last ones that are all of blocks stored on the device.
    private func lastStored(_ group: Int, _ groups: Int) -> Int? {
        for place in events.indices.reversed().prefix(groups) {
            guard case .stored(let stored) = events[place], stored.medium == .device else {
                return nil
            }
            if stored.group == group { return place }
        }
        return nil
    }

    /// Records that a block is in a tier, as an event of its own.
    mutating func appendStored(_ key: TierKey, _ medium: KVEvent.Medium, _ index: PrefixIndex) {
        guard isOn else { return }
        let record = index.nodes[key.node.index]
        let start = key.node.index * index.blockSize
        let parent = index.nodes[record.parent.index]
        events.append(
            .stored(
                KVEvent.Stored(
                    keys: [record.key], parent: parent.parent == .none ? nil : parent.key,
                    tokens: Array(index.tokens[start..<start + index.blockSize]),
                    blockSize: index.blockSize, group: Int(key.group), medium: medium,
                    scope: index.scope(of: key.node))))
    }

    /// Records that a block is no longer in a tier.
    mutating func appendRemoved(_ key: TierKey, _ medium: KVEvent.Medium, _ index: PrefixIndex) {
        guard isOn else { return }
        events.append(
            .removed(
                keys: [index.nodes[key.node.index].key], group: Int(key.group), medium: medium))
    }
}
