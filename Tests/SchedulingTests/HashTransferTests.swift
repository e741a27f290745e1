import FakeExecutor
import KVCache
import QuireIdentifiers
import Testing

@testable import Scheduling

/// The fake executor moves pages as a real one does.
struct HashTransferTests {
    @Test func `a context that was copied, stored and loaded hashes as it did`() throws {
        let layout = try makeLayout([.full], blockSize: 4, blocks: 9, length: 16)
        let executor = HashExecutor(layout: layout, hostSlots: 2)
        let tokens: [TokenID] = [3, 1, 4, 1, 5, 9]
        let first = try run(tokens[...], in: [1, 2], executor)
        let moved = try run(
            tokens[5...], in: [4, 6], executor,
            after: [
                .store(1, slot: 1), .store(2, slot: 0), .copy(from: 1, to: 2),
                .copy(from: 2, to: 4), .load(slot: 0, into: 6),
            ])
        #expect(moved == first)
        #expect(
            try run(tokens[5...], in: [4, 2], executor, after: [.load(slot: 0, into: 2)]) == first)
    }

    private func run(
        _ tokens: ArraySlice<TokenID>, in blocks: [UInt32], _ executor: HashExecutor,
        after transfers: [BlockTransfer] = []
    ) throws -> [Float] {
        var step = StepPlan(groups: 1)
        step.transfers = transfers
        step.rows = [
            .init(
                sequence: SequenceID(1), queryStart: 0, queryLength: tokens.count,
                contextLength: tokens.endIndex, tableStart: 0, tableLength: blocks.count,
                outputStart: 0, outputLength: 1)
        ]
        step.tokens = Array(tokens)
        step.positions = tokens.indices.map { Int32($0) }
        step.outputs = [Int32(tokens.count - 1)]
        step.blockTables = [blocks.map { BlockID($0) }]
        try executor.execute(step)
        let logits = executor.logits(0)
        return logits.indices.map { logits[$0] }
    }
}
