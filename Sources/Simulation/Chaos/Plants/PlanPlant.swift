import KVCache
import QuireIdentifiers
import Scheduling

/// Changes plans on their way to the executor.
struct PlanPlant {
    let plant: ChaosPlant

    /// Whether the first two outputs change places.
    var swapsOutputs: Bool { plant == .swappedOutputs }

    /// Whether a step that fails is reported as done.
    var hidesFailures: Bool { plant == .silentFailure }

    /// The plan that the executor gets instead; nil: its own.
    func spoil(_ plan: borrowing StepPlan) -> StepPlan? {
        var spoilt = copy plan
        switch plant {
        case .missingCopy:
            spoilt.transfers.removeAll { if case .copy = $0 { true } else { false } }
        case .writeInPlace: writeInPlace(&spoilt)
        case .wrongEntry: mixTables(&spoilt)
        case .missingLoad:
            spoilt.transfers.removeAll { if case .load = $0 { true } else { false } }
        case .lateStore:
            let isStore = { (transfer: BlockTransfer) in
                if case .store = transfer { true } else { false }
            }
            spoilt.transfers =
                spoilt.transfers.filter { !isStore($0) } + spoilt.transfers.filter(isStore)
        case .offByOne: shift(&spoilt)
        case .earlyWindow: forgetWindow(&spoilt)
        default: return nil
        }
        return spoilt
    }

    private func writeInPlace(_ plan: inout StepPlan) {
        for transfer in plan.transfers {
            guard case .copy(let source, let target) = transfer else { continue }
            for group in plan.blockTables.indices {
                for entry in plan.blockTables[group].indices
                where plan.blockTables[group][entry] == target {
                    plan.blockTables[group][entry] = source
                }
            }
        }
        plan.transfers.removeAll { if case .copy = $0 { true } else { false } }
    }

    /// The last row's first entry is the first row's.
    private func mixTables(_ plan: inout StepPlan) {
        guard plan.rows.count > 1, let first = plan.rows.first, let last = plan.rows.last,
            first.tableLength > 0, last.tableLength > 0
        else { return }
        plan.blockTables[0][last.tableStart] = plan.blockTables[0][first.tableStart]
    }

    /// The first row that decodes stands a position later, as far as its table goes.
    private func shift(_ plan: inout StepPlan) {
        guard
            let place = plan.rows.firstIndex(where: { $0.startPosition > 0 && $0.queryLength == 1 })
        else { return }
        plan.rows[place].contextLength += 1
        plan.positions[plan.rows[place].queryStart] += 1
    }

    /// The oldest block that is still there of a group with a window.
    private func forgetWindow(_ plan: inout StepPlan) {
        for row in plan.rows {
            for group in plan.blockTables.indices {
                let entries = row.tableStart..<row.tableStart + row.tableLength
                guard plan.blockTables[group][entries].contains(.null),
                    let oldest = entries.first(where: { plan.blockTables[group][$0] != .null })
                else { continue }
                plan.blockTables[group][oldest] = .null
                return
            }
        }
    }
}

/// Lies about the file tier.
struct FilePlant {
    let plant: ChaosPlant

    /// Whether a record that is said to be written is not.
    var losesWrites: Bool { plant == .lostWrite }
    /// Whether a read gives whatever page is at hand.
    var mixesRecords: Bool { plant == .wrongRecord }
}
