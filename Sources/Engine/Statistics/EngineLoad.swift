import KVCache
package import Scheduling

/// How much an engine has to do at a moment.
package struct EngineLoad: Hashable, Sendable {
    /// Sequences that wait.
    package let waiting: Int
    /// Sequences that run, those that wait for a decision included.
    package let running: Int
    /// Blocks that they hold.
    package let usedBlocks: Int
    /// Blocks that nobody holds and whose content can be hit.
    package let cachedBlocks: Int
    /// Blocks that hold nothing.
    package let freeBlocks: Int
}

extension EngineCore {
    /// Gauges alone. O(1), no allocation.
    package var load: EngineLoad {
        let (waiting, running, gauges) = scheduler.loadNow()
        return EngineLoad(
            waiting: waiting, running: running, usedBlocks: gauges.used,
            cachedBlocks: gauges.cached, freeBlocks: gauges.free)
    }

    /// Traps unless requests, blocks and places agree. O(blocks + requests).
    package func checkInvariants() {
        scheduler.checkInvariants()
        precondition(seats.isEmpty == scheduler.isIdle, "a sequence without a seat, or the reverse")
    }

    /// What each tenant has on account under the `fair` order; as the scheduler's.
    package func fairStatements(into list: inout [FairStatement]) -> Bool {
        scheduler.fairStatements(into: &list)
    }
}
