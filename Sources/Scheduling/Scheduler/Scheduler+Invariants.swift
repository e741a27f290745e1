import DequeModule
import Identifiers
import KVCache

extension Scheduler {
    /// Traps unless the requests, their reservations and the blocks agree.
    ///
    /// - Complexity: O(blocks + requests): for tests.
    public func checkInvariants() {
        cache.checkInvariants(sequences: running.lazy.map(\.blocks))
        precondition(running.count <= configuration.maxRunning, "more run than may")
        precondition(
            reserved == running.reduce(0) { $0 + $1.reservation }, "reservations do not add up")
        precondition(reserved <= cache.plan.capacity, "more is reserved than there is")
        for state in running {
            precondition(state.phase == .running, "a request in the wrong phase")
            precondition(state.blocks.liveCount <= state.reservation, "over its reservation")
            precondition(state.total <= state.lengthLimit, "over its length")
            precondition(state.computed + state.scheduled <= state.total, "computed the unknown")
            precondition(
                state.blocks.entryCount * cache.plan.blockSize >= state.computed + state.scheduled,
                "tokens without a block")
        }
        for state in waiting {
            precondition(state.phase == .waiting, "a request in the wrong phase")
            precondition(state.blocks.liveCount == 0, "a waiting request holds blocks")
            precondition(state.reservation <= cache.plan.capacity, "it waits for ever")
        }
    }
}
