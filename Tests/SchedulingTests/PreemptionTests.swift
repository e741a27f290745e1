import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Losing and regaining a place` {
    private func tight(
        blocks: Int, length: Int = 160, running: Int = 16, caching: Bool = false
    ) throws -> Scheduler {
        try Scheduler(
            layout: makeLayout(blocks: blocks, length: length),
            configuration: bounds(
                running: running, admission: .fixedWatermark(headroom: 0), caching: caching))
    }

    /// E11
    @Test func `who runs last gives its blocks to who decodes first`() throws {
        var scheduler = try tight(blocks: 11)
        try scheduler.submit(request(0, 80), now: .zero)
        try scheduler.submit(request(1, 80), now: .zero)
        #expect(scheduler.stepLengths() == [80, 80])
        _ = scheduler.events()
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [0])
        #expect(scheduler.waitingIDs == [1])
        // Its token of the step before is kept.
        #expect(scheduler.waiting[0].tokens.count == 81)
    }

    @Test func `a preemption says why and what it costs`() throws {
        var scheduler = try tight(blocks: 11)
        try scheduler.submit(request(0, 80), now: .zero)
        try scheduler.submit(request(1, 80), now: .zero)
        _ = scheduler.step()
        let plan = scheduler.plan(now: .zero)
        let events = scheduler.events()
        #expect(
            events == [
                .preempted(
                    SequenceID(1),
                    Preemption(reason: .blocks, how: .recompute, recomputedTokens: 80))
            ])
        scheduler.complete(plan.rows.map { _ in .sampled(7) })
        while !scheduler.isIdle { _ = scheduler.step() }
        #expect(scheduler.statistics.preemptions == [.blocks: 1])
        #expect(scheduler.statistics.recomputedTokens == 80)
        #expect(scheduler.statistics.computedTokens == 2 * (80 + 15) + 80)
    }

    @Test func `of equals the one that loses least goes`() throws {
        // 10 blocks, all taken; the first is about to want one more.
        var scheduler = try tight(blocks: 11)
        try scheduler.submit(request(0, 64, maxTokens: 40), now: .zero)
        try scheduler.submit(request(1, 32, maxTokens: 40), now: .zero)
        try scheduler.submit(request(2, 64, maxTokens: 40), now: .zero)
        #expect(scheduler.stepLengths() == [64, 32, 64])
        _ = scheduler.events()
        let plan = scheduler.plan(now: .zero)
        #expect(scheduler.events().preemptions.map(\.id) == [1])
        #expect(plan.rows.map(\.sequence.rawValue) == [0, 2])
    }

    @Test func `nobody returns before there is room to stay`() throws {
        var scheduler = try tight(blocks: 11)
        try scheduler.submit(request(0, 80, maxTokens: 40), now: .zero)
        try scheduler.submit(request(1, 79, maxTokens: 40), now: .zero)
        while !scheduler.isIdle {
            _ = scheduler.step()
            scheduler.checkInvariants()
        }
        #expect(scheduler.statistics.preemptions == [.blocks: 1], "once, not once a block")
    }

    @Test func `preempted requests return in the order of their arrival`() throws {
        var scheduler = try tight(blocks: 13)
        for id in 0..<3 as Range<UInt64> {
            try scheduler.submit(request(id, 60, maxTokens: 30), now: .zero)
        }
        try scheduler.submit(request(3, 8, maxTokens: 2), now: .zero)
        var waited: [[UInt64]] = []
        while !scheduler.isIdle {
            _ = scheduler.step()
            scheduler.checkInvariants()
            waited.append(scheduler.waitingIDs)
        }
        #expect(waited.contains([2, 3]))
        #expect(waited.allSatisfy { $0 == $0.sorted() })
    }

    /// Each victim has progressed since its last preemption.
    @Test func `nobody is preempted twice for nothing`() throws {
        var scheduler = try tight(blocks: 30, length: 200, caching: true)
        for id in 0..<8 as Range<UInt64> {
            try scheduler.submit(request(id, 50, maxTokens: 100), now: .zero)
        }
        var totals: [UInt64: Int] = [:]
        var steps = 0
        while !scheduler.isIdle {
            let before = scheduler.running.map { ($0.id.rawValue, $0.total) }
            let plan = scheduler.plan(now: .zero)
            for (id, _) in scheduler.events().preemptions {
                let total = before.first { $0.0 == id }?.1 ?? 0
                #expect(total > totals[id, default: 0], "request \(id) has done nothing since")
                totals[id] = total
            }
            scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
            steps += 1
        }
        #expect(!totals.isEmpty)
        #expect(steps < 8 * 100)
    }

    @Test func `injected preemptions change when, not what`() throws {
        let layout = try makeLayout(blockSize: 4, blocks: 200, length: 96, chunk: 16)
        let requests = (0..<5 as Range<UInt64>).map { request($0, 20, maxTokens: 12) }
        let calm = try runToEnd(requests, layout, bounds(tokens: 32, chunk: 16))
        for every in [1, 2, 3, 7] {
            for caching in [false, true] {
                var configuration = bounds(tokens: 32, chunk: 16, caching: caching)
                configuration.forcedPreemption = .init(every: every)
                #expect(try runToEnd(requests, layout, configuration) == calm)
            }
        }
    }

    /// E15
    @Test func `a reset preempts those who run, and they keep their order`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        for id in 0..<10 as Range<UInt64> { try scheduler.submit(request(id, 20), now: .zero) }
        _ = scheduler.step()
        #expect(scheduler.statistics.cachedBlocks == 0)
        let refused = scheduler.resetPrefixCache(preemptRunning: false)
        #expect(!refused)
        #expect(scheduler.runningIDs.count == 10)
        let done = scheduler.resetPrefixCache(preemptRunning: true)
        #expect(done)
        #expect(scheduler.waitingIDs == Array(0..<10))
        #expect(scheduler.runningIDs == [])
        #expect(scheduler.statistics.cachedBlocks == 0)
        #expect(scheduler.statistics.preemptions == [.reset: 10])
        #expect(scheduler.step().rows.map(\.queryLength) == Array(repeating: 21, count: 10))
    }

    /// E16
    @Test func `preempting everybody in the midst changes no token`() throws {
        let layout = try makeLayout(blockSize: 4, blocks: 200, length: 96, chunk: 16)
        let requests = (0..<6 as Range<UInt64>).map { request($0, 24, maxTokens: 10) }
        let calm = try runToEnd(requests, layout, bounds(tokens: 32))
        var scheduler = try Scheduler(layout: layout, configuration: bounds(tokens: 32))
        let executor = HashExecutor(layout: layout)
        for request in requests { try scheduler.submit(request, now: .zero) }
        var generated: [UInt64: [TokenID]] = [:]
        var steps = 0
        while !scheduler.isIdle {
            steps += 1
            if steps == 10 {
                let done = scheduler.resetPrefixCache(preemptRunning: true)
                #expect(done)
            }
            let step = scheduler.plan(now: .zero)
            try executor.execute(step)
            scheduler.complete(
                step.rows.map { row -> RowOutcome in
                    guard row.samples else { return .advanced }
                    let token = likeliest(executor, row.outputStart)
                    generated[row.sequence.rawValue, default: []].append(token)
                    return .sampled(token)
                })
        }
        #expect((0..<6).map { generated[$0] ?? [] } == calm)
    }
}
