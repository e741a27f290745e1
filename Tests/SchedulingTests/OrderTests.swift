import KVCache
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Orders` {
    private func scheduler(
        _ order: OrderChoice, running: Int = 1, tokens: Int = 8192
    ) throws -> Scheduler {
        try Scheduler(
            layout: makeLayout(),
            configuration: bounds(tokens: tokens, running: running, order: order))
    }

    private func prompt(_ head: Int, _ tail: Int, _ id: UInt64) -> Request {
        Request(
            id: SequenceID(id),
            prompt: distinctTokens(head) + distinctTokens(tail, from: 1000 * (Int(id) + 1)),
            maxTokens: 1)
    }

    /// The order in which requests end when one runs at a time.
    private func ends(_ scheduler: inout Scheduler, now: Duration = .zero) -> [UInt64] {
        var order: [UInt64] = []
        while !scheduler.isIdle {
            for case .finished(let id, _) in scheduler.step(now: now).ends {
                order.append(id.rawValue)
            }
        }
        return order
    }

    @Test func `the longest cached prefix goes first`() throws {
        for (order, expected) in [
            (OrderChoice.prefix, [0, 3, 1, 2] as [UInt64]), (.fcfs, [0, 1, 2, 3]),
        ] {
            var scheduler = try scheduler(order)
            try scheduler.submit(prompt(64, 8, 0), now: .zero)
            _ = scheduler.plan(now: .zero)
            scheduler.complete([.sampled(7)])
            try scheduler.submit(prompt(16, 8, 1), now: .zero)
            try scheduler.submit(prompt(0, 8, 2), now: .zero)
            try scheduler.submit(prompt(48, 8, 3), now: .zero)
            #expect(ends(&scheduler) == expected)
        }
    }

    @Test func `but nobody waits longer than the bound`() throws {
        var scheduler = try scheduler(.prefix(maxWait: .seconds(3)))
        try scheduler.submit(prompt(64, 8, 0), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(prompt(0, 8, 1), now: .zero)
        var turn: Int?
        for second in 1..<10 {
            try scheduler.submit(prompt(64, 8, UInt64(second) + 10), now: .seconds(second))
            let rows = scheduler.step(now: .seconds(second)).rows
            if rows.contains(where: { $0.sequence == SequenceID(1) }) { turn = turn ?? second }
        }
        #expect(turn == 3)
    }

    @Test func `a static batch admits nobody until it has ended`() throws {
        var scheduler = try scheduler(.staticBatches, running: 2)
        for (id, maxTokens) in [2, 4, 3].enumerated() {
            try scheduler.submit(request(UInt64(id), 4, maxTokens: maxTokens), now: .zero)
        }
        #expect(
            diagram(scheduler, ids: [0, 1, 2]) == [
                "PD.",
                "PDDD.",
                "wwwwPDD",
            ])
        _ = scheduler.step()
        _ = scheduler.step()
        _ = scheduler.step()
        #expect(scheduler.runningIDs == [1])
        #expect(scheduler.waitReason(of: SequenceID(2)) == .batch)
    }

    @Test func `arrivals may be told`() throws {
        var scheduler = try scheduler(.fcfs)
        for (id, arrival) in [4, 1, 3, 2].enumerated() {
            try scheduler.submit(
                request(UInt64(id), 4, maxTokens: 1, arrival: .seconds(arrival)), now: .seconds(9))
        }
        #expect(ends(&scheduler) == [1, 3, 2, 0])
    }

    @Test func `an order of one's own is one small type`() throws {
        struct ShortestFirst: OrderPolicy {
            func position(of request: Request, arrival: Duration) -> QueueKey {
                QueueKey(major: request.prompt.count, minor: arrival)
            }
        }
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(running: 1), order: ShortestFirst())
        for (id, count) in [9, 4, 7, 4].enumerated() {
            try scheduler.submit(request(UInt64(id), count, maxTokens: 1), now: .zero)
        }
        #expect(ends(&scheduler) == [1, 3, 2, 0])
    }

    @Test func `classes of one's own are planned before others`() throws {
        struct LongPromptsLast: OrderPolicy {
            func level(of request: Request, arrival: Duration, now: Duration) -> Int {
                request.prompt.count > 100 ? 1 : 0
            }
            func position(of request: Request, arrival: Duration) -> QueueKey {
                QueueKey(major: request.prompt.count > 100 ? 1 : 0, minor: arrival)
            }
        }
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 64, running: 8),
            order: LongPromptsLast())
        try scheduler.submit(request(0, 200), now: .zero)
        #expect(scheduler.stepLengths() == [64])
        try scheduler.submit(request(1, 60), now: .zero)
        let rows = scheduler.step().rows
        #expect(rows.map(\.sequence.rawValue) == [1, 0])
        #expect(rows.map(\.queryLength) == [60, 4])
    }
}

