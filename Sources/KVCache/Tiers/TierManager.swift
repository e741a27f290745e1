/// The tiers below a cache: what they hold, and what is under way between them.
///
/// ```
///   device blocks  --- evicted: store --->  host slots  --- written through --->  file records
///                  <-- adopted: load ----               <-- fetched beforehand --
/// ```
///
/// Each transfer has a ticket, handed out when it begins and handed back when it ends: a store or a
/// load with the step that makes it, an operation of the file tier by the thread that did it, a
/// swap when its sequence comes back.
///
/// A node of the prefix index is held for each host slot that has it, and for as long as the file
/// knows it, so that a tier's key always means the same tokens. The index and the log of events
/// are the cache's, lent for a call.
struct TierManager: Sendable {
    /// A store or a load of a step.
    enum StepMove: Hashable, Sendable {
        /// The key's slot is pending.
        case store(TierKey)
        /// The key's slot is pinned.
        case load(TierKey)
    }

    var host: TierSlots
    var filter: ReuseFilter
    var file: FileTier?

    /// Stores and loads of the step being planned, and of the step that runs.
    var moves = TicketTable<StepMove>()

    /// Sequences that were swapped out.
    var swapped = TicketTable<SwappedSequence>()

    /// Swapped sequences whose pages are stored by the step that is planned or runs.
    var storingSwaps: [SwapID] = []

    /// Numbers of private keys, given once each.
    private var nextNumber: UInt64 = 0

    var statistics = TierStatistics()

    init?(_ configuration: CacheConfiguration) {
        guard configuration.hostSlots > 0 else { return nil }
        host = TierSlots(capacity: configuration.hostSlots, policy: configuration.hostPolicy)
        filter = ReuseFilter(threshold: configuration.storeThreshold)
        let records = configuration.prefixCaching ? configuration.fileRecords : 0
        file = records > 0 ? FileTier(capacity: records) : nil
    }

    /// A key for a block that only one request can use.
    mutating func makePrivateKey(group: Int) -> TierKey {
        defer { nextNumber += 1 }
        return TierKey(private: nextNumber, group: group)
    }

    /// Whether a block can be loaded from the host tier, or, if that is asked, read from the file.
    func holds(_ key: TierKey, file asksFile: Bool) -> Bool {
        host.lookup(key) == .hit || asksFile && file?.records.lookup(key) == .hit
    }

    /// What the tiers have done, and what they hold.
    var currentStatistics: TierStatistics {
        var statistics = self.statistics
        statistics.hostUsed = host.usedCount
        statistics.hostPinned = host.pinnedCount
        statistics.fileUsed = file?.records.usedCount ?? 0
        return statistics
    }

    /// Holds of prefix nodes.
    var holdCount: Int {
        host.entries.keys.count { !$0.isPrivate } + (file?.nodes.count ?? 0)
            + swapped.values.count { $0.tip != .none }
    }

    /// Whether pages are moving, or kept for a sequence that was swapped out.
    var isBusy: Bool { !moves.isEmpty || !swapped.isEmpty || file?.isBusy ?? false }

    /// Forgets all that the tiers hold. Only when nothing of it is in use.
    mutating func reset(_ index: inout PrefixIndex) {
        let keys = host.keys.filter { !$0.isPrivate }
        host.removeAll()
        for key in keys { index.unhold(key) }
        resetFile(&index)
    }
}

extension PrefixIndex {
    /// Keeps a key's node alive; a private key has none.
    mutating func hold(_ key: TierKey) {
        if !key.isPrivate { hold(key.node) }
    }

    /// Lets go of a key's node.
    mutating func unhold(_ key: TierKey) {
        if !key.isPrivate { unhold(key.node) }
    }
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
