/// How long a request wants its blocks to be kept under the `priority` policy: a priority for
/// ranges of the prompt and one for what is generated, each for a time or for ever.
///
/// The semantics are those of TensorRT-LLM's retention configuration: blocks of a lower priority go
/// first; a duration runs from the moment when the block has no reference left, and after it the
/// block has the default priority.
public struct RetentionPlan: Hashable, Sendable {
    /// A run of the prompt's tokens.
    public struct Range: Hashable, Sendable {
        /// The first position.
        public var start: Int

        /// The position after the last one; nil for the end of the prompt.
        public var end: Int?

        /// From 0 (goes first) to 100.
        public var priority: Int

        /// How long the priority holds after the block's last use; nil for ever.
        public var duration: Duration?

        /// A range.
        public init(start: Int, end: Int? = nil, priority: Int, duration: Duration? = nil) {
            self.start = start
            self.end = end
            self.priority = priority
            self.duration = duration
        }
    }

    /// The priority of blocks that were given none.
    public static let defaultPriority = 35

    /// Ascending ranges that do not overlap.
    public let ranges: [Range]

    /// The priority of blocks that begin with a generated token.
    public let decodePriority: Int

    /// How long it holds; nil for ever.
    public let decodeDuration: Duration?

    /// Where the prompt ends.
    public let promptTokens: Int

    /// Keeps ranges of the prompt, and what is generated, with the given priorities.
    ///
    /// - Throws: `KVCacheError.invalidConfiguration` when a priority is not within `0...100`, or
    ///   ranges are empty, out of order or overlap.
    public init(
        ranges: [Range], promptTokens: Int, decodePriority: Int = RetentionPlan.defaultPriority,
        decodeDuration: Duration? = nil
    ) throws(KVCacheError) {
        var reached = 0
        for range in ranges {
            try Self.check(priority: range.priority)
            let end = range.end ?? Int.max
            guard range.start >= reached, end > range.start else {
                throw KVCacheError(
                    .invalidConfiguration,
                    "the retention range from \(range.start) to \(end) is empty, out of order or "
                        + "overlaps the one before it; give ascending ranges that do not overlap")
            }
            reached = end
        }
        try Self.check(priority: decodePriority)
        self.ranges = ranges
        self.promptTokens = promptTokens
        self.decodePriority = decodePriority
        self.decodeDuration = decodeDuration
    }

    /// What a block keeps whose first token stands at `position`.
    ///
    /// - Complexity: O(ranges).
    public func retention(at position: Int) -> (priority: Int, duration: Duration?) {
        guard position < promptTokens else { return (decodePriority, decodeDuration) }
        for range in ranges where position >= range.start && position < range.end ?? Int.max {
            return (range.priority, range.duration)
        }
        return (Self.defaultPriority, nil)
    }

    private static func check(priority: Int) throws(KVCacheError) {
        guard (0...100).contains(priority) else {
            throw KVCacheError(
                .invalidConfiguration,
                "the retention priority \(priority) must be between 0 and 100")
        }
    }
}
