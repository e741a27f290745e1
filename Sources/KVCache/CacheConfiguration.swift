/// How a cache reuses what it holds. None of it changes a token of an answer.
package struct CacheConfiguration: Hashable, Sendable {
    /// Whether blocks of finished requests can be hit.
    package var prefixCaching: Bool

    /// Which cached block is given up first.
    package var eviction: EvictionPolicy

    /// The seed of the keys; nil takes a random one, so that collisions cannot be prepared. Give
    /// one to compare keys between processes.
    package var seed: UInt64?

    /// The largest share of the blocks that may be pinned, from 0 to 1.
    package var pinnedShare: Double

    /// Whether stored and removed blocks are recorded for `takeEvents`.
    package var recordsEvents: Bool

    /// Blocks of the host tier; 0 means that there is none.
    package var hostSlots: Int

    /// What the host tier forgets first.
    package var hostPolicy = TierPolicy.lru

    /// How often a block must have been asked for to be stored in the host tier when it is given
    /// up; up to 1: always.
    package var storeThreshold = 1

    /// Records of the file tier, which takes what the host tier stores; 0 means that there is
    /// none.
    package var fileRecords = 0

    /// A configuration; the defaults are an LRU prefix cache without tiers.
    package init(
        prefixCaching: Bool = true, eviction: EvictionPolicy = .lru, seed: UInt64? = nil,
        pinnedShare: Double = 0.25, recordsEvents: Bool = false, hostSlots: Int = 0
    ) {
        self.prefixCaching = prefixCaching
        self.eviction = eviction
        self.seed = seed
        self.pinnedShare = pinnedShare
        self.recordsEvents = recordsEvents
        self.hostSlots = hostSlots
    }
}
