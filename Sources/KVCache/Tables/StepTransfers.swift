/// The page transfers of a step, until it is sure that they were done.
///
/// The source of a copy is held until then: if the step fails, the copy is made again, and what it
/// copies must still be there.
struct StepTransfers: Sendable {
    /// Not taken yet.
    private(set) var queued: [BlockTransfer] = []
    /// Taken for the step that runs.
    private(set) var running: [BlockTransfer] = []

    mutating func copy(from source: BlockID, to target: BlockID) {
        queued.append(.copy(from: source, to: target))
    }

    mutating func add(_ transfer: BlockTransfer) {
        queued.append(transfer)
    }

    mutating func take(into transfers: inout [BlockTransfer]) {
        transfers.append(contentsOf: queued)
        running.append(contentsOf: queued)
        queued.removeAll(keepingCapacity: true)
    }

    /// The step failed: all is to be done again, in the same order, but for what it should have
    /// stored, since it may have written over that.
    mutating func rewind() {
        queued = (running + queued).filter {
            if case .store = $0 { false } else { true }
        }
        running.removeAll(keepingCapacity: true)
    }

    /// Forgets the copies into blocks that nobody wants; the answer is their sources.
    mutating func removeCopies(into isUnwanted: (BlockID) -> Bool) -> [BlockID] {
        var sources: [BlockID] = []
        queued.removeAll { transfer in
            guard case .copy(let source, let target) = transfer, isUnwanted(target) else {
                return false
            }
            sources.append(source)
            return true
        }
        return sources
    }

    /// Forgets the loads into blocks that nobody wants; false if others remain.
    mutating func removeLoads(into isUnwanted: (BlockID) -> Bool) -> Bool {
        queued.removeAll {
            if case .load(_, let target) = $0 { isUnwanted(target) } else { false }
        }
        return !(running + queued).contains { if case .load = $0 { true } else { false } }
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
            if case .copy(let source, _) = $0 { source } else { nil }
        }
    }
}
