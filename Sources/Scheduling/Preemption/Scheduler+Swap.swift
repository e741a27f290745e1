import KVCache
import QuireIdentifiers

// A preempted request's keys and values come back in one of two ways: they are computed again, but
// for what the cache still has, or its pages go to the host tier and come back from there.

extension Scheduler {
    /// How a victim's keys and values are to be brought back: the one place where the cost of
    /// computing them again is weighed against that of moving them.
    ///
    /// Moving costs a page's way there and back; computing costs what the step-time model has
    /// learnt. Until it has learnt, moving is taken to be cheaper, as it is for any model that is
    /// larger than its keys and values.
    func preemptionMethod(_ slot: Int, _ reason: Preemption.Reason) -> Preemption.Method {
        guard cache.configuration.hostSlots > 0, reason != .reset else { return .recompute }
        if reason == .forced, let fault = configuration.forcedPreemption { return fault.how }
        let lost = lostTokens(slot)
        guard lost > 0 else { return .recompute }
        guard stepTime.isFitted else { return .swap }
        let bytes = table.states[slot].blocks.liveCount * cache.layout.pageBytes
        let moving = 2 * Double(bytes) / copyBandwidth
        let start = table.states[slot].computed - lost
        return moving < stepTime.cost(of: lost, from: start) ? .swap : .recompute
    }

    /// Moves a victim's pages to the host tier, if that is the way and there is room; false when
    /// they must be computed again.
    mutating func swapOut(_ slot: Int, _ reason: Preemption.Reason) -> Bool {
        // It was preempted before it got back what it had.
        if table.states[slot].swap != nil, reason != .reset { return true }
        dropSwap(slot)
        guard preemptionMethod(slot, reason) == .swap else { return false }
        let computed = table.states[slot].computed
        table.states[slot].swap = cache.swapOut(&table.states[slot].blocks, computed: computed)
        return table.states[slot].swap != nil
    }

    /// Forgets the pages that a request has in the host tier.
    mutating func dropSwap(_ slot: Int) {
        guard let swap = table.states[slot].swap else { return }
        cache.discard(swap)
        table.states[slot].swap = nil
    }

    /// Gives a request back what it has in the host tier, if need be at the cost of others; false
    /// when it must wait.
    mutating func restore(_ slot: Int) -> Bool {
        while let swap = table.states[slot].swap {
            switch cache.swapIn(swap, &table.states[slot].blocks) {
            case .restored(let tokens):
                table.states[slot].computed = tokens
                table.states[slot].swap = nil
            case .lost:
                table.states[slot].swap = nil
            case .storing:
                table.states[slot].reason = .loading
                return false
            case .short:
                guard makeWay(for: slot) else {
                    table.states[slot].reason = .blocks
                    return false
                }
            }
        }
        return true
    }
}
