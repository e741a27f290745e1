/// Says which blocks have been asked for often enough to be worth a place in a tier.
///
/// It counts lookups by content, of the contents that were asked for last: a bounded tracker, so
/// that an endless stream of new prompts takes no memory.
package struct ReuseFilter: Sendable {
    /// How often a block must have been asked for.
    package let threshold: Int

    /// Contents that are counted.
    package let trackedKeys: Int

    private var counts: [BlockKey: Int] = [:]
    private var order = KeyList<BlockKey>()

    /// A filter that has seen nothing. With a threshold below 2 it lets everything pass and
    /// counts nothing.
    package init(threshold: Int, trackedKeys: Int = KVCacheLimits.trackedKeys) {
        precondition(trackedKeys >= 1, "a tracker of no keys")
        self.threshold = threshold
        self.trackedKeys = trackedKeys
    }

    /// Counts a lookup of a block. O(1).
    package mutating func note(_ key: BlockKey) {
        guard threshold >= 2 else { return }
        if !order.moveToEnd(key) {
            if order.count >= trackedKeys, let oldest = order.removeFirst() {
                counts[oldest] = nil
            }
            order.append(key)
        }
        counts[key, default: 0] += 1
    }

    /// Whether a block has been asked for often enough. O(1).
    package func allows(_ key: BlockKey) -> Bool {
        threshold < 2 || counts[key, default: 0] >= threshold
    }
}
