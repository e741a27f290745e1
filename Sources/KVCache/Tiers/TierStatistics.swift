/// What the tiers have done since the cache was made.
public struct TierStatistics: Hashable, Sendable {
    /// Blocks that were stored in the host tier.
    public var stored = 0
    /// Blocks that were loaded from the host tier.
    public var loaded = 0
    /// Blocks that were given up and not stored: the filter kept them out, or all slots were in
    /// use.
    public var skipped = 0
    /// Blocks that the host tier forgot to make room.
    public var evicted = 0
    /// Sequences that were swapped out.
    public var swappedOut = 0
    /// Swapped-out sequences that were brought back.
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

    /// Counters at zero.
    public init() {}
}
