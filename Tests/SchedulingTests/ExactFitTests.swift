import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// A pool for `count` requests of `prompt` and `answer` tokens, and not a block more.
private struct ExactPool: CustomTestStringConvertible, Sendable {
    var count: Int
    var prompt: Int
    var answer: Int
    var blockSize = 16
    var spans: [AttentionSpan] = [.full]
    var admission = AdmissionPolicy.watermark

    var testDescription: String {
        "\(count) of \(prompt) + \(answer), \(spans.count) groups, \(admission)"
    }

    static let admissions: [AdmissionPolicy] = [
        .watermark, .watermark(headroom: 0.3), .fixedWatermark(headroom: 0.3), .reserve,
    ]

    /// What `quire bench throughput` runs, and layers with windows.
    static let all: [ExactPool] = admissions.flatMap { admission in
        [
            ExactPool(count: 16, prompt: 512, answer: 48, admission: admission),
            ExactPool(count: 32, prompt: 128, answer: 48, admission: admission),
            ExactPool(count: 16, prompt: 512, answer: 17, admission: admission),
            ExactPool(
                count: 3, prompt: 64, answer: 20, blockSize: 4,
                spans: [.full, .slidingWindow(8), .slidingWindow(12)], admission: admission),
        ]
    }

    func makeScheduler(caching: Bool = true) throws -> Scheduler {
        let layout = try KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 2), blockSize: blockSize,
            maxModelLength: prompt + answer, maxChunk: 8192
        ).plan(sequences: count)
        return try Scheduler(
            layout: layout,
            configuration: bounds(running: count, admission: admission, caching: caching))
    }

    var ids: [UInt64] { (0..<count).map { UInt64($0) } }

    func submit(to scheduler: inout Scheduler) throws {
        for id in ids {
            try scheduler.submit(request(id, prompt, maxTokens: answer), now: .zero)
        }
    }

    /// All at once and to their ends together.
    var together: [String] {
        ids.map { _ in "P" + String(repeating: "D", count: answer - 1) }
    }
}

@Suite struct `What fits exactly` {
    /// A.22: the headroom of the forecast kept the last of them out until the first had ended.
    @Test(arguments: ExactPool.all)
    private func `cached prompts for which the pool was sized run at once`(pool: ExactPool) throws {
        var scheduler = try pool.makeScheduler()
        try pool.submit(to: &scheduler)
        while !scheduler.isIdle { _ = scheduler.step() }
        try pool.submit(to: &scheduler)
        let first = scheduler
        #expect(diagram(first, ids: pool.ids) == pool.together)
        #expect(scheduler.step().rows.map(\.queryLength) == pool.ids.map { _ in 1 })
        while !scheduler.isIdle { _ = scheduler.step() }
        #expect(scheduler.statistics.preemptionCount == 0)
        #expect(scheduler.expectNothingLeft())
    }

    @Test(arguments: ExactPool.all)
    private func `new prompts for which the pool was sized run at once`(pool: ExactPool) throws {
        for caching in [true, false] {
            var scheduler = try pool.makeScheduler(caching: caching)
            try pool.submit(to: &scheduler)
            #expect(diagram(scheduler, ids: pool.ids) == pool.together)
        }
    }

