import QuireIdentifiers

// The file tier under the host tier. What the host tier stores is written through to the file;
// what is found only in the file is fetched into host slots while its request waits, and then
// loaded from there like anything else.

extension PagedCache {
    /// Begins to fetch what `match` found only in the file.
    ///
    /// - Returns: whether any of it is on its way: the request waits, and then matches again. False
    ///   also when the host tier has no room: it computes what it lacks.
    /// - Complexity: O(blocks matched).
    package mutating func fetch(_ match: PrefixMatch) -> Bool {
        guard match.fileBlocks > 0, tiers?.file != nil else { return false }
        let end = match.fullBlocks + match.fileBlocks
        let tokens = end * plan.blockSize
        var wanted: [TierKey] = []
        var present: [TierKey] = []
        var isOnItsWay = false
        var node = match.fileNode
        for entry in stride(from: end - 1, through: 0, by: -1) {
            for group in plan.groups.indices where entry >= firstNeeded(group, at: tokens) {
                guard index.block(of: node, group: group) == nil else { continue }
                let key = TierKey(node, group: group)
                switch tiers?.host.lookup(key) {
                case .hit: present.append(key)
                case .hitPending:
                    if tiers?.file?.fetching.contains(key) == true { isOnItsWay = true }
                case .miss, nil:
                    if tiers?.file?.records.lookup(key) == .hit { wanted.append(key) }
                }
            }
            node = index.nodes[node.index].parent
        }
        // From the front, as many as there is room for beside what is there already.
        wanted.reverse()
        var count = wanted.count
        while count > 0 {
            if fetch(Array(wanted[..<count]), beside: present) { return true }
            count /= 2
        }
        return isOnItsWay
    }

    private mutating func fetch(_ keys: [TierKey], beside present: [TierKey]) -> Bool {
        guard let store = tiers?.host.prepareStore(keys + present) else { return false }
        forget(store.evicted)
        for (key, slot) in zip(store.keys, store.slots) {
            guard let number = tiers?.file?.records.prepareLoad([key]).first else { continue }
            hold(key.node)
            let record = record(of: key)
            tiers?.file?.fetching.insert(key)
            tiers?.file?.operations.append(.read(record: number, record, slot: slot))
        }
        return true
    }

    /// Takes the work of the file tier that is to be begun, in order.
    ///
    /// Reads may begin at once, also while a step runs. Writes are of slots that the last step has
    /// filled.
    package mutating func takeOperations() -> [TierOperation] {
        guard let operations = tiers?.file?.operations, !operations.isEmpty else { return [] }
        tiers?.file?.operations.removeAll(keepingCapacity: true)
        return operations
    }

    /// Learns what the file tier has done. Between steps.
    package mutating func complete(_ completions: [TierCompletion]) {
        for completion in completions {
            switch completion.operation {
            case .write(_, _, let record): endWrite(record, completion.succeeded)
            case .save(_, _, let record): endSave(record, completion.succeeded)
            case .read(_, let record, _): endFetch(record, completion.succeeded)
            }
        }
    }

    /// Whether the file tier has work that is not complete.
    package var isMovingFiles: Bool { tiers?.file?.isBusy ?? false }

    /// Writes what the host tier has stored to the file, if that does not have it.
    mutating func writeThrough(_ keys: [TierKey]) {
        guard tiers?.file != nil else { return }
        for key in keys where !key.isPrivate {
            guard let number = makeRecord(for: key), let slot = tiers?.host.slot(of: key) else {
                continue
            }
            let record = record(of: key)
            _ = tiers?.host.prepareLoad([key])
            tiers?.file?.writing.insert(key)
            tiers?.file?.operations.append(.write(slot: slot, record: number, record))
        }
    }

    /// Takes a record for a key; nil if the file has the key already, or nothing may be forgotten.
    private mutating func makeRecord(for key: TierKey) -> Int? {
        guard let store = tiers?.file?.records.prepareStore([key]), let number = store.slots.first
        else { return nil }
        addFileUse(of: key.node)
        for evicted in store.evicted {
            recordRemoved(evicted, .file)
            dropFileUse(of: evicted.node)
        }
        return number
    }

    private mutating func endWrite(_ record: TierRecord, _ succeeded: Bool) {
        guard let key = tiers?.file?.writing.first(where: { isKey($0, of: record) }) else {
            preconditionFailure("the end of a write that did not begin")
        }
        tiers?.file?.writing.remove(key)
        tiers?.host.completeLoad([key])
        endStore(key, succeeded)
    }

