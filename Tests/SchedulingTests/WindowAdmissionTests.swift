import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// Rows C27, H5 and H13: what admission asks of the pool, with windows and without.
@Suite struct `Room for a whole prompt` {
    private static let admissions: [AdmissionPolicy] = [
        .fixedWatermark(headroom: 0), .watermark, .reserve,
    ]

    /// C27: 4 blocks are free, the prompt has 16, and its first chunk takes 1.
    @Test(arguments: admissions)
    func `a prompt waits for room for all of it, not for its first chunk`(
        admission: AdmissionPolicy
    ) throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 21, length: 320),
            configuration: bounds(chunk: 16, admission: admission, caching: false))
        try scheduler.submit(request(0, 250, maxTokens: 6), now: .zero)
        for _ in 0..<16 { #expect(scheduler.step().rows.count == 1) }
        #expect(scheduler.statistics.freeBlocks == 4)
        try scheduler.submit(request(1, 256, maxTokens: 1), now: .zero)
        for _ in 0..<5 {
            #expect(scheduler.step().rows.map(\.sequence) == [SequenceID(0)])
            if scheduler.runningIDs == [0] {
                #expect(scheduler.waitReason(of: SequenceID(1)) == .blocks)
            }
        }
        #expect(scheduler.runningIDs == [])
        let rows = scheduler.step().rows
        #expect(rows.map(\.sequence) == [SequenceID(1)])
        #expect(rows.map(\.queryLength) == [16])
        #expect(scheduler.statistics.preemptionCount == 0)
    }

    /// H5: the window's group counts 13 blocks, not 32 or 64:
    /// (64 - 1 + 128) / 16 rounded up, and one for where they begin.
    @Test(arguments: [(512, 32), (1024, 64)], admissions)
    func `a window counts as a window and a chunk, however long the prompt`(
        prompt: (length: Int, full: Int), admission: AdmissionPolicy
    ) throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(64)]
        func plan(_ blocks: Int) throws -> CacheLayout {
            try makeLayout(spans, blocks: blocks, length: prompt.length, chunk: 128)
        }
        #expect(throws: KVCacheError.self) { try plan(prompt.full + 13) }
        for caching in [true, false] {
            var scheduler = try Scheduler(
                layout: plan(prompt.full + 13 + 1),
                configuration: bounds(
                    tokens: 128, chunk: 128, admission: admission, caching: caching))
            try scheduler.submit(
                request(0, prompt.length - 1, maxTokens: 1), now: .zero)
            var lengths: [Int] = []
            while !scheduler.isIdle {
                lengths += scheduler.stepLengths()
                scheduler.checkInvariants()
            }
            let whole = prompt.length / 128 - 1
            #expect(lengths == Array(repeating: 128, count: whole) + [127])
            #expect(scheduler.statistics.preemptionCount == 0)
            #expect(scheduler.expectNothingLeft())
        }
    }

    /// H13: 85 / 16 = 5 blocks. (vLLM has 6 with chunks of 32, which it frees a step later.)
    @Test func `what leaves a window is freed with the next step, once`() throws {
        for (chunk, released) in [(256, [0, 5]), (32, [0, 1, 3, 5, 5])] {
            var scheduler = try Scheduler(
                layout: makeLayout([.slidingWindow(16)], blocks: 40, length: 256, chunk: 256),
                configuration: bounds(chunk: chunk))
            try scheduler.submit(
                Request(id: SequenceID(0), prompt: distinctTokens(100), maxTokens: 16), now: .zero)
            for nulls in released {
                let before = scheduler.statistics.usedBlocks
                let held = scheduler.statistics.cachedBlocks
                #expect(before + held <= 7)
                let plan = scheduler.plan(now: .zero)
                #expect(plan.blockTables[0].prefix { $0 == .null }.count == nulls)
                #expect(plan.blockTables[0].filter { $0 == .null }.count == nulls)
                let used = scheduler.statistics.usedBlocks
                let context = plan.rows[0].contextLength
                #expect(used == (context + 15) / 16 - nulls)
                #expect(scheduler.statistics.cachedBlocks == nulls, "they can still be hit")
                scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
                #expect(scheduler.statistics.usedBlocks == used, "not before the next step")
                scheduler.checkInvariants()
            }
            while !scheduler.isIdle {
                _ = scheduler.step()
                scheduler.checkInvariants()
            }
            #expect(scheduler.expectNothingLeft())
        }
    }
}
