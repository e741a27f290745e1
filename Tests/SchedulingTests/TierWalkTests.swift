import FakeExecutor
import KVCache
import QuireIdentifiers
import TestSupport
import Testing

@testable import Scheduling

/// A workload of requests that share prefixes, run through a pool that is too small for it.
private struct TierRun {
    var spans: [AttentionSpan] = [.full]
    var blocks = 24
    var hostSlots = 0
    var fileRecords = 0
    var seed: UInt64 = 1
    var preemptEvery: Int?
    var how = Preemption.Method.swap
    /// One step in so many throws.
    var failEvery: Int?
    /// One request in so many is cancelled somewhere.
    var cancelEvery: Int?
    var fileDelay = 0
    var failingOperations: Set<Int> = []
    var storeThreshold = 1
    var hostPolicy = TierPolicy.lru
    var prefixCaching = true

    static let blockSize = 4

    func requests() -> [Request] {
        var random = SeededGenerator(seed: seed)
        let prefixes = (0..<3).map { _ in Self.tokens(24, &random) }
        return (0..<24).map { id in
            let prefix = prefixes[Int.random(in: 0..<3, using: &random)]
            let prompt =
                prefix.prefix(Int.random(in: 0...24, using: &random))
                + Self.tokens(Int.random(in: 1...12, using: &random), &random)
            return Request(
                id: SequenceID(UInt64(id)), prompt: Array(prompt),
                maxTokens: Int.random(in: 1...16, using: &random))
        }
    }

    private static func tokens(_ count: Int, _ random: inout SeededGenerator) -> [TokenID] {
        (0..<count).map { _ in TokenID(UInt32.random(in: 0..<32, using: &random)) }
    }

    func plan() throws -> CacheLayout {
        try makeLayout(spans, blockSize: Self.blockSize, blocks: blocks, length: 64, chunk: 8)
    }

    func configuration() -> SchedulerConfiguration {
        var configuration = bounds(tokens: 24, outputs: 24, chunk: 8, running: 6)
        configuration.cache.hostSlots = hostSlots
        configuration.cache.fileRecords = fileRecords
        configuration.cache.storeThreshold = storeThreshold
        configuration.cache.hostPolicy = hostPolicy
        configuration.cache.prefixCaching = prefixCaching
        configuration.cache.seed = 7
        configuration.forcedPreemption = preemptEvery.map { .init(every: $0, how: how) }
        return configuration
    }

    /// What a run came to.
    struct Outcome {
        var tokens: [SequenceID: [TokenID]] = [:]
        var cancelled: Set<SequenceID> = []
        var statistics = TierStatistics()
        var counts = SchedulerStatistics()
        var records: [Int: (record: TierRecord, page: HashExecutor.Page)] = [:]
    }

    struct Fault: Error {}

