// The life of one block: every change of its references or of whether it can be hit goes through
// here, so that pool, index, policy and events agree.
extension PagedCache {
    /// Takes a free block, giving up what it held.
    mutating func takeBlock() -> BlockID {
        guard let first = pool.free.first else {
            preconditionFailure("a block is taken without a look at how many are free")
        }
        guard configuration.prefixCaching else {
            _ = pool.claim(first)
            return first
        }
        // Whatever holds nothing stands before all that is cached.
        let block = index.isRegistered(first) ? order.victim() ?? first : first
        if index.isRegistered(block) {
            offload(block)
            unregister(block, evicted: true)
        }
        _ = pool.claim(block)
        return block
    }

    /// Adds a hold to a block, which may be free.
    mutating func claim(_ block: BlockID) {
        guard pool.claim(block) else { return }
        guard index.isRegistered(block) else { return }
        cachedCount -= 1
        retention?.cancel(block)
        withdraw(block)
    }

    /// Takes a reference from a block. A block that is free by it goes to the end of the free list
    /// when it can be hit, and else behind `last`, which it replaces: blocks freed together keep
    /// their order at the front.
    ///
    /// An unreferenced duplicate is worth nothing: the block that stays counts as used now.
    mutating func drop(_ block: BlockID, behind last: inout BlockID) {
        guard pool.drop(block) else { return }
        guard configuration.prefixCaching else {
            pool.free.insert(block, after: last)
            last = block
            return
        }
        if let other = index.duplicate(of: block) {
            forget(block, evicted: false)
            pool.free.insert(block, after: last)
            last = block
            guard pool.referenceCount(of: other) == 0 else { return }
            claim(other)
            drop(other, behind: &last)
            return
        }
        guard index.isRegistered(block) else {
            pool.free.insert(block, after: last)
            last = block
            return
        }
        pool.free.append(block)
        cachedCount += 1
        let record = index.blocks[block.index]
        order.freed(block, orderKey(of: record.node, group: Int(record.group)))
        retention?.start(block, now: now)
        offer(block)
    }

    /// Makes a held block one that can be hit.
    mutating func register(
        _ block: BlockID, as node: PrefixNode, group: Int, position: Int, retention: RetentionPlan?
    ) {
        let isFirst = events.isOn && index.block(of: node, group: group) == nil
        let parent = index.attach(block, to: node, group: group, isPending: true)
        pending.append(block)
        order.inserted(block, blockUse(of: node, group: group, position: position))
        keep(block, retention, at: position)
        if !order.isListOrder {
            refreshCandidates(of: node)
            refreshCandidates(of: parent)
        }
        if isFirst {
            events.appendStored(node, group: group, groups: layout.groups.count, index)
        }
    }

    /// Makes a block one that cannot be hit. It may be free; then it is the next to be taken.
    mutating func unregister(_ block: BlockID, evicted: Bool) {
        if pool.referenceCount(of: block) == 0 {
            retention?.cancel(block)
            withdraw(block)
            pool.free.remove(block)
            pool.free.insert(block, after: .null)
            cachedCount -= 1
        }
        forget(block, evicted: evicted)
    }

    /// Unregisters a block that is not in the free list.
    private mutating func forget(_ block: BlockID, evicted: Bool) {
        let record = index.blocks[block.index]
        let key = index.nodes[record.node.index].key
        let group = Int(record.group)
        order.removed(block, orderKey(of: record.node, group: group), evicted: evicted)
        if evicted { evictions += 1 }
        let childless = index.detach(block)
        if events.isOn, index.block(of: record.node, group: group) == nil {
            events.append(.removed(keys: [key], group: group, medium: .device))
        }
        // A duplicate that stays may have been spared for this one's sake, and the parent for its
        // child's.
        if !order.isListOrder {
            refreshCandidates(of: record.node)
            refreshCandidates(of: childless)
        }
        index.prune(record.node)
    }

    /// Keeps a node alive until `unhold`.
    mutating func hold(_ node: PrefixNode) {
        if node != .none { index.hold(node) }
    }

    /// Lets go of a node that was held.
    mutating func unhold(_ node: PrefixNode) {
        if node != .none { index.unhold(node) }
    }

    /// Under the `priority` policy, sets what a block is kept for; without a plan it keeps what it
    /// has.
    mutating func keep(_ block: BlockID, _ plan: RetentionPlan?, at position: Int) {
        guard retention != nil, let plan else { return }
        let wish = plan.retention(at: position)
        order.setPriority(block, wish.priority)
        retention?.set(block, wish.duration)
    }
}

// MARK: - What the policy hears

extension PagedCache {
    /// The key by which the policy knows a node's blocks in a cache group.
    private func orderKey(of node: PrefixNode, group: Int) -> BlockKey {
        let key = index.nodes[node.index].key
        // Another number for each group, as hashes have them: they are used one by one.
        return BlockKey(high: key.high, low: key.low &+ UInt64(group) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// A use of a node's block.
    func blockUse(of node: PrefixNode, group: Int, position: Int) -> BlockUse {
        var use = BlockUse(key: orderKey(of: node, group: group), position: position)
        guard order.asksForParents else { return use }
        let parent = index.nodes[node.index].parent
        if parent != .none { use.parent = index.block(of: parent, group: group) ?? .null }
        return use
    }
}

// MARK: - Candidates of eviction, for all policies but `lru`

extension PagedCache {
    /// Whether a free, registered block may go: no cached prefix needs it.
    ///
    /// A block of a sliding window may always go: what continues it needs only the last window.
    /// A child without a block on the device cannot be hit through its parent anyway.
    func mayGo(_ block: BlockID) -> Bool {
        let record = index.blocks[block.index]
        return index.nodes[record.node.index].liveChildren == 0
            || !layout.groups[Int(record.group)].span.isFull
    }

    private mutating func offer(_ block: BlockID) {
        guard !order.isListOrder, mayGo(block) else { return }
        order.offer(block)
    }

    private mutating func withdraw(_ block: BlockID) {
        guard !order.isListOrder, order.isCandidate(block) else { return }
        order.withdraw(block)
    }

    /// Offers and withdraws the blocks of a node after a change of its children or blocks.
    mutating func refreshCandidates(of node: PrefixNode) {
        guard node != .none else { return }
        let first = index.nodes[node.index].firstBlock
        guard first != .null else { return }
        var block = first
        repeat {
            if pool.referenceCount(of: block) == 0 {
                let may = mayGo(block)
                if may != order.isCandidate(block) {
                    if may { order.offer(block) } else { order.withdraw(block) }
                }
            }
            block = index.blocks[block.index].next
        } while block != first
    }
}

extension AttentionSpan {
    var isFull: Bool { self == .full }
}
