/// The ends of retention priorities that have an end.
///
/// A duration runs while its block is unreferenced: it is started when the block is freed and
/// cancelled when it is claimed.
struct RetentionQueue: Sendable {
    /// In milliseconds; 0 for no end. Longer than 49 days is 49 days.
    private(set) var durations: [UInt32]
    private(set) var deadlines: BlockRanks
    private(set) var ends: BlockHeap

    init(blockCount: Int) {
        durations = Array(repeating: 0, count: blockCount)
        deadlines = BlockRanks(blockCount: blockCount, withStamps: false)
        ends = BlockHeap(blockCount: blockCount)
    }

    mutating func set(_ block: BlockID, _ duration: Duration?) {
        cancel(block)
        durations[block.index] = duration.map { UInt32(clamping: max(1, milliseconds($0))) } ?? 0
    }

    mutating func start(_ block: BlockID, now: Duration) {
        guard durations[block.index] > 0 else { return }
        cancel(block)
        deadlines.values[block.index] =
            UInt64(clamping: milliseconds(now)) + UInt64(durations[block.index])
        ends.insert(block, deadlines)
    }

    mutating func cancel(_ block: BlockID) {
        if ends.contains(block) { ends.remove(block, deadlines) }
    }

    /// The next block whose time is over, taken out.
    mutating func popExpired(now: Duration) -> BlockID? {
        guard let block = ends.first,
            deadlines.values[block.index] <= UInt64(clamping: milliseconds(now))
        else { return nil }
        ends.remove(block, deadlines)
        durations[block.index] = 0
        return block
    }

    private func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        // So long a time never comes, and its milliseconds are still a number.
        let bounded = min(max(seconds, -(1 << 50)), 1 << 50)
        return bounded * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
