/// Replays uses of blocks through an eviction policy: the hits that a cache of a given size would
/// have on a trace whose prefixes are given as numbers.
///
/// It runs the pool and the policies of the cache itself, over entries of one block each that
/// continue nothing and are equally dear to compute. Blocks are accessed one by one, or held while a request runs:
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

    /// Lookups by `access` so far.
    package private(set) var lookups = 0

    /// Lookups by `access` that found their block.
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
    /// - Complexity: O(log capacity).
    package mutating func pin(_ key: BlockKey) -> Bool {
        guard let block = resident[key] else { return false }
        guard !isUnlimited else { return true }
        if pool.claim(block), !order.isListOrder { order.withdraw(block) }
        order.accessed(block, position: 0)
        return true
    }

    /// Stores a block that is not there and holds it; false when all blocks are held.
    ///
    /// - Complexity: O(log capacity).
    package mutating func insert(_ key: BlockKey) -> Bool {
        precondition(resident[key] == nil, "a block is stored twice")
        guard !isUnlimited else {
            resident[key] = .null
            return true
        }
        guard let block = takeBlock() else { return false }
        resident[key] = block
        keys[block.index] = key
        order.inserted(block, key, position: 0)
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
        order.freed(block)
        if !order.isListOrder { order.offer(block) }
    }

    private mutating func takeBlock() -> BlockID? {
        guard let first = pool.free.first else { return nil }
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
}

extension PrefixCacheReplay {
    /// Whether a block is there now; not a use of it.
    package func holds(_ key: UInt64) -> Bool {
        holds(BlockKey(high: 0, low: key))
    }
}
