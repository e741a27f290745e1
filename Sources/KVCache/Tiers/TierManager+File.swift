// The file tier under the host tier. What the host tier stores is written through to the file;
// what is found only in the file is fetched into host slots while its request waits, and then
// loaded from there like anything else.

extension TierManager {
    /// Begins to read records into host slots; false, and nothing has changed, if there is no room
    /// for them beside what is to stay.
    mutating func fetch(
        _ keys: [TierKey], beside present: [TierKey], _ index: inout PrefixIndex,
        _ events: inout KVEventLog
    ) -> Bool {
        guard let store = host.prepareStore(keys + present) else { return false }
        forget(store.evicted, &index, &events)
        for (key, slot) in zip(store.keys, store.slots) {
            guard let number = file?.records.prepareLoad([key]).first else { continue }
            index.hold(key)
            let record = record(of: key, index)
            file?.begin(.read(slot: slot), of: key, number: number, record)
        }
        return true
    }

    /// Learns what the file tier has done. Between steps.
    mutating func complete(
        _ completions: [TierCompletion], _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) {
        for completion in completions {
            guard let move = file?.end(completion.ticket) else {
                preconditionFailure("the end of work for a file tier that is not there")
            }
            switch move.kind {
            case .write:
                host.completeLoad([move.key])
                endStore(move.key, completion.succeeded, &index, &events)
            case .save:
                endStore(move.key, completion.succeeded, &index, &events)
            case .read:
                endFetch(move.key, completion.succeeded, &index, &events)
            }
        }
    }

    /// Writes what the host tier has stored to the file, if that does not have it.
    mutating func writeThrough(
        _ keys: [TierKey], _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) {
        guard file != nil else { return }
        for key in keys where !key.isPrivate {
            guard let slot = host.slot(of: key),
                let number = makeRecord(for: key, &index, &events)
            else { continue }
            _ = host.prepareLoad([key])
            let record = record(of: key, index)
            file?.begin(.write(slot: slot), of: key, number: number, record)
        }
    }

    /// Writes a block to the file, if that does not have it: from the pool, or else from the host
    /// tier.
    mutating func save(
        _ key: TierKey, block: BlockID?, _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) {
        guard file?.records.lookup(key) == .miss else {
            file?.records.touch([key])
            return
        }
        guard let block else {
            if host.lookup(key) == .hit { writeThrough([key], &index, &events) }
            return
        }
        guard let number = makeRecord(for: key, &index, &events) else { return }
        let record = record(of: key, index)
        file?.begin(.save(block), of: key, number: number, record)
    }

    /// Takes a record for a key; nil if the file has the key already, or nothing may be forgotten.
    private mutating func makeRecord(
        for key: TierKey, _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) -> Int? {
        guard let store = file?.records.prepareStore([key]), let number = store.slots.first
        else { return nil }
        addFileUse(of: key.node, &index)
        for evicted in store.evicted {
            events.appendRemoved(evicted, .file, index)
            dropFileUse(of: evicted.node, &index)
        }
        return number
    }

    private mutating func endStore(
        _ key: TierKey, _ succeeded: Bool, _ index: inout PrefixIndex,
        _ events: inout KVEventLog
    ) {
        file?.records.completeStore([key], success: succeeded)
        if succeeded {
            statistics.written += 1
            events.appendStored(key, .file, index)
        } else {
            statistics.unwritten += 1
            dropFileUse(of: key.node, &index)
        }
    }

    private mutating func endFetch(
        _ key: TierKey, _ succeeded: Bool, _ index: inout PrefixIndex,
        _ events: inout KVEventLog
    ) {
        host.completeStore([key], success: succeeded)
        file?.records.completeLoad([key])
        if succeeded {
            statistics.fetched += 1
            events.appendStored(key, .host, index)
        } else {
            // Damaged: it is no record any more.
            statistics.unreadable += 1
            if file?.records.remove(key) == true {
                events.appendRemoved(key, .file, index)
                dropFileUse(of: key.node, &index)
            }
            index.unhold(key)
        }
    }

    /// What a record of a key says.
    private func record(of key: TierKey, _ index: PrefixIndex) -> TierRecord {
        let node = key.node
        let parent = index.nodes[node.index].parent
        let start = node.index * index.blockSize
        guard let serial = file?.serial(of: node) else {
            preconditionFailure("a record of a prefix without a number")
        }
        return TierRecord(
            key: index.nodes[node.index].key, serial: serial,
            parent: file?.serial(of: parent) ?? 0, group: Int(key.group),
            scope: index.scope(of: node),
            tokens: Array(index.tokens[start..<start + index.blockSize]))
    }
}

// MARK: - Numbers of prefixes

extension TierManager {
    private mutating func addFileUse(of node: PrefixNode, _ index: inout PrefixIndex) {
        var node = node
        while index.nodes[node.index].parent != .none, file?.use(node) == true {
            index.hold(node)
            node = index.nodes[node.index].parent
        }
    }

    /// Takes a use of a prefix's number away; without one it is forgotten, and its parent loses a
    /// use too.
    mutating func dropFileUse(of node: PrefixNode, _ index: inout PrefixIndex) {
        var node = node
        while index.nodes[node.index].parent != .none, file?.drop(node) == true {
            let parent = index.nodes[node.index].parent
            index.unhold(node)
            node = parent
        }
    }

    /// Forgets the record that was used the longest ago, for the sake of its node; false if there
    /// is none to forget.
    mutating func forgetOldestRecord(
        _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) -> Bool {
        guard let key = file?.records.oldest else { return false }
        events.appendRemoved(key, .file, index)
        file?.records.remove(key)
        dropFileUse(of: key.node, &index)
        return true
    }

    /// Forgets what is in the file; its records will be written over.
    mutating func resetFile(_ index: inout PrefixIndex) {
        guard let keys = file?.records.keys else { return }
        file?.records.removeAll()
        for key in keys { dropFileUse(of: key.node, &index) }
    }

    /// Enters the records of nodes that were found in the file, and counts their uses. Each node
    /// has the use that `FileTier.restore` gave it.
    ///
    /// - Returns: how many records were entered.
    mutating func restore(
        _ kept: [(key: TierKey, slot: Int)], of nodes: Set<PrefixNode>,
        _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) -> Int {
        for node in nodes {
            let parent = index.nodes[node.index].parent
            if nodes.contains(parent) { _ = file?.use(parent) }
        }
        let entered = file?.records.restore(kept) ?? []
        for key in entered {
            _ = file?.use(key.node)
            events.appendStored(key, .file, index)
        }
        // What they were given until now.
        for node in nodes.sorted(by: { $0.rawValue < $1.rawValue }) {
            dropFileUse(of: node, &index)
        }
        return entered.count
    }
}
