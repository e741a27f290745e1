package import KVCache
package import QuireIdentifiers

// What the driver of the scheduler may do with its cache between steps.

extension Scheduler {
    /// What has changed in the cache since the last call, when its configuration records events.
    package mutating func takeCacheEvents() -> [KVEvent] {
        cache.takeEvents()
    }

    /// Keeps the cached blocks of a prefix: `PagedCache.pin`.
    package mutating func pin(
        _ tokens: [TokenID], scope: PrefixScope = .shared, for duration: Duration? = nil,
        now: Duration
    ) throws(KVCacheError) -> (id: PinID, tokens: Int) {
        try cache.pin(tokens, scope: scope, for: duration, now: now, sparing: promisedBlocks)
    }

    /// Gives back what a step that failed was to copy for requests that were cancelled since. After
    /// `abandon` and the cancellations.
    package mutating func dropOrphanedCopies() {
        precondition(inFlight.isEmpty, "copies are given back between steps")
        cache.dropOrphanedCopies()
    }

    /// Ends a pin; false when there is none of this name any more.
    package mutating func unpin(_ id: PinID) -> Bool {
        cache.unpin(id)
    }
}
