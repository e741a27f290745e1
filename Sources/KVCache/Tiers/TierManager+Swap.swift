/// A sequence whose pages are in the host tier: what `PagedCache.swapOut` gave for it.
package struct SwapID: Hashable, Sendable {
    let ticket: TierTicket
}

struct SwappedSequence: Sendable {
    let computed: Int
    let committed: Int
    /// The node of its last committed block, which it holds.
    let tip: PrefixNode
    let retention: RetentionPlan?
    /// For each group, the keys of its entries; nil for those that left the window.
    let tables: [[TierKey?]]
    /// Keys that are pinned for it.
    var pinned: [TierKey] = []
    /// Keys that will be, when the step that stores them is done.
    var storing: [TierKey] = []
    var isLost = false
}

extension TierManager {
    /// Keeps the pages of a sequence until it comes back: those that the tier has are pinned now,
    /// those that the step stores when it is done.
    mutating func swapOut(_ sequence: SwappedSequence, _ keys: [TierKey]) -> SwapID {
        var sequence = sequence
        for key in keys {
            switch host.lookup(key) {
            case .hit: sequence.pinned.append(key)
            case .hitPending: sequence.storing.append(key)
            case .miss: preconditionFailure("a page of a swap was not stored")
            }
        }
        _ = host.prepareLoad(sequence.pinned)
        let id = SwapID(ticket: swapped.issue(sequence))
        if !sequence.storing.isEmpty { storingSwaps.append(id) }
        statistics.swappedOut += 1
        return id
    }

    /// A sequence that was swapped out; nil if it is back or was discarded.
    func swap(_ id: SwapID) -> SwappedSequence? { swapped[id.ticket] }

    /// The sequence has its blocks again. Each of its keys that was not loaded, because its block
    /// was still in the pool, no longer needs its pin.
    mutating func endSwap(_ id: SwapID, unloaded: [TierKey]) {
        guard swapped.redeem(id.ticket) != nil else {
            preconditionFailure("the end of a swap that is not under way")
        }
        endLoads(unloaded)
        statistics.swappedIn += 1
    }

    /// Forgets a swapped sequence; what of it is a prefix may be hit as before. Nothing happens if
    /// there is no such swap.
    mutating func discard(_ id: SwapID, _ index: inout PrefixIndex) {
        guard let sequence = swapped.redeem(id.ticket) else { return }
        endLoads(sequence.pinned.reversed())
        if sequence.tip != .none { index.unhold(sequence.tip) }
    }

    /// Pins what the step has stored for swapped sequences. Those of the step after it wait on.
    mutating func pinSwapped() {
        let waiting = storingSwaps
        storingSwaps.removeAll()
        for id in waiting {
            guard let storing = swap(id)?.storing else { continue }
            guard storing.allSatisfy({ host.lookup($0) == .hit }) else {
                storingSwaps.append(id)
                continue
            }
            _ = host.prepareLoad(storing)
            swapped.update(id.ticket) { sequence in
                sequence.pinned += storing
                sequence.storing = []
            }
        }
    }

    /// The pages of swapped sequences that the step was to store are lost.
    mutating func loseSwapped() {
        for id in storingSwaps {
            swapped.update(id.ticket) { sequence in
                sequence.isLost = true
                sequence.storing = []
            }
        }
        storingSwaps.removeAll(keepingCapacity: true)
    }
}
