extension PagedCache {
    /// Bytes of the arrays that grow with the blocks, without the token ids: what the bookkeeping
    /// of a block costs, times the blocks.
    package var bookkeepingBytes: Int {
        pool.bytes + index.bytes + order.bytes + (retention?.bytes ?? 0)
    }
}

/// Bytes of an array's elements.
private func bytes<Element>(_ array: [Element]) -> Int {
    array.count * MemoryLayout<Element>.stride
}

extension BlockPool {
    fileprivate var bytes: Int { KVCache.bytes(referenceCounts) + free.bytes }
}

extension FreeBlockList {
    fileprivate var bytes: Int { KVCache.bytes(previous) + KVCache.bytes(next) }
}

extension PrefixIndex {
    fileprivate var bytes: Int {
        KVCache.bytes(nodes) + KVCache.bytes(blocks) + KVCache.bytes(byKey)
            + KVCache.bytes(byToken)
    }
}

extension BlockHeap {
    /// The heap is counted as if it were full.
    var bytes: Int { 2 * KVCache.bytes(places) }
}

extension BlockRanks {
    var bytes: Int { KVCache.bytes(values) + KVCache.bytes(stamps) }
}

extension EvictionOrder {
    fileprivate var bytes: Int {
        ranks.bytes + KVCache.bytes(counts) + (queues?.bytes ?? candidates.bytes)
            + (adaptive?.bytes ?? 0)
    }
}

extension EvictionOrder {
    /// Bytes that do not grow with the blocks, beyond small caches.
    var fixedBytes: Int { adaptive?.monitor.bytes ?? 0 }
}

extension S3Queues {
    fileprivate var bytes: Int {
        small.bytes + main.bytes + KVCache.bytes(states) + ghosts.bytes
    }
}

extension GhostKeys {
    var bytes: Int { KVCache.bytes(ring) + KVCache.bytes(heads) + KVCache.bytes(next) }
}

extension RetentionQueue {
    fileprivate var bytes: Int { KVCache.bytes(durations) + deadlines.bytes + ends.bytes }
}
