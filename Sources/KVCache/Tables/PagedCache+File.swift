import QuireIdentifiers

// What the cache asks of the file tier: to fetch what a match found only there, and, between one
// process and the next, to be saved and restored.

extension PagedCache {
    /// Begins to fetch what `match` found only in the file.
    ///
    /// What is fetched is not kept for who asked for it: another that fetches may drive it out of
    /// the host tier before it is loaded.
    ///
    /// - Parameter beginning: whether to begin anything; otherwise only what is on its way counts.
    /// - Returns: whether any of it is on its way: the request waits, and then matches again.
    ///   `.nothing` also when the host tier has no room: it computes what it lacks.
    /// - Complexity: O(blocks matched).
    package mutating func fetch(_ match: PrefixMatch, beginning: Bool = true) -> FetchResult {
        guard match.fileBlocks > 0, tiers?.file != nil else { return .nothing }
        let end = match.fullBlocks + match.fileBlocks
        let tokens = end * layout.blockSize
        var wanted: [TierKey] = []
        var present: [TierKey] = []
        var isOnItsWay = false
        var node = match.fileNode
        for entry in stride(from: end - 1, through: 0, by: -1) {
            for group in layout.groups.indices where entry >= firstNeeded(group, at: tokens) {
                guard index.block(of: node, group: group) == nil else { continue }
                let key = TierKey(node, group: group)
                switch tiers?.host.lookup(key) {
                case .hit: present.append(key)
                case .hitPending:
                    if tiers?.file?.isFetching(key) == true { isOnItsWay = true }
                case .miss, nil:
                    if tiers?.file?.records.lookup(key) == .hit { wanted.append(key) }
                }
            }
            node = index.nodes[node.index].parent
        }
        // From the front, as many as there is room for beside what is there already.
        wanted.reverse()
        var count = beginning ? wanted.count : 0
        while count > 0 {
            let front = Array(wanted[..<count])
            if tiers?.fetch(front, beside: present, &index, &events) == true { return .begun }
            count /= 2
        }
        return isOnItsWay ? .underWay : .nothing
    }

    /// Takes the work of the file tier that is to be begun, in order.
    ///
    /// Reads may begin at once, also while a step runs. Writes are of slots that the last step has
    /// filled.
    package mutating func takeOperations() -> [TierOperation] {
        tiers?.file?.takeOperations() ?? []
    }

    /// Learns what the file tier has done. Between steps.
    ///
    /// - Complexity: O(completions).
    package mutating func complete(_ completions: [TierCompletion]) {
        tiers?.complete(completions, &index, &events)
    }

    /// Whether the file tier has work that is not complete.
    package var isMovingFiles: Bool { tiers?.file?.isBusy ?? false }
}

/// What became of fetching a match from the file.
package enum FetchResult: Hashable, Sendable {
    /// Nothing of it comes.
    case nothing
    /// Some of it was on its way already.
    case underWay
    /// Some of it is on its way from now on.
    case begun
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
        return tiers?.restore(kept, of: Set(nodes.values), &index, &events) ?? 0
    }

    /// The node that a record is of; nil if it cannot be.
    private mutating func restore(
        _ record: TierRecord, parent: PrefixNode?, _ nodes: inout [UInt64: PrefixNode]
    ) -> PrefixNode? {
        guard record.tokens.count == layout.blockSize, layout.groups.indices.contains(record.group),
            record.serial > 0, record.serial < .max
        else { return nil }
        let start = parent ?? index.makeRoot(of: record.scope)
        guard start != .none, index.scope(of: start) == record.scope else { return nil }
        let parentKey = parent.map { index.nodes[$0.index].key } ?? hasher.root(record.scope)
        let key = hasher.key(
            after: parentKey, record.tokens, from: 0, count: layout.blockSize)
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
        for key in tiers?.host.keys ?? [] where !key.isPrivate { save(key.node, &seen) }
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
            for group in layout.groups.indices where seen.count < capacity {
                let key = TierKey(node, group: group)
                seen.insert(key)
                let block = index.block(of: node, group: group, settled: true)
                tiers?.save(key, block: block, &index, &events)
            }
        }
    }
}
