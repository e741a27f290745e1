import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// Rows E26 and E28, as far as Quire has their like: who waits for blocks from a file.
@Suite struct `A request whose prefix is being read from a file` {
    private struct Parts {
        var scheduler: Scheduler
        var executor: HashExecutor
    }

    private func parts() throws -> Parts {
        let layout = try makeLayout(blockSize: 4, blocks: 24, length: 64)
        var configuration = bounds()
        configuration.cache.hostSlots = 8
        configuration.cache.fileRecords = 20
        return Parts(
            scheduler: try Scheduler(layout: layout, configuration: configuration),
            executor: HashExecutor(layout: layout, hostSlots: 8))
    }

    private func requests() -> [Request] {
        [
            Request(id: SequenceID(0), prompt: distinctTokens(13), maxTokens: 3),
            Request(id: SequenceID(1), prompt: distinctTokens(9, from: 20), maxTokens: 3),
        ]
    }

    private func step(_ parts: inout Parts) throws -> [StepPlan.Row] {
        let plan = parts.scheduler.plan(now: .zero)
        parts.executor.start(parts.scheduler.takeTierWork())
        if !plan.isEmpty {
            try parts.executor.execute(plan)
            parts.scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        }
        parts.scheduler.checkInvariants()
        return plan.rows
    }

    private func drainFile(_ parts: inout Parts) {
        while parts.scheduler.awaitsTierWork {
            parts.scheduler.completeTierWork(parts.executor.takeCompletions(waiting: true))
            parts.executor.start(parts.scheduler.takeTierWork())
        }
        parts.scheduler.checkInvariants()
    }

    /// A process that finds the three whole blocks of the first request in its file, and has
    /// begun to read them.
    private func loading() throws -> Parts {
        var first = try parts()
        try first.scheduler.submit(requests()[0], now: .zero)
        while !first.scheduler.isIdle { _ = try step(&first) }
        first.executor.start(first.scheduler.savePrefixCache())
        drainFile(&first)

        var next = try parts()
        next.executor.records = first.executor.records
        let restored = next.scheduler.restorePrefixCache(
            first.executor.records.mapValues(\.record))
        #expect(restored == 3)
        for request in requests() { try next.scheduler.submit(request, now: .zero) }
        #expect(try step(&next).map(\.sequence) == [SequenceID(1)])
        #expect(next.scheduler.waitReason(of: SequenceID(0)) == .loading)
        #expect(next.scheduler.runningIDs == [0, 1])
        #expect(next.scheduler.awaitsTierWork)
        return next
    }

    /// E28
    @Test func `lets others run and keeps the place before them`() throws {
        var parts = try loading()
        drainFile(&parts)
        let plan = parts.scheduler.plan(now: .zero)
        // Decodes are planned before prompts; in the batch it is still the first.
        #expect(parts.scheduler.runningIDs == [0, 1])
        #expect(plan.rows.map(\.sequence) == [SequenceID(1), SequenceID(0)])
        #expect(plan.rows.map(\.startPosition) == [9, 12], "nothing is computed again")
        #expect(parts.scheduler.waitReason(of: SequenceID(0)) == nil)
        try parts.executor.execute(plan)
        parts.scheduler.complete(plan.rows.map { _ in .sampled(7) })
        while !parts.scheduler.isIdle { _ = try step(&parts) }
        #expect(parts.scheduler.expectNothingLeft())
    }

    /// E26
    @Test func `leaves nothing behind when it is given up`() throws {
        var parts = try loading()
        let cancelled = parts.scheduler.cancel(SequenceID(0))
        #expect(cancelled)
        #expect(parts.scheduler.runningIDs == [1])
        drainFile(&parts)
        while !parts.scheduler.isIdle { _ = try step(&parts) }
        drainFile(&parts)
        #expect(parts.scheduler.expectNothingLeft())
        #expect(parts.scheduler.cache.tierStatistics.hostPinned == 0)
    }

    /// Both prefixes lie in the file alone, the host tier has room for one: what one has fetched
    /// the other drives out before it is loaded.
    @Test func `and another's, and no room for both: neither waits for ever`() throws {
        func parts() throws -> Parts {
            let layout = try makeLayout(blockSize: 4, blocks: 24, length: 64)
            var configuration = bounds()
            configuration.cache.hostSlots = 3
            configuration.cache.fileRecords = 20
            return Parts(
                scheduler: try Scheduler(layout: layout, configuration: configuration),
                executor: HashExecutor(layout: layout, hostSlots: 3))
        }
        let requests = [
            Request(id: SequenceID(0), prompt: distinctTokens(13), maxTokens: 2),
            Request(id: SequenceID(1), prompt: distinctTokens(13, from: 16), maxTokens: 2),
        ]
        var first = try parts()
        for request in requests { try first.scheduler.submit(request, now: .zero) }
        while !first.scheduler.isIdle { _ = try step(&first) }
        first.executor.start(first.scheduler.savePrefixCache())
        drainFile(&first)

        var next = try parts()
        next.executor.records = first.executor.records
        next.scheduler.restorePrefixCache(first.executor.records.mapValues(\.record))
        for request in requests { try next.scheduler.submit(request, now: .zero) }
        var turns = 0
        while !next.scheduler.isIdle, turns < 100 {
            turns += 1
            drainFile(&next)
            _ = try step(&next)
        }
        #expect(next.scheduler.isIdle)
        drainFile(&next)
        #expect(next.scheduler.expectNothingLeft())
    }
}
