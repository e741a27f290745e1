import DequeModule
package import KVCache
package import QuireIdentifiers

extension Scheduler {
    /// Removes a request wherever it is and frees its blocks; full ones stay cached. False when
    /// there is no such request.
    ///
    /// Between steps only: the blocks of a step in flight are being written.
    ///
    /// - Complexity: O(blocks + requests in its lane or batch).
    package mutating func cancel(_ id: SequenceID) -> Bool {
        precondition(inFlight.isEmpty, "a request is cancelled between steps")
        guard let slot = table.slot(of: id) else { return false }
        end(slot, .cancelled)
        return true
    }

    /// Forgets all that is cached.
    ///
    /// - Parameter preemptRunning: makes running requests wait again, in the order of the queue,
    ///   since referenced blocks cannot be forgotten.
    /// - Returns: false, and nothing has changed, when requests run and must not be preempted or
    ///   a tier's transfer holds blocks.
    package mutating func resetPrefixCache(preemptRunning: Bool) -> Bool {
        precondition(inFlight.isEmpty, "the cache is reset between steps")
        guard batch.isEmpty && held.isEmpty || preemptRunning else { return false }
        while dropHeld(.reset) {}
        for slot in batch.reversed() { preempt(slot, .reset) }
        for slot in lanes.joined() { dropSwap(slot) }
        // What a step that failed was to copy for them.
        cache.dropOrphanedCopies()
        return cache.reset()
    }

    /// Why the request has no tokens in the step that was planned last; nil when it has some, or
    /// when there is no such request.
    ///
    /// - Complexity: O(1).
    package func waitReason(of id: SequenceID) -> WaitReason? {
        guard let slot = table.slot(of: id) else { return nil }
        let state = table.states[slot]
        guard state.phase == .waiting else { return state.reason }
        if state.serial >= step.firstUnseen { return .arrived }
        if state.consideredStep == step.number, let reason = state.reason { return reason }
        switch step.stop {
        case .budget?, .slots?, .batch?: return step.stop
        default: return state.lane == step.lane ? .order : .fairness
        }
    }

    /// Where a request is and how many of its tokens are in the cache; nil when there is no such
    /// request.
    ///
    /// - Complexity: O(1).
    package func place(of id: SequenceID) -> (phase: RequestState.Phase, computed: Int)? {
        guard let slot = table.slot(of: id) else { return nil }
        return (table.states[slot].phase, table.states[slot].computed)
    }

    // Mutating, though nothing changes: of a scheduler in an object, whatever is asked of it else
    // is asked of a copy, which takes longer than the answer.

    /// As `statistics`.
    package mutating func countsNow() -> SchedulerStatistics { statistics }

    /// Requests that wait, requests that run or are held, and what the blocks are doing. O(1).
    package mutating func loadNow() -> (waiting: Int, running: Int, gauges: CacheGauges) {
        (waitingCount, batch.count + held.count, cache.gauges)
    }

    /// Whether a request that waits has its pages in the host tier.
    package func isSwapped(_ id: SequenceID) -> Bool {
        table.slot(of: id).map { table.states[$0].swap != nil } ?? false
    }

    /// What each tenant has on account under the `fair` order, in the order of their first
    /// requests; false, and the list is empty, under another order. O(tenants).
    package mutating func fairStatements(into list: inout [FairStatement]) -> Bool {
        list.removeAll(keepingCapacity: true)
        guard let fair = order as? FairOrder else { return false }
        fair.statements(waiting: laneCounts, into: &list)
        return true
    }

    /// Counts and gauges.
    ///
    /// - Complexity: O(1).
    package var statistics: SchedulerStatistics {
        var statistics = counts
        statistics.waiting = waitingCount
        statistics.running = batch.count + held.count
        let gauges = cache.gauges
        statistics.usedBlocks = gauges.used
        statistics.cachedBlocks = gauges.cached
        statistics.freeBlocks = gauges.free
        return statistics
    }

    /// Tokens in the cache that running requests have there, each counted for every request that
    /// has it.
    ///
    /// - Complexity: O(running requests).
    package var runningTokens: Int {
        var tokens = 0
        for slot in batch { tokens += table.states[slot].computed }
        for slot in held { tokens += table.states[slot].computed }
        return tokens
    }
}