    @Test func `one block less, and the last one waits for what it is promised`() throws {
        // Four blocks each at their ends, three at first; ten for three of them.
        let layout = try makeLayout(blockSize: 4, blocks: 12, length: 16)
        var scheduler = try Scheduler(
            layout: layout, configuration: bounds(admission: .reserve, caching: false))
        for id in 0..<3 as Range<UInt64> {
            try scheduler.submit(request(id, 12, maxTokens: 4), now: .zero)
        }
        #expect(
            diagram(scheduler, ids: [0, 1, 2]) == [
                "PDDD.",
                "PDDD.",
                "wwwwPDDD",
            ])
    }

    /// Whoever runs already and who is admitted later, of one class or of a better one.
    @Test(arguments: ExactPool.admissions, [0, -1])
    func `a second request that fits exactly does not wait for the first`(
        admission: AdmissionPolicy, priority: Int
    ) throws {
        // Four blocks each: 4 tokens to begin with, 15 at the end.
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 4, blocks: 9, length: 16),
            configuration: bounds(order: .priority, admission: admission))
        try scheduler.submit(request(0, 4, maxTokens: 12), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(request(1, 4, maxTokens: 12, priority: priority), now: .zero)
        #expect(
            diagram(scheduler, ids: [0, 1]) == [
                "DDDDDDDDDDD.",
                "PDDDDDDDDDDD",
            ])
        while !scheduler.isIdle { _ = scheduler.step() }
        #expect(scheduler.statistics.preemptionCount == 0)
    }

    /// A prefix that another still holds costs nothing, whatever it has in windows besides.
    @Test(arguments: ExactPool.admissions)
    func `a prefix that is held is not asked for twice`(admission: AdmissionPolicy) throws {
        let layout = try makeLayout(
            [.full, .slidingWindow(4)], blockSize: 4, blocks: 18, length: 32, chunk: 32)
        var scheduler = try Scheduler(
            layout: layout, configuration: bounds(chunk: 4, admission: admission))
        // 7 + 3 blocks at its end; of the prompt's 5 whole blocks the full group keeps all.
        let prompt = distinctTokens(21)
        try scheduler.submit(Request(id: SequenceID(0), prompt: prompt, maxTokens: 8), now: .zero)
        for _ in 0..<7 { _ = scheduler.step() }
        // 2 blocks of its own beside them, and 3 of the window.
        try scheduler.submit(Request(id: SequenceID(1), prompt: prompt, maxTokens: 8), now: .zero)
        let rows = scheduler.step().rows
        #expect(rows.map(\.sequence) == [SequenceID(0), SequenceID(1)])
        #expect(rows.map(\.queryLength) == [1, 1])
        while !scheduler.isIdle {
            _ = scheduler.step()
            scheduler.checkInvariants()
        }
        #expect(scheduler.statistics.preemptionCount == 0)
    }

    /// The sources of copies are held until the step is done; where they would take what others
    /// need in the same step, they become the block that is written.
    @Test(arguments: ExactPool.admissions)
    func `copies do not preempt anybody`(admission: AdmissionPolicy) throws {
        let layout = try makeLayout(blockSize: 4, blocks: 9, length: 8)
        var scheduler = try Scheduler(
            layout: layout, configuration: bounds(admission: admission))
        for id in 0..<4 as Range<UInt64> {
            try scheduler.submit(request(id, 8, maxTokens: 0), now: .zero)
        }
        while !scheduler.isIdle { _ = scheduler.step() }
        for id in 0..<4 as Range<UInt64> {
            try scheduler.submit(request(id, 7, maxTokens: 1), now: .zero)
        }
        while !scheduler.isIdle {
            #expect(!scheduler.step().rows.isEmpty)
            scheduler.checkInvariants()
        }
        #expect(scheduler.statistics.preemptionCount == 0)
        #expect(scheduler.expectNothingLeft())
    }

    /// What is shared with a step that fails has to be computed after all.
    @Test func `a failed step breaks no promise`() throws {
        // 3 blocks and 2, of which one is shared if the first step succeeds.
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 1, blocks: 5, length: 4),
            configuration: bounds(chunk: 2, admission: .reserve))
        for (id, maxTokens) in [(0, 2), (1, 1)] as [(UInt64, Int)] {
            try scheduler.submit(
                Request(id: SequenceID(id), prompt: [5, 5], maxTokens: maxTokens), now: .zero)
        }
        _ = scheduler.plan(now: .zero)
        scheduler.abandon()
        scheduler.checkInvariants()
        while !scheduler.isIdle {
            _ = scheduler.step()
            scheduler.checkInvariants()
        }
        #expect(scheduler.statistics.preemptionCount == 0)
    }
}
