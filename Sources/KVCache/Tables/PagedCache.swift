/// The blocks of a KV cache: which sequence holds which, and what can be hit.
///
/// ```swift
/// var keys = PrefixKeys()
/// var sequence = cache.makeSequence(reserving: 512)
/// let match = cache.match(&keys, tokens: prompt, limit: prompt.count - 1)
/// guard cache.adopt(match, &sequence, tokens: chunkEnd) else { ... }      // nothing has changed
/// cache.commit(&sequence, &keys, tokens: prompt, upTo: chunkEnd)          // when planned
/// cache.takeTransfers(into: &step.transfers)                              // copies, for the step
/// // ... the step runs ...
/// cache.settle()                                                          // or abandonPending()
/// cache.release(&sequence)                                                // stays cached
/// ```
///
/// Pure bookkeeping: it decides which block holds which tokens, and knows no bytes. A value type,
/// so that a test may copy a state and try every continuation.
package struct PagedCache: Sendable {
    /// The cache's groups, block size and number of blocks.
    package let layout: CacheLayout

    /// How blocks are reused, and which tiers there are.
    package let configuration: CacheConfiguration

    /// Reference counts and the free list.
    package var pool: BlockPool

    /// The cached prefixes, and the blocks that hold them.
    package internal(set) var index: PrefixIndex

    /// Which cached block is evicted next.
    var order: EvictionOrder

    /// Under the `priority` policy, when priorities end.
    var retention: RetentionQueue?

    /// The tiers below the cache, if there are any.
    var tiers: TierManager?

    let hasher: KeyHasher

    /// Blocks that could be hit and were given up for others, so far.
    package internal(set) var evictions = 0

    /// Free blocks that are registered.
    var cachedCount = 0

    /// Blocks committed for the step being planned; some may be gone since.
    var pending: [BlockID] = []

    /// How many steps have failed.
    var epoch: UInt64 = 0

    /// Transfers of the step being planned, and of the step that runs.
    var transfers = StepTransfers()

    var pins: [PinRecord] = []
    var nextPin: UInt64 = 0
    var events: KVEventLog

    /// The time of the last `refresh(now:)`.
    var now = Duration.zero

    /// A cache in which every block is free.
    ///
    /// - Complexity: O(blocks x block size).
    package init(layout: CacheLayout, configuration: CacheConfiguration = CacheConfiguration()) {
        self.init(layout: layout, configuration: configuration, keyBits: 64)
    }

    /// - Parameter keyBits: how much of each half of a key is kept; 0 makes all keys equal, which
    ///   must change no answer.
    package init(layout: CacheLayout, configuration: CacheConfiguration, keyBits: Int) {
        self.layout = layout
        self.configuration = configuration
        precondition(layout.groups.count <= KVCacheLimits.maxGroups, "too many cache groups")
        precondition(configuration.hostSlots >= 0, "a negative number of host slots")
        precondition(
            configuration.fileRecords == 0 || configuration.hostSlots > 0,
            "a file tier needs host slots")
        pool = BlockPool(blockCount: layout.blockCount)
        let caches = configuration.prefixCaching
        index = PrefixIndex(
            blocks: layout.blockCount,
            nodes: caches
                ? layout.blockCount + configuration.hostSlots + configuration.fileRecords : 0,
            blockSize: layout.blockSize)
        let policy = caches ? configuration.eviction : .lru
        order = EvictionOrder(policy: policy, blockCount: layout.blockCount)
        retention = policy == .priority ? RetentionQueue(blockCount: layout.blockCount) : nil
        tiers = TierManager(configuration)
        events = KVEventLog(isOn: configuration.recordsEvents)
        hasher = KeyHasher(
            seed: configuration.seed ?? UInt64.random(in: 0 ... .max), bits: keyBits)
    }

    /// Tables without blocks for a new sequence.
    ///
    /// - Parameters:
    ///   - tokens: makes room in the tables, so that growing to so many allocates no memory.
    ///   - retention: what its blocks are kept for under the `priority` policy.
    package func makeSequence(
        reserving tokens: Int = 0, retention: RetentionPlan? = nil
    ) -> SequenceBlocks {
        var sequence = SequenceBlocks(groups: layout.groups.count)
        sequence.retention = retention
        let entries = ceilDivide(max(0, tokens), layout.blockSize)
        for group in sequence.tables.indices where entries > 0 {
            sequence.tables[group].blocks.reserveCapacity(entries)
        }
        return sequence
    }

    /// What the blocks are doing.
    package var gauges: CacheGauges {
        CacheGauges(
            used: pool.usedCount, cached: cachedCount, free: pool.freeCount - cachedCount,
            pinned: pinnedCount)
    }

    /// Whether a block has content that can be hit.
    package func isCached(_ block: BlockID) -> Bool { index.isRegistered(block) }
}
