import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

extension ChaosRun {
    /// Takes a plan into the log before it is executed.
    func observe(_ plan: borrowing StepPlan) {
        planned.rows = plan.rows.count
        digest(turn)
        for row in plan.rows {
            for value in [
                Int(row.sequence.rawValue), row.startPosition, row.queryLength, row.outputLength,
                row.draftLength,
            ] { digest(value) }
            planned.sequences.append(row.sequence)
        }
        for token in plan.tokens { digest(Int(token.rawValue)) }
        for (group, table) in plan.blockTables.enumerated() {
            for block in table { digest(Int(block.rawValue)) }
            if !layout.groups[group].span.isUnbounded, table.contains(.null) {
                planned.hasWindow = true
            }
        }
        for transfer in plan.transfers {
            switch transfer {
            case .copy(let from, let to):
                planned.copies += 1
                digest(Int(from.rawValue) << 16 | Int(to.rawValue))
            case .load(let slot, let block):
                planned.loads += 1
                digest(1 << 40 | slot << 16 | Int(block.rawValue))
            case .store(let block, let slot):
                planned.stores += 1
                digest(2 << 40 | slot << 16 | Int(block.rawValue))
            }
        }
        if log != nil { write(plan) }
    }

    /// Says why nobody has a row.
    func noteWaiting() {
        for (index, client) in clients.enumerated() {
            guard let id = client.id, let status = loop.status(of: id, now: clock.now) else {
                continue
            }
            note(
                "turn \(turn): request \(index) is \(status.state.rawValue), waits for "
                    + "\(status.waitReason?.rawValue ?? "nothing") with "
                    + "\(status.computedTokens) tokens computed")
        }
    }

    private func write(_ plan: borrowing StepPlan) {
        var parts: [String] = []
        for row in plan.rows {
            var text = "sequence \(row.sequence) \(row.startPosition)..<\(row.contextLength)"
            for table in plan.blockTables {
                let blocks = table[row.tableStart..<row.tableStart + row.tableLength]
                text += " [" + blocks.map { String($0.rawValue) }.joined(separator: " ") + "]"
            }
            if row.draftLength > 0 { text += " drafts \(row.draftLength)" }
            parts.append(text)
        }
        for transfer in plan.transfers {
            switch transfer {
            case .copy(let from, let to): parts.append("copy \(from) to \(to)")
            case .load(let slot, let block): parts.append("load host \(slot) to \(block)")
            case .store(let block, let slot): parts.append("store \(block) in host \(slot)")
            }
        }
        let time = Int(clock.now / .microseconds(1))
        note("turn \(turn) at \(time) us: " + parts.joined(separator: "; "))
    }
}

extension AttentionSpan {
    /// Whether a query sees all before it.
    var isUnbounded: Bool { self == .full }
}
