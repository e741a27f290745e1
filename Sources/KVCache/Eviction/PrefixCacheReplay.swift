/// Replays accesses to independent blocks through an eviction policy: the hit rate that a cache of
/// a given size would have on a trace whose prefixes are given as numbers.
///
/// It runs the code of the cache itself, over entries of one block each that continue nothing.
///
/// ```swift
/// var replay = PrefixCacheReplay(capacity: 10_000, policy: .lfu)
/// for key in trace { hits += replay.access(key) ? 1 : 0 }
/// ```
package struct PrefixCacheReplay: Sendable {
    private var pool: BlockPool
    private var order: EvictionOrder
    private var resident: [BlockKey: BlockID] = [:]
    private var keys: [BlockKey?]
    private let isUnlimited: Bool

    /// Lookups so far.
    package private(set) var lookups = 0

    /// Lookups that found their block.
    package private(set) var hits = 0

    /// Blocks given up.
    package private(set) var evictions = 0

    /// An empty cache of `capacity` blocks; nil never gives up a block.
    package init(capacity: Int?, policy: EvictionPolicy) {
        isUnlimited = capacity == nil
        let blocks = max(1, capacity ?? 1) + 1
        pool = BlockPool(blockCount: blocks)
        order = EvictionOrder(policy: policy, blockCount: blocks)
        keys = Array(repeating: nil, count: blocks)
    }

    /// Looks a block up and stores it if it is not there; true for a hit.
    package mutating func access(_ key: UInt64) -> Bool {
        access(BlockKey(high: 0, low: key))
    }

    /// Looks a block up and stores it if it is not there; true for a hit.
    ///
    /// - Complexity: O(log capacity); O(1) for `lru`.
    package mutating func access(_ key: BlockKey) -> Bool {
        lookups += 1
        if let block = resident[key] {
            hits += 1
            guard !isUnlimited else { return true }
            if !order.isListOrder { order.withdraw(block) }
            _ = pool.claim(block)
            order.accessed(block, position: 0)
            putBack(block)
            return true
        }
        resident[key] = .null
        guard !isUnlimited else { return false }
        let block = takeBlock()
        resident[key] = block
        keys[block.index] = key
        order.inserted(block, key, position: 0)
        putBack(block)
        return false
    }

    private mutating func takeBlock() -> BlockID {
        guard let first = pool.free.first else {
            preconditionFailure("every block of a replay is free between accesses")
        }
        guard keys[first.index] != nil else {
            _ = pool.claim(first)
            return first
        }
        let victim = order.victim() ?? first
        if !order.isListOrder { order.withdraw(victim) }
        _ = pool.claim(victim)
        if let old = keys[victim.index] {
            order.removed(victim, old, evicted: true)
            resident[old] = nil
        }
        evictions += 1
        return victim
    }

    private mutating func putBack(_ block: BlockID) {
        _ = pool.drop(block)
        pool.free.append(block)
        order.freed(block)
        if !order.isListOrder { order.offer(block) }
    }
}

extension PrefixCacheReplay {
    /// Whether a block is there now; not an access.
    package func holds(_ key: UInt64) -> Bool {
        resident[BlockKey(high: 0, low: key)] != nil
    }
}
