import DequeModule
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// Section E of the reference behaviours; preemption, prefixes, classes and fairness have suites of
/// their own.
///
/// Not here, because Quire has no such thing: batches in flight at once (E5, E23, E25, E31),
/// speculative drafts (E19, E20), resumable sessions (E24), remote KV connectors (E26, E27),
/// grammars (E29), prompts that may not be cut (half of E4). E7, E9, E10 and E33 are the engine's.
@Suite struct `The scheduler` {
    /// E1
    @Test func `arrivals are counted until they leave`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        for id in 0..<10 as Range<UInt64> {
            try scheduler.submit(request(id, 10), now: .zero)
            #expect(scheduler.statistics.waiting == Int(id) + 1)
        }
        for id in 0..<10 as Range<UInt64> {
            let cancelled = scheduler.cancel(SequenceID(id))
            #expect(cancelled)
            #expect(scheduler.statistics.waiting == 9 - Int(id))
            #expect(scheduler.events() == [.finished(SequenceID(id), .cancelled)])
        }
        #expect(scheduler.isIdle)
    }

    /// E18
    @Test func `the gauges count who waits and who runs`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds(tokens: 100))
        for id in 0..<5 as Range<UInt64> { try scheduler.submit(request(id, 50), now: .zero) }
        _ = scheduler.step()
        #expect(scheduler.statistics.running == 2)
        #expect(scheduler.statistics.waiting == 3)
        #expect(scheduler.statistics.usedBlocks == 2 * 4)
        #expect(scheduler.statistics.cachedBlocks == 0)
        #expect(scheduler.statistics.freeBlocks == 9_999 - 8)
    }

    /// E22, E32
    @Test func `aborted one by one, each has what it had by then`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        for id in 0..<10 as Range<UInt64> {
            try scheduler.submit(request(id, 10, maxTokens: 20), now: .zero)
        }
        let order: [UInt64] = [0, 8, 3, 1, 6, 4, 2, 5, 7, 9]
        for (step, id) in order.enumerated() {
            let state = scheduler.running.first { $0.id.rawValue == id }
            #expect(state == nil ? step == 0 : state?.generated == step)
            let cancelled = scheduler.cancel(SequenceID(id))
            #expect(cancelled)
            if !scheduler.isIdle { _ = scheduler.step() }
        }
        #expect(scheduler.expectNothingLeft())
        let again = scheduler.cancel(SequenceID(9))
        #expect(!again)
    }

    /// E2
    @Test func `all that fit start in one step, in the order of arrival`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        for id in 0..<10 as Range<UInt64> { try scheduler.submit(request(id, 10), now: .zero) }
        #expect(scheduler.waiting.count == 10)
        let (rows, ends) = scheduler.step()
        #expect(rows.map(\.queryLength) == Array(repeating: 10, count: 10))
        #expect(rows.map(\.sequence) == (0..<10).map { SequenceID($0) })
        #expect(rows.allSatisfy { $0.outputLength == 1 })
        #expect(ends == [])
        #expect(scheduler.waiting.isEmpty)
        #expect(scheduler.running.map(\.id) == (0..<10).map { SequenceID($0) })
    }

    /// E3
    @Test func `long prompts share a step, and decodes come before them`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 1024, chunk: 400))
        for id in 0..<3 as Range<UInt64> { try scheduler.submit(request(id, 800), now: .zero) }
        #expect(scheduler.stepLengths() == [400, 400, 224])
        #expect(scheduler.stepLengths() == [400, 400, 224])
        #expect(scheduler.stepLengths() == [1, 1, 352])
    }

    /// E4
    @Test func `the queue is strictly in order`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 1024, running: 3))
        for (id, count) in [(0, 800), (1, 800), (2, 10), (3, 10)] as [(UInt64, Int)] {
            try scheduler.submit(request(id, count), now: .zero)
        }
        #expect(scheduler.stepLengths() == [800, 224])
        #expect(scheduler.stepLengths() == [1, 576, 10])
        #expect(scheduler.waiting.map(\.id) == [SequenceID(3)], "the batch is full")
    }

    @Test func `a large request that does not fit yet holds back those behind it`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 1, blocks: 11, length: 10), configuration: bounds())
        try scheduler.submit(request(0, 4, maxTokens: 3), now: .zero)
        try scheduler.submit(request(1, 5, maxTokens: 4), now: .zero)
        try scheduler.submit(request(2, 1, maxTokens: 1), now: .zero)
        #expect(scheduler.stepLengths() == [4])
        #expect(scheduler.stepLengths() == [1])
        #expect(scheduler.waiting.map(\.id) == [SequenceID(1), SequenceID(2)])
        #expect(scheduler.step().ends == [.finished(SequenceID(0), .length)])
        #expect(scheduler.stepLengths() == [5, 1])
    }

    /// E8, E17, E21
    @Test func `a request ends with its last token and computes no more than it must`() throws {
        for maxTokens in [1, 2, 3, 5] {
            var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
            let lengths = [7, 1, 33]
            for (id, count) in lengths.enumerated() {
                try scheduler.submit(
                    request(UInt64(id), count, maxTokens: maxTokens), now: .zero)
            }
            var scheduled = 0
            while !scheduler.isIdle { scheduled += scheduler.stepLengths().reduce(0, +) }
            #expect(scheduled == lengths.reduce(0) { $0 + $1 + maxTokens - 1 })
            #expect(scheduler.cache.pool.usedCount == 0)
        }
    }

    @Test func `the longest context ends a request`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(length: 20), configuration: bounds())
        try scheduler.submit(request(0, 17, maxTokens: .max), now: .zero)
        #expect(scheduler.step().ends == [])
        #expect(scheduler.step().ends == [])
        #expect(scheduler.step().ends == [.finished(SequenceID(0), .length)])
    }

    /// E6
    @Test func `a stop frees the request's blocks at once`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        try scheduler.submit(request(0, 40), now: .zero)
        try scheduler.submit(request(1, 40), now: .zero)
        _ = scheduler.plan(now: .zero)
        scheduler.complete([.finished(.stop), .sampled(3)])
        #expect(scheduler.ends() == [.finished(SequenceID(0), .stop)])
        #expect(scheduler.running.map(\.id) == [SequenceID(1)])
        #expect(scheduler.running[0].tokens.last == 3)
        #expect(scheduler.cache.pool.usedCount == 3)
        scheduler.checkInvariants()
    }

    @Test func `a prompt to be scored has all its outputs, in bounded portions`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(outputs: 8, running: 8))
        let prompt = (0..<40).map { TokenID(UInt32($0)) }
        try scheduler.submit(
            Request(id: SequenceID(0), prompt: prompt, maxTokens: 0, firstOutput: 10), now: .zero)
        var positions: [Int] = []
        while !scheduler.isIdle {
            let (rows, _) = scheduler.step2(outcome: .advanced)
            for row in rows {
                #expect(row.outputLength <= 8)
                positions += (row.contextLength - row.outputLength)..<row.contextLength
            }
        }
        #expect(positions == Array(10..<40))
    }

    @Test func `cancelling frees a request wherever it is`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 16, running: 2))
        for id in 0..<4 as Range<UInt64> { try scheduler.submit(request(id, 20), now: .zero) }
        _ = scheduler.step()
        let early = [3, 0, 0, 99].map { scheduler.cancel(SequenceID($0)) }
        #expect(early == [true, true, false, false])
        scheduler.checkInvariants()
        _ = scheduler.step()
        let late = [1, 2].map { scheduler.cancel(SequenceID($0)) }
        #expect(late == [true, true])
        #expect(scheduler.isIdle)
        #expect(scheduler.cache.pool.usedCount == 0)
    }

    @Test func `an abandoned step is planned again`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        try scheduler.submit(request(0, 20), now: .zero)
        let first = scheduler.plan(now: .zero)
        scheduler.abandon()
        let second = scheduler.plan(now: .zero)
        #expect(first.rows == second.rows)
        #expect(first.blockTables.map(\.count) == second.blockTables.map(\.count))
    }

    @Test func `a plan shows each row its own part of the flat arrays`() throws {
        let layout = try makeLayout([.full, .slidingWindow(4)], blockSize: 2, chunk: 4)
        var scheduler = try Scheduler(
            layout: layout, configuration: bounds(chunk: 4))
        try scheduler.submit(request(5, 3), now: .zero)
        try scheduler.submit(request(6, 9), now: .zero)
        _ = scheduler.step()
        _ = scheduler.step()
        let step = scheduler.plan(now: .zero)
        #expect(step.tokens == [7, 6])
        #expect(step.positions == [4, 8])
        #expect(step.outputs == [0, 1])
        #expect(step.rows.map(\.contextLength) == [5, 9])
        #expect(step.rows.map(\.tableStart) == [0, 3])
        #expect(step.rows.map(\.tableLength) == [3, 5])
        let window = layout.groups.firstIndex { $0.span != .full } ?? 0
        let full = 1 - window
        #expect(step.blockTables.map(\.count) == [8, 8])
        #expect(!step.blockTables[full].contains(.null))
        #expect(
            step.blockTables[window].map { $0 == .null }
                == [false, false, false] + [true, true, false, false, false])
    }
}

extension Scheduler {
    /// As `step`, with one outcome for every row.
    fileprivate mutating func step2(
        outcome: RowOutcome
    ) -> (rows: [StepPlan.Row], actions: [SchedulerAction]) {
        let rows = plan(now: .zero).rows
        complete(rows.map { _ in outcome })
        return (rows, ends())
    }
}
