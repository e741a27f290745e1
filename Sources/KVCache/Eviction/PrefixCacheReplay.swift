/// Replays uses of blocks through an eviction policy: the hits that a cache of a given size would
/// have on a trace whose prefixes are given as numbers.
///
/// It runs the pool and the policies of the cache itself, over entries of one block each that
/// continue nothing and are equally dear to compute. Blocks are accessed one by one, or held while
/// a request runs:
///
/// ```swift
/// var replay = PrefixCacheReplay(capacity: 10_000, policy: .lfu)
/// for key in trace { hits += replay.access(key) ? 1 : 0 }
///
/// for key in prompt where !replay.pin(key) { _ = replay.insert(key) }
/// for key in prompt.reversed() where replay.holds(key) { replay.release(key) }
/// ```
package struct PrefixCacheReplay: Sendable {
    private var pool: BlockPool
    private var order: EvictionOrder
    private var resident: [BlockKey: BlockID] = [:]
    private var keys: [BlockKey?]
    private let isUnlimited: Bool
    /// Who continues whom; nil when nothing keeps a block but its holds.
    private var chains: Chains?

    /// Lookups by `access` so far.
    package private(set) var lookups = 0

    /// Lookups by `access` that found their block.
    package private(set) var hits = 0

    /// Blocks given up.
    package private(set) var evictions = 0

    /// An empty cache of `capacity` blocks; nil never gives up a block.
    ///
    /// - Parameter keepsPrefixes: no block is given up while one that continues it is there, as in
    ///   the cache itself.
    package init(capacity: Int?, policy: EvictionPolicy, keepsPrefixes: Bool = false) {
        isUnlimited = capacity == nil
        let blocks = max(1, capacity ?? 1) + 1
        pool = BlockPool(blockCount: blocks)
        order = EvictionOrder(policy: policy, blockCount: blocks)
        keys = Array(repeating: nil, count: blocks)
        chains = keepsPrefixes ? Chains(blockCount: blocks) : nil
    }

    /// What `adaptive` won and lost against LRU; nil under another policy.
    var account: EvictionAccount? { order.adaptive?.twin.account }

    /// Looks a block up and stores it if it is not there; true for a hit.
    package mutating func access(_ key: UInt64) -> Bool {
        access(BlockKey(high: 0, low: key))
    }

    /// Looks a block up and stores it if it is not there; true for a hit.
    ///
    /// - Complexity: O(log capacity); O(1) for `lru`.
    package mutating func access(_ key: BlockKey) -> Bool {
        lookups += 1
        let isHit = pin(key)
        if isHit { hits += 1 }
        let isHeld = isHit || insert(key)
        precondition(isHeld, "a block is held between accesses")
        release(key)
        return isHit
    }

    /// Whether a block is there now; not a use of it.
    package func holds(_ key: BlockKey) -> Bool { resident[key] != nil }

    /// Holds a block until it is released, which is a use of it; false when it is not there.
    ///
    /// - Parameters:
    ///   - parent: the block before it in its prompt.
    ///   - isPartial: its prompt ends in it and does not fill it.
    /// - Complexity: O(log capacity).
    package mutating func pin(
        _ key: BlockKey, after parent: BlockKey? = nil, isPartial: Bool = false
    ) -> Bool {
        guard let block = resident[key] else { return false }
        guard !isUnlimited else { return true }
        if pool.claim(block) { withdraw(block) }
        order.accessed(block, use(key, parent, isPartial))
        return true
    }

    /// Stores a block that is not there and holds it; false when all blocks are held.
    ///
    /// - Parameters: as those of `pin`.
    /// - Complexity: O(log capacity).
    package mutating func insert(
        _ key: BlockKey, after parent: BlockKey? = nil, isPartial: Bool = false
    ) -> Bool {
        precondition(resident[key] == nil, "a block is stored twice")
        guard !isUnlimited else {
            resident[key] = .null
            return true
        }
        guard let block = takeBlock() else { return false }
        resident[key] = block
        keys[block.index] = key
        let use = use(key, parent, isPartial)
        order.inserted(block, use)
        if let parent = chains?.append(block, to: use.parent) { withdraw(parent) }
        return true
    }

    /// Takes back one hold of a block that is there.
    ///
    /// - Complexity: O(log capacity).
    package mutating func release(_ key: BlockKey) {
        guard !isUnlimited else { return }
        guard let block = resident[key] else {
            preconditionFailure("a block that is not there is released")
        }
        guard pool.drop(block) else { return }
        pool.free.append(block)
        order.freed(block, key)
        offer(block)
    }

    private mutating func offer(_ block: BlockID) {
        guard !order.isListOrder, chains?.isContinued(block) != true else { return }
        order.offer(block)
    }

    private mutating func withdraw(_ block: BlockID) {
        guard !order.isListOrder, order.isCandidate(block) else { return }
        order.withdraw(block)
    }

    private func use(_ key: BlockKey, _ parent: BlockKey?, _ isPartial: Bool) -> BlockUse {
        BlockUse(
            key: key, parent: parent.flatMap { resident[$0] } ?? .null, isPartial: isPartial)
    }

    private mutating func takeBlock() -> BlockID? {
        guard let first = pool.free.first else { return nil }
        guard keys[first.index] != nil else {
            _ = pool.claim(first)
            return first
        }
        let victim = order.victim() ?? first
        withdraw(victim)
        _ = pool.claim(victim)
        if let parent = chains?.remove(victim), pool.referenceCount(of: parent) == 0 {
            offer(parent)
        }
        if let old = keys[victim.index] {
            order.removed(victim, old, evicted: true)
            resident[old] = nil
        }
        evictions += 1
        return victim
    }
}

extension PrefixCacheReplay {
    /// Whether a block is there now; not a use of it.
    package func holds(_ key: UInt64) -> Bool {
        holds(BlockKey(high: 0, low: key))
    }
}

/// Which blocks of a replay continue which.
private struct Chains {
    private var parents: [BlockID]
    private var children: [UInt32]
    /// How often each block was removed: a link to what it held before is none.
    private var removals: [UInt32]
    private var parentRemovals: [UInt32]

    init(blockCount: Int) {
        parents = Array(repeating: .null, count: blockCount)
        children = Array(repeating: 0, count: blockCount)
        removals = children
        parentRemovals = children
    }

    func isContinued(_ block: BlockID) -> Bool { children[block.index] > 0 }

    /// Lets a block continue another one; that one, if it had nothing that continued it.
    mutating func append(_ block: BlockID, to parent: BlockID) -> BlockID? {
        parents[block.index] = parent
        guard parent != .null else { return nil }
        parentRemovals[block.index] = removals[parent.index]
        children[parent.index] += 1
        return children[parent.index] == 1 ? parent : nil
    }

    /// Removes a block; the one that it continued, if nothing continues that now.
    mutating func remove(_ block: BlockID) -> BlockID? {
        children[block.index] = 0
        removals[block.index] += 1
        let parent = parents[block.index]
        guard parent != .null, parentRemovals[block.index] == removals[parent.index] else {
            return nil
        }
        children[parent.index] -= 1
        return children[parent.index] == 0 ? parent : nil
    }
}