    private mutating func endSave(_ record: TierRecord, _ succeeded: Bool) {
        guard let key = tiers?.file?.saving.first(where: { isKey($0, of: record) }) else {
            preconditionFailure("the end of a write that did not begin")
        }
        tiers?.file?.saving.remove(key)
        endStore(key, succeeded)
    }

    private mutating func endStore(_ key: TierKey, _ succeeded: Bool) {
        tiers?.file?.records.completeStore([key], success: succeeded)
        if succeeded {
            tiers?.statistics.written += 1
            recordStored(key, .file)
        } else {
            tiers?.statistics.unwritten += 1
            dropFileUse(of: key.node)
        }
    }

    private mutating func endFetch(_ record: TierRecord, _ succeeded: Bool) {
        guard let key = tiers?.file?.fetching.first(where: { isKey($0, of: record) }) else {
            preconditionFailure("the end of a read that did not begin")
        }
        tiers?.file?.fetching.remove(key)
        tiers?.host.completeStore([key], success: succeeded)
        tiers?.file?.records.completeLoad([key])
        if succeeded {
            tiers?.statistics.fetched += 1
            recordStored(key, .host)
        } else {
            // Damaged: it is no record any more.
            tiers?.statistics.unreadable += 1
            if tiers?.file?.records.remove(key) == true {
                recordRemoved(key, .file)
                dropFileUse(of: key.node)
            }
            unhold(key.node)
        }
    }

    private func isKey(_ key: TierKey, of record: TierRecord) -> Bool {
        Int(key.group) == record.group && tiers?.file?.serial(of: key.node) == record.serial
    }

    /// What a record of a key says.
    private func record(of key: TierKey) -> TierRecord {
        let node = key.node
        let parent = index.nodes[node.index].parent
        let start = node.index * plan.blockSize
        guard let serial = tiers?.file?.serial(of: node) else {
            preconditionFailure("a record of a prefix without a number")
        }
        return TierRecord(
            key: index.nodes[node.index].key, serial: serial,
            parent: tiers?.file?.serial(of: parent) ?? 0, group: Int(key.group),
            scope: index.scope(of: node),
            tokens: Array(index.tokens[start..<start + plan.blockSize]))
    }
}

// MARK: - Numbers of prefixes

extension PagedCache {
    private mutating func addFileUse(of node: PrefixNode) {
        var node = node
        while index.nodes[node.index].parent != .none, tiers?.file?.use(node) == true {
            hold(node)
            node = index.nodes[node.index].parent
        }
    }

    private mutating func dropFileUse(of node: PrefixNode) {
        var node = node
        while index.nodes[node.index].parent != .none, tiers?.file?.drop(node) == true {
            let parent = index.nodes[node.index].parent
            unhold(node)
            node = parent
        }
    }

    /// Forgets the record that was used the longest ago, for the sake of its node; false if there
    /// is none to forget.
    mutating func forgetOldestRecord() -> Bool {
        guard let key = tiers?.file?.records.oldest else { return false }
        recordRemoved(key, .file)
        tiers?.file?.records.remove(key)
        dropFileUse(of: key.node)
        return true
    }

    /// Forgets what is in the file; its records will be written over.
    mutating func resetFile() {
        guard let keys = tiers?.file?.records.entries.keys else { return }
        let all = Array(keys)
        tiers?.file?.records.removeAll()
        for key in all { dropFileUse(of: key.node) }
    }
}

// MARK: - From one process to the next

extension PagedCache {
    /// Takes over what a file holds, into a cache that is empty.
    ///
    /// A record counts only if its chain of parents is there up to the start of a sequence, each
    /// with the key that its tokens have in this cache.
    ///
    /// - Parameter records: what is in the file, by record number.
    /// - Returns: how many records can be hit.
    /// - Complexity: O(records).
    @discardableResult
    package mutating func restore(_ records: [Int: TierRecord]) -> Int {
        guard tiers?.file != nil, tiers?.file?.records.usedCount == 0 else { return 0 }
        var children: [UInt64: [Int]] = [:]
        for (number, record) in records { children[record.parent, default: []].append(number) }
        var nodes: [UInt64: PrefixNode] = [:]
        var kept: [(key: TierKey, slot: Int)] = []
        var parents: [UInt64] = [0]
        while let parent = parents.popLast() {
            for number in (children[parent] ?? []).sorted() {
                guard let record = records[number],
                    let node = restore(record, parent: nodes[parent], &nodes)
                else { continue }
                if nodes.updateValue(node, forKey: record.serial) == nil {
                    parents.append(record.serial)
                }
                kept.append((TierKey(node, group: record.group), number))
            }
        }
        return keep(kept, nodes)
    }

