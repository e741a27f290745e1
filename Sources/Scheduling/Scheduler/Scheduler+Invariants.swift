import DequeModule
import KVCache
import QuireIdentifiers

extension Scheduler {
    /// Traps unless the requests, their places and the blocks agree.
    ///
    /// - Complexity: O(blocks + requests): for tests.
    package func checkInvariants() {
        cache.checkInvariants(sequences: (batch + held).lazy.map { table.states[$0].blocks })
        let gauges = cache.gauges
        precondition(
            gauges.used + gauges.cached + gauges.free + 1 == cache.layout.blockCount,
            "a block is lost")
        precondition(batch.count <= configuration.maxRunning, "more run than may")
        precondition(
            batch.count + held.count + waitingCount == table.count, "a request is lost")
        for slot in held {
            precondition(table.states[slot].phase == .held, "a request in the wrong phase")
        }
        precondition(laneCounts == lanes.map(\.count), "the lanes are miscounted")
        precondition(waitingCount == laneCounts.reduce(0, +), "the queue is miscounted")
        for (place, slot) in batch.enumerated() {
            let state = table.states[slot]
            precondition(table.slot(of: state.id) == slot, "a request in another's slot")
            precondition(state.phase == .running, "a request in the wrong phase")
            precondition(state.total <= state.lengthLimit, "over its length")
            precondition(
                state.computed + state.scheduled <= state.total + state.drafted,
                "computed the unknown")
            precondition(
                state.blocks.entryCount * cache.layout.blockSize >= state.computed
                    + state.scheduled,
                "tokens without a block")
            precondition(
                state.room <= state.blocks.entryCount * cache.layout.blockSize,
                "its tables hold less than is taken for granted")
            guard place > 0 else { continue }
            let before = table.states[batch[place - 1]]
            precondition(
                (before.level, before.ticket) < (state.level, state.ticket), "the batch is unsorted"
            )
        }
        if configuration.admission.kind == .reserve {
            let promised = (batch + heldWithBlocks).reduce(0) { $0 + outstanding($1) }
            precondition(
                promised <= gauges.allocatable + cache.returningBlocks,
                "more is reserved than there is")
        }
        var tokens = 0
        for lane in lanes {
            for (place, slot) in lane.enumerated() {
                let state = table.states[slot]
                tokens += state.total
                precondition(table.slot(of: state.id) == slot, "a request in another's slot")
                precondition(state.phase == .waiting, "a request in the wrong phase")
                precondition(state.blocks.liveCount == 0, "a waiting request holds blocks")
                precondition(state.computed == 0 && state.scheduled == 0, "it waits and computes")
                precondition(
                    place == 0 || goesBefore(lane[place - 1], slot), "the queue is unsorted")
            }
        }
        precondition(tokens == waitingTokens, "the tokens that wait are miscounted")
    }

    /// Blocks that a running request was promised and does not hold, nor has from others as soon as
    /// it takes them over: it may follow another that computes their prefix.
    private func outstanding(_ slot: Int) -> Int {
        var state = table.states[slot]
        guard state.blocks.entryCount == 0, cache.configuration.prefixCaching, state.swap == nil
        else { return state.unreserved(in: cache) }
        return max(0, state.reservation - state.match(in: cache).heldHits)
    }
}
