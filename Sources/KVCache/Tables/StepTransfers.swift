/// The page transfers of a step, until it is sure that they were done.
///
/// The source of a copy is held until then: if the step fails, the copy is made again, and what it
/// copies must still be there. A store or a load has a ticket of the tiers, which is handed back
/// when its step is done, or when the transfer is no longer wanted.
struct StepTransfers: Sendable {
    struct Entry: Sendable {
        let transfer: BlockTransfer
        /// The ticket of a store or a load; a copy has none.
        let ticket: TierTicket?
    }

    /// Transfers that no step has taken yet.
    private(set) var queued: [Entry] = []
    /// Transfers of the step that runs.
    private(set) var running: [Entry] = []

    mutating func copy(from source: BlockID, to target: BlockID) {
        queued.append(Entry(transfer: .copy(from: source, to: target), ticket: nil))
    }

    mutating func add(_ transfer: BlockTransfer, _ ticket: TierTicket) {
        queued.append(Entry(transfer: transfer, ticket: ticket))
    }

    mutating func take(into transfers: inout [BlockTransfer]) {
        for entry in queued { transfers.append(entry.transfer) }
        running.append(contentsOf: queued)
        queued.removeAll(keepingCapacity: true)
    }

    /// The step failed: all is to be done again, in the same order, but for what it should have
    /// stored, since it may have written over that.
    ///
    /// - Returns: the tickets of those stores.
    mutating func rewind() -> [TierTicket] {
        var stores: [TierTicket] = []
        var again: [Entry] = []
        for entry in running + queued {
            if case .store = entry.transfer, let ticket = entry.ticket {
                stores.append(ticket)
            } else {
                again.append(entry)
            }
        }
        queued = again
        running.removeAll(keepingCapacity: true)
        return stores
    }

    /// Forgets the copies and loads into blocks that are no longer wanted.
    ///
    /// - Returns: the sources of those copies, and the tickets of those loads.
    mutating func removeOrphans(
        _ isUnwanted: (BlockID) -> Bool
    ) -> (sources: [BlockID], loads: [TierTicket]) {
        var sources: [BlockID] = []
        var loads: [TierTicket] = []
        queued.removeAll { entry in
            switch entry.transfer {
            case .copy(let source, let target) where isUnwanted(target):
                sources.append(source)
                return true
            case .load(_, let target) where isUnwanted(target):
                if let ticket = entry.ticket { loads.append(ticket) }
                return true
            case .copy, .load, .store:
                return false
            }
        }
        return (sources, loads)
    }

    /// Forgets what the step has done.
    mutating func finish() {
        running.removeAll(keepingCapacity: true)
    }

    /// Whether nothing is moved.
    var isEmpty: Bool { queued.isEmpty && running.isEmpty }

    /// The sources of copies, which are held.
    var sources: [BlockID] {
        (running + queued).compactMap {
            if case .copy(let source, _) = $0.transfer { source } else { nil }
        }
    }
}
