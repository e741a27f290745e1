import KVCache
import QuireIdentifiers

// Victims. A request that has had tokens in this step, or was considered, is safe in it; the first
// in the batch therefore always makes progress, and so every request does in the end. Of the others
// the worst class goes first; then those that have made progress since their last preemption; then
// the one that loses the least work; then the youngest.

extension Scheduler {
    /// The request that gives its blocks to a running one; nil when none may be preempted.
    func victim(for slot: Int) -> Int? {
        let level = table.states[slot].level
        return victim { candidate in
            candidate != slot && table.states[candidate].level >= level
                && table.states[candidate].blocks.liveCount > 0
        }
    }

    /// The request that makes room for a waiting one of a class.
    func victim(below level: Int) -> Int? {
        victim { isVictim($0, below: level) }
    }

    func isVictim(_ slot: Int, below level: Int) -> Bool {
        table.states[slot].level > level && table.states[slot].consideredStep != step.number
    }

    private func victim(where isEligible: (Int) -> Bool) -> Int? {
        var best: Int?
        var bestCost = 0
        for slot in batch where table.states[slot].consideredStep != step.number {
            guard isEligible(slot) else { continue }
            let cost = lostTokens(slot)
            guard let current = best else {
                (best, bestCost) = (slot, cost)
                continue
            }
            let (one, other) = (table.states[slot], table.states[current])
            if one.level != other.level {
                if one.level < other.level { continue }
            } else if one.hasProgressed != other.hasProgressed {
                if !one.hasProgressed { continue }
            } else if cost != bestCost {
                if cost > bestCost { continue }
            } else if one.ticket < other.ticket {
                continue
            }
            (best, bestCost) = (slot, cost)
        }
        return best
    }

    /// Computed tokens of a request whose blocks no other request keeps in the cache.
    func lostTokens(_ slot: Int) -> Int {
        table.states[slot].computed - table.states[slot].sharedTokens(in: cache)
    }

    /// Takes a running request's place and blocks; it waits again, with all it has generated.
    mutating func preempt(_ slot: Int, _ reason: Preemption.Reason) {
        let lost = lostTokens(slot)
        let swapped = swapOut(slot, reason)
        cache.release(&table.states[slot].blocks)
        table.states[slot].room = 0
        table.states[slot].computed = 0
        table.states[slot].progressAtPreemption = table.states[slot].progress
        table.states[slot].preemptions += 1
        table.states[slot].forked = false
        // Its branches are requests of their own already, or are forked once it runs again.
        leave(slot)
        enqueue(slot)
        counts.preemptions[reason, default: 0] += 1
        actions.append(
            .preempted(
                table.states[slot].id,
                Preemption(
                    reason: reason, how: swapped ? .swap : .recompute,
                    recomputedTokens: swapped ? 0 : lost)))
    }

    /// Preempts where the configuration injects it.
    mutating func injectPreemption() {
        guard let fault = configuration.forcedPreemption,
            step.number % UInt64(fault.every) == 0, !batch.isEmpty
        else { return }
        let turn = Int(step.number / UInt64(fault.every)) % batch.count
        let order = batch[turn...] + batch[..<turn]
        guard let slot = order.first(where: { table.states[$0].hasProgressed }) else { return }
        preempt(slot, .forced)
    }
}
