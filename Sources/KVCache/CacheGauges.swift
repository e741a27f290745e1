/// What the blocks of a cache are doing: `used + cached + free + 1 == blockCount` at any moment,
/// the one being the null block.
public struct CacheGauges: Hashable, Sendable {
    /// Referenced blocks: by a sequence, a pin, or a copy of the step in flight.
    public var used: Int

    /// Unreferenced blocks whose content can still be hit, until they are evicted.
    public var cached: Int

    /// Blocks that hold nothing.
    public var free: Int

    /// Blocks that pins hold; they are among the used ones.
    public var pinned: Int

    /// Gauges.
    public init(used: Int, cached: Int, free: Int, pinned: Int = 0) {
        self.used = used
        self.cached = cached
        self.free = free
        self.pinned = pinned
    }

    /// Blocks that can be allocated now.
    public var allocatable: Int { cached + free }
}
