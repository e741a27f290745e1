import KVCache
import QuireIdentifiers
import Testing

@testable import QuireModels
@testable import Scheduling

/// K6: pages are moved exactly, in order and before the step writes, and no other page changes.
struct TransferTests {
    private static let blockSize = 8
    private static let blocks = 9

    private let executor: CPUExecutor
    private let layout: CacheLayout
    private let prompt: [TokenID]
    private let other: [TokenID]

    init() throws {
        let tiny = TinyModel("llama", seed: 61)
        let model = try CPUModel(try tiny.file())
        layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, blockSize: Self.blockSize,
            maxModelLength: 32, maxChunk: 32
        ).plan(blockCount: Self.blocks)
        executor = try CPUExecutor(
            model: model, layout: layout, threads: 2, maxStepTokens: 32, maxStepOutputs: 32,
            hostSlots: 3)
        prompt = randomTokens(24, of: tiny, seed: 62)
        other = randomTokens(24, of: tiny, seed: 63)
    }

    /// Runs tokens from a position on, after transfers; the logits of all of them.
    private func run(
        _ tokens: ArraySlice<TokenID>, in blocks: [UInt32],
        after transfers: [BlockTransfer] = []
    ) -> [[Float]] {
        var step = StepPlan(groups: 1)
        step.transfers = transfers
        if !tokens.isEmpty {
            step.rows = [
                .init(
                    sequence: SequenceID(1), queryStart: 0, queryLength: tokens.count,
                    contextLength: tokens.endIndex, tableStart: 0, tableLength: blocks.count,
                    outputStart: 0, outputLength: tokens.count)
            ]
            step.tokens = Array(tokens)
            step.positions = tokens.indices.map { Int32($0) }
            step.outputs = (0..<tokens.count).map { Int32($0) }
            step.blockTables = [blocks.map { BlockID($0) }]
        }
        executor.execute(step)
        return step.outputs.indices.map { index in
            let row = executor.logits(index)
            return row.indices.map { row[$0] }
        }
    }

    @Test func `a context that went to the host and came back elsewhere is the same`() {
        let whole = run(prompt[...], in: [1, 2, 3])
        // The step that saves the pages overwrites them: the stores come first.
        let stores: [BlockTransfer] = [.store(1, slot: 2), .store(2, slot: 0)]
        let overwritten = run(other[...], in: [2, 1, 3], after: stores)
        let back = run(
            prompt[16...], in: [7, 1, 8],
            after: [.load(slot: 2, into: 7), .load(slot: 0, into: 1)])
        #expect(back == Array(whole[16...]))
        // Blocks 2 and 3 are untouched, and block 1 has come from the host.
        let again = run(other[16...], in: [2, 1, 3])
        #expect(again != Array(overwritten[16...]))
        #expect(run(prompt[16...], in: [7, 1, 8]) == Array(whole[16...]))
    }

    @Test func `a copied block may be written while others go on with the original`() {
        let whole = run(prompt[...], in: [1, 2, 3])
        let changed = run(
            Array(prompt[..<20] + other[20...])[20...], in: [1, 2, 4],
            after: [.copy(from: 3, to: 4)])
        #expect(changed != Array(whole[20...]))
        #expect(run(prompt[23...], in: [1, 2, 3]) == [whole[23]])
        let alone = run((prompt[..<20] + other[20...])[...], in: [5, 6, 7])
        #expect(changed == Array(alone[20...]))
    }

    @Test func `transfers are done in the order given`() {
        let whole = run(prompt[...], in: [1, 2, 3])
        // 3 goes to the host, 2 takes its place, and what was 3 lands in 4.
        let transfers: [BlockTransfer] = [
            .store(3, slot: 1), .copy(from: 2, to: 3), .load(slot: 1, into: 4),
            .copy(from: 4, to: 5), .store(5, slot: 0),
        ]
        _ = run([], in: [], after: transfers)
        #expect(run(prompt[23...], in: [1, 3, 5]) == [whole[23]])
        let fromHost = run(prompt[23...], in: [1, 3, 6], after: [.load(slot: 0, into: 6)])
        #expect(fromHost == [whole[23]])
    }

    @Test func `the host tier's pages are part of the budget, and their number is bounded`() {
        let model = executor.model
        let without = MemoryBudget(model: model, layout: layout)
        let with = MemoryBudget(model: model, layout: layout, hostSlots: 3)
        #expect(with.hostKeyValues == 3 * ArenaLayout(layout).pageStride)
        #expect(
            with.total == without.total + with.hostKeyValues + 3 * MemoryBudget.blockBytes)
        for slots in [-1, KVCacheLimits.maxBlocks] {
            #expect(throws: ModelError.self) {
                try CPUExecutor(model: model, layout: layout, hostSlots: slots)
            }
        }
    }
}
