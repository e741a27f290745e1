import KVCache
import QuireIdentifiers
import Scheduling
import Testing

@testable import Simulation

@Suite struct `The executor of chaos runs` {
    private func make(spans: String = "full") throws -> (CheckingExecutor, CacheLayout) {
        var configuration = ChaosConfiguration()
        configuration.spans = spans
        configuration.hostSlots = 2
        let layout = try configuration.makeLayout()
        return (
            try CheckingExecutor(configuration, layout: layout, clock: ChaosClock()), layout
        )
    }

    /// A row of a sequence whose table is given for all groups.
    private func plan(
        _ tokens: [TokenID], at start: Int, _ table: [BlockID], groups: Int = 1,
        transfers: [BlockTransfer] = []
    ) -> StepPlan {
        var blocks = SequenceBlocks(groups: groups)
        for group in 0..<groups {
            blocks.tables[group].blocks = table.map { BlockID($0.rawValue + UInt32(group) * 8) }
        }
        var plan = StepPlan(groups: groups)
        plan.append(
            SequenceID(0), tokens: tokens[...], at: start, blocks: blocks, outputs: 1,
            samples: true)
        plan.transfers = transfers
        return plan
    }

    @Test func `finds nothing wrong with a history in its blocks`() throws {
        let (executor, _) = try make()
        try executor.execute(plan([1, 2, 3], at: 0, [4, 2]))
        try executor.execute(plan([5], at: 3, [4, 2]))
        try executor.execute(plan([6], at: 4, [4, 7, 1], transfers: [.copy(from: 2, to: 7)]))
        #expect(executor.faults.isEmpty)
        let model = ChaosModel()
        let chain = model.chain([1, 2, 3, 5, 6] as [TokenID])
        #expect(executor.logits(0)[3] == model.logit(chain, 3))
    }

    @Test func `finds another sequence's block, an old one, and none`() throws {
        for table: [BlockID] in [[4, 3], [3, 2], [4, 0], [4]] {
            let (executor, _) = try make()
            try executor.execute(plan([1, 2, 3, 4], at: 0, [4, 2]))
            // The same tokens after another beginning.
            try executor.execute(plan([9, 2, 3, 4], at: 0, [5, 3]))
            try executor.execute(plan([7], at: 4, table + [6]))
            #expect(executor.faults.count >= 1, "\(table)")
        }
    }

    @Test func `finds a page that was not moved`() throws {
        let (executor, _) = try make()
        try executor.execute(plan([1, 2], at: 0, [4], transfers: [.store(1, slot: 0)]))
        try executor.execute(plan([3], at: 2, [5, 6], transfers: [.load(slot: 0, into: 5)]))
        #expect(executor.faults.count == 1)
        #expect(throws: CheckingExecutor.Failure.self) {
            executor.failures = 1
            try executor.execute(plan([1], at: 0, [4]))
        }
        #expect(executor.report.failures == 1 && executor.report.steps == 3)
    }

    @Test func `finds blocks of two groups that do not belong together`() throws {
        let (executor, layout) = try make(spans: "full+4")
        #expect(layout.groups.count == 2)
        try executor.execute(plan([1, 2], at: 0, [1], groups: 2))
        try executor.execute(plan([9, 2], at: 0, [2], groups: 2))
        var mixed = plan([3], at: 2, [1, 3], groups: 2)
        try executor.execute(mixed)
        #expect(executor.faults.isEmpty)
        mixed.blockTables[1][0] = mixed.blockTables[0][0]
        try executor.execute(mixed)
        #expect(executor.faults.count == 1, "a block of the other group")
    }
}
