package import KVCache

extension Scheduler {
    /// Work of the file tier to be begun: reads after a plan, writes after a step.
    package mutating func takeTierWork() -> [TierOperation] { cache.takeOperations() }

    /// Learns what the file tier has done. Between steps.
    package mutating func completeTierWork(_ completions: [TierCompletion]) {
        precondition(inFlight.isEmpty, "tiers are told of between steps")
        cache.complete(completions)
    }

    /// Whether the file tier has work that is not complete.
    package var awaitsTierWork: Bool { cache.isMovingFiles }

    /// Takes over what the file of an earlier process holds; see `PagedCache.restore`.
    @discardableResult
    package mutating func restorePrefixCache(_ records: [Int: TierRecord]) -> Int {
        cache.restore(records)
    }

    /// Begins to write what is cached to the file; see `PagedCache.save`.
    ///
    /// - Precondition: no request waits or runs.
    package mutating func savePrefixCache() -> [TierOperation] {
        precondition(isIdle, "the prefix cache is saved when nothing runs")
        return cache.save()
    }
}