@Suite struct `Why a request waits` {
    @Test func `everybody can say`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 32, running: 2))
        try scheduler.submit(request(0, 40), now: .zero)
        #expect(scheduler.waitReason(of: SequenceID(0)) == .arrived)
        try scheduler.submit(request(1, 40), now: .zero)
        try scheduler.submit(request(2, 40), now: .zero)
        _ = scheduler.step()
        #expect(scheduler.waitReason(of: SequenceID(0)) == nil)
        #expect(scheduler.waitReason(of: SequenceID(1)) == .budget)
        #expect(scheduler.waitReason(of: SequenceID(2)) == .budget)
        for _ in 0..<3 { _ = scheduler.step() }
        #expect(scheduler.runningIDs == [0, 1])
        #expect(scheduler.waitReason(of: SequenceID(2)) == .slots)
        try scheduler.submit(request(3, 4), now: .zero)
        #expect(scheduler.waitReason(of: SequenceID(3)) == .arrived)
        #expect(scheduler.waitReason(of: SequenceID(99)) == nil)
    }

    @Test func `who lacks blocks, and who stands behind it`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 11, length: 160), configuration: bounds())
        try scheduler.submit(request(0, 100), now: .zero)
        try scheduler.submit(request(1, 100), now: .zero)
        try scheduler.submit(request(2, 4), now: .zero)
        _ = scheduler.step()
        #expect(scheduler.waitReason(of: SequenceID(1)) == .blocks)
        #expect(scheduler.waitReason(of: SequenceID(2)) == .order)
    }
}

@Suite struct `Forks` {
    private func started(running: Int = 4, maxTokens: Int = 8) throws -> Scheduler {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds(running: running))
        try scheduler.submit(
            Request(id: SequenceID(0), prompt: distinctTokens(40), maxTokens: maxTokens),
            now: .zero)
        _ = scheduler.plan(now: .zero)
        return scheduler
    }

    private func fork(_ id: UInt64, _ token: TokenID, maxTokens: Int? = nil) -> Fork {
        Fork(sequence: SequenceID(id), token: token, maxTokens: maxTokens)
    }

    @Test func `children share blocks and copy the one they write`() throws {
        var scheduler = try started()
        scheduler.complete([.forked(own: 5, [fork(1, 6), fork(2, 7)])])
        scheduler.checkInvariants()
        #expect(scheduler.runningIDs == [0, 1, 2])
        #expect(scheduler.statistics.usedBlocks == 3, "40 tokens, once")
        #expect(scheduler.running.map { $0.tokens.last } == [5, 6, 7])
        let plan = scheduler.plan(now: .zero)
        #expect(plan.tokens == [5, 6, 7])
        #expect(plan.positions == [40, 40, 40])
        // The last one too: until the step is done, the copies hold what they are made from.
        #expect(plan.transfers.count == 3)
        scheduler.complete([.sampled(1), .sampled(1), .sampled(1)])
        scheduler.checkInvariants()
        #expect(scheduler.statistics.usedBlocks == 2 + 3)
    }

    @Test func `a parent may end in its children without an answer`() throws {
        var scheduler = try started(running: 2)
        _ = scheduler.events()
        scheduler.complete([.forked(own: nil, [fork(1, 6), fork(2, 7)])])
        scheduler.checkInvariants()
        #expect(scheduler.runningIDs == [1, 2], "its place goes to a child")
        #expect(scheduler.events() == [])
        _ = scheduler.step()
        let cancelled = [1, 2].map { scheduler.cancel(SequenceID($0)) }
        #expect(cancelled == [true, true])
        #expect(scheduler.expectNothingLeft())
    }

    @Test func `a child without a place waits before all who came later`() throws {
        var scheduler = try started(running: 2)
        try scheduler.submit(request(9, 4), now: .seconds(1))
        scheduler.complete([.forked(own: 5, [fork(1, 6), fork(2, 7)])])
        scheduler.checkInvariants()
        #expect(scheduler.runningIDs == [0, 1])
        #expect(scheduler.waitingIDs == [2, 9])
        #expect(scheduler.events().preemptions.map(\.preemption.reason) == [.forkedIntoFullBatch])
        // It finds what it shares in the cache, and computes the rest.
        while scheduler.runningIDs.contains(0) { _ = scheduler.step() }
        let rows = scheduler.step().rows
        #expect(rows.first { $0.sequence == SequenceID(2) }?.startPosition == 40 || rows.count == 2)
    }

    @Test func `lengths are counted from the first prompt`() throws {
        var scheduler = try started(maxTokens: 3)
        _ = scheduler.events()
        scheduler.complete([.forked(own: 5, [fork(1, 6, maxTokens: 1), fork(2, 7)])])
        #expect(scheduler.events() == [.finished(SequenceID(1), .length)])
        #expect(scheduler.step().ends == [])
        let ends = scheduler.step().ends
        #expect(ends == [.finished(SequenceID(0), .length), .finished(SequenceID(2), .length)])
        #expect(scheduler.expectNothingLeft())
    }
}
