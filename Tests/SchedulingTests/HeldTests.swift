import KVCache
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `A held request` {
    private func makeScheduler(
        running: Int = 2, sequences: Int = 2
    ) throws -> Scheduler {
        let layout = try KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 2), blockSize: 4,
            maxModelLength: 32, maxChunk: 16
        ).plan(sequences: sequences)
        return try Scheduler(
            layout: layout,
            configuration: SchedulerConfiguration(
                maxStepTokens: 64, maxStepOutputs: 8, maxChunk: 16, maxRunning: running))
    }

    private func request(_ id: UInt64, _ count: Int) -> Request {
        Request(
            id: SequenceID(id), prompt: (0..<count).map { TokenID(UInt32($0) + UInt32(id) * 100) },
            maxTokens: 8)
    }

    @Test func `leaves its place to others, keeps its blocks, and goes on where it was`() throws {
        var scheduler = try makeScheduler(running: 1)
        try scheduler.submit(request(1, 6), now: .zero)
        try scheduler.submit(request(2, 6), now: .zero)
        var plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.sequence) == [SequenceID(1)])
        scheduler.complete([.held])
        scheduler.checkInvariants()
        #expect(scheduler.statistics.usedBlocks == 2)
        #expect(!scheduler.isIdle)

        plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.sequence) == [SequenceID(2)])
        scheduler.complete([.held])
        plan = scheduler.plan(now: .zero)
        #expect(plan.isEmpty)
        scheduler.checkInvariants()

        scheduler.decide(SequenceID(1), .sampled(7))
        scheduler.checkInvariants()
        plan = scheduler.plan(now: .zero)
        let row = try #require(plan.rows.first)
        #expect(row.sequence == SequenceID(1))
        #expect(row.startPosition == 6, "nothing is computed again")
        scheduler.complete([.finished(.stop)])
        scheduler.decide(SequenceID(2), .finished(.cancelled))
        scheduler.checkInvariants()
        #expect(scheduler.isIdle)
        #expect(scheduler.statistics.usedBlocks == 0)
    }

    @Test func `gives its blocks to those who run, and is computed again`() throws {
        var scheduler = try makeScheduler(running: 2, sequences: 1)
        // The pool has 8 blocks.
        try scheduler.submit(request(1, 14), now: .zero)
        _ = scheduler.plan(now: .zero)
        scheduler.complete([.held])
        try scheduler.submit(request(2, 20), now: .zero)
        for outcome in [RowOutcome.advanced, .held] {
            let plan = scheduler.plan(now: .zero)
            #expect(plan.rows.map(\.sequence) == [SequenceID(2)])
            scheduler.checkInvariants()
            scheduler.complete([outcome])
        }
        var actions: [SchedulerAction] = []
        scheduler.takeActions(into: &actions)
        let lost = actions.contains {
            if case .preempted(SequenceID(1), let preemption) = $0 {
                return preemption.reason == .blocks
            }
            return false
        }
        #expect(lost)
    }

    @Test func `may be cancelled, and is preempted by a reset of the cache`() throws {
        var scheduler = try makeScheduler()
        try scheduler.submit(request(1, 6), now: .zero)
        try scheduler.submit(request(2, 6), now: .zero)
        _ = scheduler.plan(now: .zero)
        scheduler.complete([.held, .held])
        let cancelled = scheduler.cancel(SequenceID(1))
        #expect(cancelled)
        scheduler.checkInvariants()
        let refused = !scheduler.resetPrefixCache(preemptRunning: false)
        #expect(refused)
        let done = scheduler.resetPrefixCache(preemptRunning: true)
        #expect(done)
        scheduler.checkInvariants()
        scheduler.decide(
            SequenceID(2),
            .forked(own: 5, [Fork(sequence: SequenceID(3), token: 6)]))
        scheduler.checkInvariants()
        let plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.sequence).sorted() == [SequenceID(2), SequenceID(3)])
        #expect(plan.rows.map(\.contextLength) == [7, 7])
        scheduler.complete([.finished(.stop), .finished(.stop)])
        #expect(scheduler.isIdle)
        #expect(scheduler.statistics.usedBlocks == 0)
    }

    /// Three of four beams run at once; the fourth has room only when the three that wait for it
    /// give up theirs, and what they were promised with them.
    @Test func `that gave up its blocks is promised none`() throws {
        let layout = try makeLayout(blockSize: 1, blocks: 8, length: 4)
        var scheduler = try Scheduler(
            layout: layout, configuration: bounds(running: 3, admission: .reserve))
        var first = request(0, 2)
        first.maxTokens = 2
        first.branches = 4
        try scheduler.submit(first, now: .zero)
        _ = scheduler.plan(now: .zero)
        scheduler.complete([.held])
        let forks = (1...3).map { Fork(sequence: SequenceID($0), token: TokenID(UInt32($0))) }
        scheduler.decide(SequenceID(0), .forked(own: 9, forks))
        #expect(scheduler.plan(now: .zero).rows.count == 3)
        scheduler.complete([.held, .held, .held])
        scheduler.checkInvariants()
        let plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.sequence) == [SequenceID(3)])
        scheduler.complete([.held])
        scheduler.checkInvariants()
        for id: UInt64 in 0...3 { scheduler.decide(SequenceID(id), .finished(.cancelled)) }
        #expect(scheduler.expectNothingLeft())
    }
}
