/// The tiers below a cache: what they hold, and what the step being planned moves.
///
/// ```
///   device blocks  --- evicted: store --->  host slots  --- written through --->  file records
///                  <-- adopted: load ----               <-- fetched beforehand --
/// ```
///
/// A node of the prefix index is held for each host slot that has it, and for as long as the file
/// knows it, so that a tier's key always means the same tokens.
struct TierState: Sendable {
    var host: TierSlots
    var filter: ReuseFilter
    var file: FileTier?

    /// Keys whose stores are transfers of the step being planned or run.
    var storing: [TierKey] = []

    /// Keys whose loads are such transfers; each was pinned once for it.
    var loading: [TierKey] = []

    /// Sequences that were swapped out.
    var swapped: [SwapID: SwappedSequence] = [:]

    /// Numbers of private keys and of swaps, given once each.
    var nextNumber: UInt64 = 0

    var statistics = TierStatistics()

    init?(_ configuration: CacheConfiguration) {
        guard configuration.hostSlots > 0 else { return nil }
        host = TierSlots(capacity: configuration.hostSlots, policy: configuration.hostPolicy)
        filter = ReuseFilter(threshold: configuration.storeThreshold)
        let records = configuration.prefixCaching ? configuration.fileRecords : 0
        file = records > 0 ? FileTier(capacity: records) : nil
    }

    mutating func makeNumber() -> UInt64 {
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// Holds of prefix nodes.
    var holdCount: Int {
        host.entries.keys.count { !$0.isPrivate } + (file?.nodes.count ?? 0)
            + swapped.values.count { $0.tip != .none }
    }

    /// Whether pages are moving or kept for somebody.
    var isBusy: Bool {
        !storing.isEmpty || !loading.isEmpty || !swapped.isEmpty || file?.isBusy ?? false
    }
}

/// What the tiers have done since the cache was made.
public struct TierStatistics: Hashable, Sendable {
    /// Blocks that were stored in the host tier.
    public var stored = 0
    /// Blocks that were loaded from it.
    public var loaded = 0
    /// Blocks that were given up and not stored: the filter kept them out, or all slots were in
    /// use.
    public var skipped = 0
    /// Blocks that the host tier forgot to make room.
    public var evicted = 0
    /// Sequences that were swapped out.
    public var swappedOut = 0
    /// Of them, sequences that came back.
    public var swappedIn = 0
    /// Blocks that were written to the file.
    public var written = 0
    /// Blocks that were to be written and were not: the disk was too slow, full or broken.
    public var unwritten = 0
    /// Blocks that were fetched from the file.
    public var fetched = 0
    /// Blocks that were to be fetched and proved damaged or unreadable: they are computed instead.
    public var unreadable = 0

    /// Host slots that hold a block.
    public var hostUsed = 0
    /// Host slots whose block is being moved or kept for a sequence that was swapped out.
    public var hostPinned = 0
    /// Records of the file that hold a block.
    public var fileUsed = 0

    /// Nothing yet.
    public init() {}
}

extension TierKey {
    /// Names a block of a node.
    init(_ node: PrefixNode, group: Int) {
        self.init(node: UInt64(node.rawValue), group: group)
    }

    /// The node, unless the key is private.
    var node: PrefixNode {
        isPrivate ? .none : PrefixNode(rawValue: UInt32(truncatingIfNeeded: number))
    }
}
