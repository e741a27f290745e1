import KVCache
package import QuireIdentifiers

// Held sequences: those that wait for others of the same request. A beam search knows what follows
// for any of its beams only when all of them are computed, and they may be computed in different
// steps. Meanwhile a held sequence has its blocks and no place in the batch, so that the sequences
// it waits for can run; if they need its blocks, it gives them up and is computed again when it
// continues.

extension Scheduler {
    /// Takes a request out of the batch until `decide` says what follows for it.
    mutating func hold(_ slot: Int) {
        precondition(
            table.states[slot].pending == 0,
            "request \(table.states[slot].id) was held before its last position")
        leave(slot)
        table.states[slot].phase = .held
        held.append(slot)
    }

    /// Says what follows for a request whose row came to `.held`. Between steps only.
    ///
    /// - Parameters:
    ///   - id: a request that is held.
    ///   - outcome: `.sampled`, `.forked` or `.finished`.
    /// - Complexity: O(held requests), and what the outcome costs in `complete`.
    package mutating func decide(_ id: SequenceID, _ outcome: RowOutcome) {
        precondition(inFlight.isEmpty, "a request is decided on between steps")
        guard let slot = table.slot(of: id), let place = held.firstIndex(of: slot) else {
            preconditionFailure("request \(id) is not held")
        }
        if case .finished(let reason) = outcome { return end(slot, reason) }
        held.remove(at: place)
        if table.states[slot].pending == 0, batch.count < configuration.maxRunning {
            enter(slot)
        } else {
            if table.states[slot].pending == 0 { giveUpBlocks(slot, .forkedIntoFullBatch) }
            enqueue(slot)
        }
        switch outcome {
        case .sampled(let token): fork(slot, own: token, [])
        case .forked(let own, let forks): fork(slot, own: own, forks)
        case .advanced, .accepted, .held, .finished:
            preconditionFailure("a held request goes on with a token")
        }
    }

    /// Takes the blocks of a held request for those that run; false when none has any.
    mutating func dropHeld(_ reason: Preemption.Reason = .blocks) -> Bool {
        guard let slot = held.last(where: { table.states[$0].blocks.liveCount > 0 }) else {
            return false
        }
        giveUpBlocks(slot, reason)
        return true
    }

    /// Takes blocks from another request for one that runs; false when none may be preempted.
    mutating func makeWay(for slot: Int) -> Bool {
        guard let victim = victim(for: slot) else { return dropHeld() }
        preempt(victim, .blocks)
        step.preempted = true
        return true
    }

    private mutating func giveUpBlocks(_ slot: Int, _ reason: Preemption.Reason) {
        let lost = lostTokens(slot)
        cache.release(&table.states[slot].blocks)
        table.states[slot].room = 0
        table.states[slot].computed = 0
        table.states[slot].preemptions += 1
        table.states[slot].forked = false
        counts.preemptions[reason, default: 0] += 1
        actions.append(
            .preempted(
                table.states[slot].id,
                Preemption(reason: reason, how: .recompute, recomputedTokens: lost)))
    }
}