    func run(
        records: [Int: (record: TierRecord, page: HashExecutor.Page)] = [:], saving: Bool = false
    ) throws -> Outcome {
        let layout = try plan()
        let executor = HashExecutor(layout: layout, hostSlots: hostSlots)
        executor.records = records
        executor.fileDelay = fileDelay
        executor.failingOperations = failingOperations
        var scheduler = try Scheduler(layout: layout, configuration: configuration())
        scheduler.restorePrefixCache(records.mapValues(\.record))
        var outcome = Outcome()
        var random = SeededGenerator(seed: seed &+ 99)
        var waiting = requests()[...]
        var step = 0
        while !scheduler.isIdle || !waiting.isEmpty {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                if let request = waiting.popFirst() {
                    try scheduler.submit(request, now: .zero)
                }
            }
            step += 1
            try #require(step < 5000, "the run does not end")
            try advance(&scheduler, executor, &outcome, fails: failEvery.map { step % $0 == 0 })
            if let cancelEvery, step % cancelEvery == 0,
                let id = (scheduler.waiting.map(\.id) + scheduler.running.map(\.id))
                    .randomElement(using: &random)
            {
                let found = scheduler.cancel(id)
                #expect(found)
                outcome.cancelled.insert(id)
            }
            scheduler.checkInvariants()
        }
        scheduler.dropOrphanedCopies()
        if saving { executor.start(scheduler.savePrefixCache()) }
        while scheduler.awaitsTierWork {
            scheduler.completeTierWork(executor.takeCompletions(waiting: true))
            executor.start(scheduler.takeTierWork())
        }
        scheduler.checkInvariants()
        outcome.statistics = scheduler.cache.tierStatistics
        outcome.counts = scheduler.statistics
        outcome.records = executor.records
        let gauges = scheduler.cache.gauges
        #expect(gauges.used == 0 && outcome.statistics.hostPinned == 0)
        #expect(gauges.cached + gauges.free + 1 == layout.blockCount)
        return outcome
    }

    private func advance(
        _ scheduler: inout Scheduler, _ executor: HashExecutor, _ outcome: inout Outcome,
        fails: Bool?
    ) throws {
        scheduler.completeTierWork(executor.takeCompletions(waiting: false))
        let plan = scheduler.plan(now: .zero)
        executor.start(scheduler.takeTierWork())
        guard !plan.isEmpty else {
            if !scheduler.isIdle, scheduler.awaitsTierWork {
                scheduler.completeTierWork(executor.takeCompletions(waiting: true))
            }
            return
        }
        try executor.execute(plan)
        if fails == true {
            // It may have had any effect.
            scheduler.abandon()
            return
        }
        let outcomes = plan.rows.map { row -> RowOutcome in
            guard row.outputLength > 0 else { return .advanced }
            let logits = executor.logits(row.outputStart + row.outputLength - 1)
            var best = 0
            for token in logits.indices where logits[token] > logits[best] { best = token }
            outcome.tokens[row.sequence, default: []].append(TokenID(UInt32(best)))
            return .sampled(TokenID(UInt32(best)))
        }
        scheduler.complete(outcomes)
        executor.start(scheduler.takeTierWork())
    }

    /// Each request's tokens when it is alone and nothing is cached.
    func expected() throws -> [SequenceID: [TokenID]] {
        var alone = TierRun(spans: spans, blocks: 100, seed: seed)
        alone.prefixCaching = false
        var all: [SequenceID: [TokenID]] = [:]
        for request in requests() {
            all[request.id] = try runToEnd(
                [request], alone.plan(), alone.configuration())[0]
        }
        return all
    }

    func check(_ outcome: Outcome, against expected: [SequenceID: [TokenID]]) {
        for (id, tokens) in expected {
            let found = outcome.tokens[id] ?? []
            if outcome.cancelled.contains(id) {
                #expect(tokens.starts(with: found), "request \(id), seed \(seed)")
            } else {
                #expect(found == tokens, "request \(id), seed \(seed)")
            }
        }
    }
}

/// A request's tokens are those that it gets alone, wherever its pages have been meanwhile.
@Suite struct `Tiers change no token` {
    private static let spans: [[AttentionSpan]] = [
        [.full], [.full, .slidingWindow(6), .slidingWindow(6)], [.slidingWindow(9)],
    ]