    /// The node that a record is of; nil if it cannot be.
    private mutating func restore(
        _ record: TierRecord, parent: PrefixNode?, _ nodes: inout [UInt64: PrefixNode]
    ) -> PrefixNode? {
        guard record.tokens.count == plan.blockSize, plan.groups.indices.contains(record.group),
            record.serial > 0, record.serial < .max
        else { return nil }
        let start = parent ?? index.makeRoot(of: record.scope)
        guard start != .none, index.scope(of: start) == record.scope else { return nil }
        let parentKey = parent.map { index.nodes[$0.index].key } ?? hasher.root(record.scope)
        let key = hasher.key(
            after: parentKey, record.tokens, from: 0, count: plan.blockSize)
        guard key == record.key else { return nil }
        let known = index.child(of: start, key, record.tokens, at: 0)
        if let same = nodes[record.serial] { return same == known ? same : nil }
        // Two numbers for one prefix: the first one counts.
        guard known == .none || tiers?.file?.serial(of: known) == nil else { return nil }
        let node = known == .none ? index.makeChild(of: start, key, record.tokens, at: 0) : known
        guard node != .none else { return nil }
        tiers?.file?.restore(node, serial: record.serial)
        hold(node)
        return node
    }

    /// Enters the records of nodes that were found, and counts their uses.
    private mutating func keep(
        _ kept: [(key: TierKey, slot: Int)], _ nodes: [UInt64: PrefixNode]
    ) -> Int {
        let numbered = Set(nodes.values)
        for node in numbered {
            let parent = index.nodes[node.index].parent
            if numbered.contains(parent) { _ = tiers?.file?.use(parent) }
        }
        let entered = tiers?.file?.records.restore(kept) ?? []
        for key in entered { _ = tiers?.file?.use(key.node) }
        // What they were given until now.
        for node in numbered { dropFileUse(of: node) }
        return entered.count
    }

    /// Begins to write the blocks that can be hit and are not in the file, the most recently used
    /// first, each after the prefix that it continues. Between steps; no step may run until all is
    /// complete.
    ///
    /// - Returns: the work; its completions go to `complete(_:)`.
    /// - Complexity: O(blocks).
    package mutating func save() -> [TierOperation] {
        guard tiers?.file != nil else { return [] }
        var seen: Set<TierKey> = []
        for block in pool.free.blocks.reversed() where index.isRegistered(block) {
            save(index.blocks[block.index].node, &seen)
        }
        let host = (tiers?.host.entries.keys).map(Array.init) ?? []
        for key in host where !key.isPrivate { save(key.node, &seen) }
        return takeOperations()
    }

    /// Saves a node's blocks and those of its ancestors, ancestors first.
    private mutating func save(_ node: PrefixNode, _ seen: inout Set<TierKey>) {
        var chain: [PrefixNode] = []
        var node = node
        while index.nodes[node.index].parent != .none, !seen.contains(TierKey(node, group: 0)) {
            chain.append(node)
            node = index.nodes[node.index].parent
        }
        let capacity = tiers?.file?.records.capacity ?? 0
        for node in chain.reversed() {
            for group in plan.groups.indices where seen.count < capacity {
                let key = TierKey(node, group: group)
                seen.insert(key)
                save(key)
            }
        }
    }

    private mutating func save(_ key: TierKey) {
        guard tiers?.file?.records.lookup(key) == .miss else {
            tiers?.file?.records.touch([key])
            return
        }
        let block = index.block(of: key.node, group: Int(key.group), settled: true)
        guard let block else {
            if tiers?.host.lookup(key) == .hit { writeThrough([key]) }
            return
        }
        guard let number = makeRecord(for: key) else { return }
        let record = record(of: key)
        tiers?.file?.saving.insert(key)
        tiers?.file?.operations.append(.save(block, record: number, record))
    }
}
