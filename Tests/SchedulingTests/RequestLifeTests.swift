import KVCache
import QuireIdentifiers
import Testing

@testable import Scheduling

/// Rows E17, E18, E28 and E30: what is left of requests, and who goes first of those passed over.
@Suite struct `The life of a request` {
    /// E17
    @Test(arguments: [true, false])
    func `five requests leave nothing behind`(caching: Bool) throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds(caching: caching))
        for id in 0..<5 as Range<UInt64> {
            try scheduler.submit(request(id, 10, maxTokens: 10), now: .zero)
        }
        while !scheduler.isIdle { _ = scheduler.step() }
        #expect(scheduler.table.count == 0)
        #expect(scheduler.table.states.allSatisfy { $0.tokens.isEmpty && $0.keys.keys.isEmpty })
        #expect(scheduler.table.states.allSatisfy { $0.blocks.liveCount == 0 })
        #expect(scheduler.batch.isEmpty && scheduler.held.isEmpty && scheduler.inFlight.isEmpty)
        #expect(scheduler.lanes.allSatisfy { $0.isEmpty })
        #expect(scheduler.waitingCount == 0 && scheduler.waitingTokens == 0)
        // 19 of 20 tokens were computed: one block of each is full.
        let cached = caching ? 5 : 0
        #expect(
            scheduler.cache.gauges == CacheGauges(used: 0, cached: cached, free: 9_999 - cached))
        for id in 0..<5 as Range<UInt64> {
            #expect(scheduler.waitReason(of: SequenceID(id)) == nil)
            let cancelled = scheduler.cancel(SequenceID(id))
            #expect(!cancelled)
        }
        let reset = scheduler.resetPrefixCache(preemptRunning: false)
        #expect(reset)
        #expect(scheduler.statistics.freeBlocks == 9_999)
    }

    /// E30
    @Test func `a number may be used again once its request has ended`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        for round in 0..<3 {
            try scheduler.submit(request(4, 10, maxTokens: 2), now: .zero)
            #expect(scheduler.statistics.waiting == 1)
            _ = scheduler.step()
            #expect(scheduler.statistics.waiting == 0 && scheduler.statistics.running == 1)
            if round == 1 {
                let cancelled = scheduler.cancel(SequenceID(4))
                #expect(cancelled)
                #expect(scheduler.ends() == [.finished(SequenceID(4), .cancelled)])
            } else {
                #expect(scheduler.step().ends == [.finished(SequenceID(4), .length)])
            }
            #expect(scheduler.statistics.waiting == 0 && scheduler.statistics.running == 0)
            #expect(scheduler.isIdle)
        }
    }

    /// E18, E28: the queue passes nobody over. Who gets no token for a while, here to share what
    /// another is computing, waits in the batch and keeps the place before those that came later.
    @Test func `who is passed over keeps the place before later ones`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 96, chunk: 32, running: 3))
        let shared = distinctTokens(200)
        let prompts = [
            shared, shared, distinctTokens(400, from: 500), distinctTokens(9, from: 1000),
            distinctTokens(9, from: 2000),
        ]
        for (id, prompt) in prompts.enumerated() {
            try scheduler.submit(
                Request(id: SequenceID(UInt64(id)), prompt: prompt, maxTokens: 2), now: .zero)
        }
        // In the 6th step the leader fills the last block that is shared.
        for _ in 0..<5 {
            #expect(scheduler.step().rows.map(\.sequence.rawValue) == [0, 2])
            #expect(scheduler.waitReason(of: SequenceID(1)) == .prefix)
            #expect(scheduler.waitReason(of: SequenceID(3)) == .slots)
            #expect(scheduler.runningIDs == [0, 1, 2])
            #expect(scheduler.waitingIDs == [3, 4])
            #expect(scheduler.statistics.running == 3)
            #expect(scheduler.statistics.waiting == 2)
        }
        let rows = scheduler.step().rows
        #expect(rows.map(\.sequence.rawValue) == [0, 1, 2])
        #expect(rows.map(\.startPosition) == [160, 192, 160])
        #expect(rows.map(\.queryLength) == [32, 8, 32])
        var admitted: [UInt64] = []
        while !scheduler.isIdle {
            let plan = scheduler.plan(now: .zero)
            admitted += scheduler.events().admissions.map(\.id)
            scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        }
        #expect(admitted == [3, 4])
    }
}