    @Test(arguments: spans)
    func `evicted blocks go to the host tier and come back`(spans: [AttentionSpan]) throws {
        for seed: UInt64 in 1...3 {
            var run = TierRun(spans: spans, blocks: 18 * spans.count + 6, seed: seed)
            let expected = try run.expected()
            for (slots, policy) in [(1, TierPolicy.lru), (7, .arc), (40, .lru), (200, .arc)] {
                run.hostSlots = slots
                run.hostPolicy = policy
                let outcome = try run.run()
                run.check(outcome, against: expected)
                #expect(outcome.statistics.stored > 0)
                if slots > 100 { #expect(outcome.statistics.loaded > 0) }
            }
        }
    }

    @Test(arguments: spans)
    func `swapping at every step`(spans: [AttentionSpan]) throws {
        for every in [1, 2, 5] {
            var run = TierRun(
                spans: spans, blocks: 20 * spans.count + 6, hostSlots: 300, seed: 4,
                preemptEvery: every)
            let expected = try run.expected()
            let outcome = try run.run()
            run.check(outcome, against: expected)
            #expect(outcome.statistics.swappedIn > 5)
            #expect(outcome.statistics.swappedOut == outcome.statistics.swappedIn)
            // What came back was not computed again.
            #expect(outcome.counts.recomputedTokens == 0)
            run.prefixCaching = false
            let uncached = try run.run()
            run.check(uncached, against: expected)
            #expect(uncached.statistics.swappedIn > 5)
            #expect(uncached.counts.recomputedTokens == 0)
        }
    }

    @Test(arguments: [UInt64](1...4))
    func `swapping with too few slots, steps that fail and requests that go`(
        seed: UInt64
    ) throws {
        for slots in [3, 12, 60] {
            let run = TierRun(
                blocks: 22, hostSlots: slots, seed: seed, preemptEvery: 3, failEvery: 7,
                cancelEvery: 11)
            let outcome = try run.run()
            run.check(outcome, against: try run.expected())
        }
    }

    @Test func `recomputing where it is forced`() throws {
        let run = TierRun(hostSlots: 40, preemptEvery: 2, how: .recompute)
        let outcome = try run.run()
        run.check(outcome, against: try run.expected())
        #expect(outcome.statistics.swappedOut == 0)
    }

    /// O7, in the scheduler.
    @Test func `a block that nobody asks for again takes no slot`() throws {
        var run = TierRun(blocks: 22, hostSlots: 40, seed: 2)
        run.storeThreshold = 2
        let outcome = try run.run()
        run.check(outcome, against: try run.expected())
        #expect(outcome.statistics.skipped > 0)
        let all = try TierRun(blocks: 22, hostSlots: 40, seed: 2).run()
        #expect(outcome.statistics.stored < all.statistics.stored)
    }

    @Test(arguments: spans)
    func `a file under a small host tier, slow or fast`(spans: [AttentionSpan]) throws {
        for delay in [0, 1, 5] {
            let run = TierRun(
                spans: spans, blocks: 18 * spans.count + 6, hostSlots: 12 * spans.count,
                fileRecords: 400, seed: 5, fileDelay: delay)
            let outcome = try run.run()
            run.check(outcome, against: try run.expected())
            #expect(outcome.statistics.written > 0)
            if delay == 0 { #expect(outcome.statistics.fetched > 0) }
        }
    }

    @Test(arguments: [UInt64](1...4))
    func `a file whose every third operation fails, with all other trouble`(
        seed: UInt64
    ) throws {
        let run = TierRun(
            blocks: 22, hostSlots: 14, fileRecords: 60, seed: seed, preemptEvery: 4,
            failEvery: 9, cancelEvery: 13, fileDelay: 1,
            failingOperations: Set(stride(from: 0, to: 10_000, by: 3)))
        let outcome = try run.run()
        run.check(outcome, against: try run.expected())
        #expect(outcome.statistics.unwritten > 0)
    }

    /// All at once, drawn again for each seed.
    @Test(arguments: [UInt64](196...205))
    func `any tiers with any trouble`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let spans = Self.spans[Int.random(in: 0..<3, using: &random)]
        let least = (18 + Int.random(in: 0...8, using: &random)) * spans.count + 4
        var run = TierRun(spans: spans, blocks: least, seed: seed)
        run.hostSlots = Int.random(in: 1...30, using: &random)
        run.fileRecords = Bool.random(using: &random) ? Int.random(in: 1...90, using: &random) : 0
        run.preemptEvery = Int.random(in: 1...6, using: &random)
        run.failEvery = Bool.random(using: &random) ? Int.random(in: 3...9, using: &random) : nil
        run.cancelEvery = Bool.random(using: &random) ? Int.random(in: 5...20, using: &random) : nil
        run.fileDelay = Int.random(in: 0...3, using: &random)
        run.hostPolicy = Bool.random(using: &random) ? .arc : .lru
        run.storeThreshold = Int.random(in: 1...2, using: &random)
        if Bool.random(using: &random) {
            let every = Int.random(in: 1...5, using: &random)
            run.failingOperations = Set(stride(from: 0, to: 10_000, by: every))
        }
        let expected = try run.expected()
        let first = try run.run(saving: true)
        run.check(first, against: expected)
        run.check(try run.run(records: first.records), against: expected)
    }

    @Test(arguments: spans)
    func `a cache that was saved serves the next process`(spans: [AttentionSpan]) throws {
        let blocks = 20 * spans.count + 6
        let first = TierRun(
            spans: spans, blocks: blocks, hostSlots: 10 * spans.count, fileRecords: 600, seed: 6)
        let expected = try first.expected()
        let saved = try first.run(saving: true)
        first.check(saved, against: expected)
        #expect(saved.statistics.fileUsed > 0)

        let second = try first.run(records: saved.records)
        first.check(second, against: expected)
        #expect(second.statistics.fetched > 0)
        #expect(second.counts.hitTokens > saved.counts.hitTokens)

        // Pages that are damaged are found out by the file; then they are computed.
        var failing = first
        failing.failingOperations = Set(0..<10_000)
        let third = try failing.run(records: saved.records)
        failing.check(third, against: expected)
        #expect(third.statistics.fetched == 0 && third.statistics.unreadable > 0)
    }
}
