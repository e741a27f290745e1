import KVCache

/// A use of a block in a replay.
struct BlockUse {
    /// The block's number in its trace.
    let block: Int
    /// The id that the trace gives it.
    let id: UInt64
    /// The id of the block before it in its prompt; nil for the first.
    let parent: UInt64?
    /// Whether its prompt ends in it and does not fill it.
    let isPartial: Bool
    /// Blocks before it in its prompt.
    let position: Int
    /// The place of the use among all of the trace.
    let place: Int
}

/// A cache of single blocks, as a replay drives it.
protocol ReplayedCache {
    /// Whether a block is there; not a use of it.
    func holds(_ use: BlockUse) -> Bool

    /// Holds a block that is there until it is released, which is a use of it.
    mutating func pin(_ use: BlockUse)

    /// Stores a block that is not there, and holds it; false when all blocks are held.
    mutating func insert(_ use: BlockUse) -> Bool

    /// Takes back one hold.
    mutating func release(_ use: BlockUse)
}

/// The engine's own pool and policies. All blocks are equally dear to compute.
struct EngineCache: ReplayedCache {
    private var replay: PrefixCacheReplay

    /// - Parameter keepsPrefixes: whether no block is given up while one that continues it is there
    ///   (`ReplayPolicy.keepsPrefixes`).
    init(policy: EvictionPolicy, capacity: Int, keepsPrefixes: Bool) {
        replay = PrefixCacheReplay(
            capacity: capacity, policy: policy, keepsPrefixes: keepsPrefixes)
    }

    private func key(_ use: BlockUse) -> BlockKey { BlockKey(high: 0, low: use.id) }

    private func parent(_ use: BlockUse) -> BlockKey? {
        use.parent.map { BlockKey(high: 0, low: $0) }
    }

    func holds(_ use: BlockUse) -> Bool { replay.holds(key(use)) }

    mutating func pin(_ use: BlockUse) {
        let isThere = replay.pin(
            key(use), after: parent(use), isPartial: use.isPartial)
        precondition(isThere, "a block that is not there is held")
    }

    mutating func insert(_ use: BlockUse) -> Bool {
        replay.insert(key(use), after: parent(use), isPartial: use.isPartial)
    }

    mutating func release(_ use: BlockUse) { replay.release(key(use)) }
}
