/// The state of an eviction policy: which of the cached blocks that may go now goes next.
///
/// Told what happens to blocks, it answers `victim()`. The `lru` policy keeps nothing here: the
/// order of the free list is its answer. The others keep a heap of *candidates*, the unreferenced
/// blocks that no cached block continues; the cache offers and withdraws them.
///
/// ```
/// unknown --inserted--> held --freed--> waiting <--offer / withdraw--> candidate
///    ^------------------ removed, from any state ---------------------------'
/// ```
struct EvictionOrder: Sendable {
    let policy: EvictionPolicy
    var ranks: BlockRanks
    private(set) var candidates: BlockHeap
    private(set) var counts: [UInt32]
    /// Advances with everything that is ordered by time.
    private var clock: UInt64 = 0
    /// The value of the last block that was given up (`cost`): what newcomers start from.
    private var inflation = 0.0
    var queues: S3Queues?
    private(set) var adaptive: AdaptiveOrder?

    /// A policy's state over the blocks below `blockCount`.
    init(policy: EvictionPolicy, blockCount: Int) {
        self.policy = policy
        let hasRanks = policy != .lru && policy != .adaptive
        let count = hasRanks ? blockCount : 0
        let isTimed = policy == .lfu || policy == .cost
        ranks = BlockRanks(blockCount: count, withStamps: isTimed)
        candidates = BlockHeap(blockCount: policy == .s3fifo ? 0 : count)
        counts = Array(repeating: 0, count: policy == .cost ? count : 0)
        queues = policy == .s3fifo ? S3Queues(blockCount: count) : nil
        adaptive = policy == .adaptive ? AdaptiveOrder(blockCount: blockCount) : nil
    }

    /// Whether the free list's own order decides.
    var isListOrder: Bool { policy == .lru }

    /// Whether it wants to know the blocks that others continue, and keys of blocks that are freed.
    var asksForParents: Bool { policy == .adaptive }

    private mutating func tick() -> UInt64 {
        clock += 1
        return clock
    }

    /// A block is registered.
    mutating func inserted(_ block: BlockID, _ use: BlockUse) {
        switch policy.kind {
        case .lru: break
        case .lfu: ranks.values[block.index] = 1
        case .fifo: ranks.values[block.index] = tick()
        case .s3fifo:
            ranks.values[block.index] = tick()
            queues?.inserted(block, use.key)
        case .cost:
            counts[block.index] = 1
            revalue(block, position: use.position)
        case .priority: rank(block, RetentionPlan.defaultPriority)
        case .adaptive: adaptive?.inserted(block, use)
        }
    }

    /// A registered block that is no candidate now is used again.
    mutating func accessed(_ block: BlockID, _ use: BlockUse) {
        switch policy.kind {
        case .lru, .fifo, .priority: break
        case .lfu: ranks.values[block.index] += 1
        case .s3fifo: queues?.accessed(block)
        case .cost:
            counts[block.index] &+= 1
            revalue(block, position: use.position)
        case .adaptive: adaptive?.accessed(block, use)
        }
    }

    /// Greedy dual: what was given up last, plus uses times the cost of one.
    private mutating func revalue(_ block: BlockID, position: Int) {
        let cost = 1 + Double(position) / Double(KVCacheLimits.costDoublingPosition)
        let value = inflation + Double(counts[block.index]) * cost
        // The bit patterns of positive numbers are in their order.
        ranks.values[block.index] = value.bitPattern
    }

    /// A registered block has lost its last reference.
    mutating func freed(_ block: BlockID, _ key: BlockKey) {
        adaptive?.freed(block)
        if policy == .priority { rank(block, Int(ranks.values[block.index] >> Self.timeBits)) }
        guard !ranks.stamps.isEmpty else { return }
        ranks.stamps[block.index] = tick()
    }

    /// Priority and time share one number: 8 bytes a block less.
    private mutating func rank(_ block: BlockID, _ priority: Int) {
        ranks.values[block.index] = UInt64(priority) << Self.timeBits | tick()
    }

    private static let timeBits: UInt64 = 56

    /// A block becomes a candidate.
    mutating func offer(_ block: BlockID) {
        if adaptive != nil {
            adaptive?.offer(block)
        } else if queues != nil {
            queues?.offer(block, ranks)
        } else {
            candidates.insert(block, ranks)
        }
    }

    /// A block is no longer a candidate.
    mutating func withdraw(_ block: BlockID) {
        if adaptive != nil {
            adaptive?.withdraw(block)
        } else if queues != nil {
            queues?.withdraw(block, ranks)
        } else {
            candidates.remove(block, ranks)
        }
    }

    func isCandidate(_ block: BlockID) -> Bool {
        if let adaptive { return adaptive.candidates.contains(block) }
        return queues?.contains(block) ?? candidates.contains(block)
    }

    /// A block that is no candidate is no longer registered.
    ///
    /// - Parameter evicted: it was given up for another, rather than forgotten.
    mutating func removed(_ block: BlockID, _ key: BlockKey, evicted: Bool) {
        if policy == .cost, evicted {
            inflation = max(inflation, Double(bitPattern: ranks.values[block.index]))
        }
        queues?.removed(block, key, evicted: evicted)
        adaptive?.removed(block, key, evicted: evicted)
    }

    /// The candidate that goes next; nil when there is none, or when the free list decides.
    mutating func victim() -> BlockID? {
        if let adaptive { return adaptive.victim() }
        guard queues != nil else { return candidates.first }
        while true {
            switch queues?.choose() {
            case .evict(let block): return block
            case .again(let block):
                queues?.withdraw(block, ranks)
                ranks.values[block.index] = tick()
                queues?.spare(block, ranks)
            case nil: return nil
            }
        }
    }

    /// Gives a block a retention priority (`priority`), behind all others of it; it may be a
    /// candidate.
    mutating func setPriority(_ block: BlockID, _ priority: Int) {
        let waits = isCandidate(block)
        if waits { withdraw(block) }
        rank(block, priority)
        if waits { offer(block) }
    }

    func checkInvariants() {
        adaptive?.checkInvariants()
        if let queues { queues.checkInvariants(ranks) } else { candidates.checkInvariants(ranks) }
    }
}

/// What a policy hears of a use of a block.
struct BlockUse {
    /// The name of its content, and of its cache group.
    var key: BlockKey
    /// The position of its first token.
    var position = 0
    /// The block that it continues, if that is registered; else the null block.
    var parent = BlockID.null
    /// Whether it holds fewer tokens than others: its prompt ends in it. The cache itself registers
    /// full blocks only; traces have such.
    var isPartial = false
}
