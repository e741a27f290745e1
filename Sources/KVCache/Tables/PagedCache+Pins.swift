package import QuireIdentifiers

/// A prefix that is kept whatever else needs its blocks.
public struct PinID: Hashable, Sendable {
    /// A number that no other pin of the cache has.
    public let rawValue: UInt64

    init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

struct PinRecord: Sendable {
    let id: PinID
    let tokens: Int
    let deadline: Duration?
    /// A pin holds its blocks as a sequence does: no allocation can reach them, and no count of
    /// free blocks includes them.
    var blocks: SequenceBlocks
}

extension PagedCache {
    /// Keeps the cached blocks of a prefix until `unpin`, or until a time has passed.
    ///
    /// - Parameters:
    ///   - tokens: the prefix; its whole blocks that are cached are pinned.
    ///   - scope: what it is cached within.
    ///   - duration: how long; nil for ever. `refresh(now:)` ends it.
    ///   - now: the caller's clock.
    ///   - promised: free blocks that sequences were promised.
    /// - Returns: the pin, and how many tokens it keeps.
    /// - Throws: `KVCacheError.notCached` when not one whole block of the prefix is cached,
    ///   `.pinLimit` when more than the configuration's share of the blocks would be pinned, or so
    ///   many that the longest sequence would not fit beside them, or what was promised.
    package mutating func pin(
        _ tokens: [TokenID], scope: PrefixScope = .shared, for duration: Duration? = nil,
        now: Duration, sparing promised: Int = 0
    ) throws(KVCacheError) -> (id: PinID, tokens: Int) {
        // Where nothing runs, nobody else ends those whose time is over.
        refresh(now: now)
        var keys = PrefixKeys(scope: scope)
        var found = match(&keys, tokens: tokens, limit: tokens.count)
        // Once more, so that nothing is counted for a block that the prefix ends in.
        found = match(&keys, tokens: tokens, limit: found.fullBlocks * layout.blockSize)
        guard found.fullBlocks > 0 else {
            throw KVCacheError(
                .notCached,
                "nothing of the prefix is cached; send it once as a prompt of at least "
                    + "\(layout.blockSize) tokens, then pin it")
        }
        let wanted = layout.groups.indices.reduce(0) {
            $0 + found.fullBlocks - firstNeeded($1, at: found.tokens)
        }
        let allowed = mayBePinned
        guard pinnedCount + wanted <= allowed else {
            throw KVCacheError(
                .pinLimit,
                "the prefix has \(wanted) blocks, \(pinnedCount) are pinned and \(allowed) may be; "
                    + "unpin another prefix or raise the share of blocks that may be pinned")
        }
        // What was free is held by it, and what left a window no longer goes back.
        let taken = found.evictableHits + found.soleWindowHits
        guard promised == 0 || taken + promised <= pool.freeCount else {
            throw KVCacheError(
                .pinLimit,
                "requests that run were promised the blocks that the prefix would keep; try again "
                    + "later")
        }
        var blocks = makeSequence()
        // Sharing takes no blocks; what is in the host tier must be loaded.
        guard adopt(found, &blocks, tokens: found.tokens) else {
            throw KVCacheError(
                .pinLimit, "too few blocks are free to bring the prefix back; try again later")
        }
        let id = PinID(nextPin)
        nextPin += 1
        pins.append(
            PinRecord(
                id: id, tokens: found.tokens, deadline: duration.map { now + $0 }, blocks: blocks))
        return (id, found.tokens)
    }

    /// Ends a pin; false when there is none of this name. Its blocks stay cached like any others.
    package mutating func unpin(_ id: PinID) -> Bool {
        guard let place = pins.firstIndex(where: { $0.id == id }) else { return false }
        var pin = pins.remove(at: place)
        release(&pin.blocks)
        return true
    }

    /// Tells the time: ends what was kept until now (retention priorities, pins). Once a step.
    ///
    /// - Complexity: O(pins + what ends x log blocks).
    package mutating func refresh(now: Duration) {
        self.now = now
        while let block = retention?.popExpired(now: now) {
            order.setPriority(block, RetentionPlan.defaultPriority)
        }
        for pin in pins {
            if let deadline = pin.deadline, deadline <= now { _ = unpin(pin.id) }
        }
    }

    /// Blocks that may be pinned: the configuration's share, and never so many that the longest
    /// sequence would not fit beside them and wait for ever.
    var mayBePinned: Int {
        let share = Int(Double(layout.capacity) * configuration.pinnedShare)
        let longest = layout.peakBlocks(tokens: layout.maxModelLength, chunk: layout.maxChunk)
        return max(0, min(share, layout.capacity - longest))
    }

    /// Blocks that pins hold; one that two pins hold counts twice.
    var pinnedCount: Int { pins.reduce(0) { $0 + $1.blocks.liveCount } }
}
