import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import TestSupport
import Testing

@Suite struct `Room for one more` {
    /// Answers of about 60 tokens by requests that may have 200, on a pool for about five at their
    /// ends and ten at their beginnings.
    private func crafted(_ admission: AdmissionPolicy) throws -> SchedulerStatistics {
        var configuration = bounds(
            tokens: 256, chunk: 256, running: 32, admission: admission, caching: false)
        configuration.maxWaiting = 1000
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 41, length: 256), configuration: configuration)
        var random = SeededGenerator(seed: 4)
        for id in 0..<120 as Range<UInt64> {
            try scheduler.submit(request(id, 40, maxTokens: 200), now: .zero)
        }
        var lengths: [SequenceID: Int] = [:]
        while !scheduler.isIdle {
            let plan = scheduler.plan(now: .zero)
            let generated = Dictionary(
                uniqueKeysWithValues: scheduler.running.map { ($0.id, $0.generated) })
            scheduler.complete(
                plan.rows.map { row -> RowOutcome in
                    guard row.samples else { return .advanced }
                    let end =
                        lengths[row.sequence] ?? Int.random(in: 70...110, using: &random)
                    lengths[row.sequence] = end
                    return generated[row.sequence, default: 0] + 1 >= end
                        ? .finished(.stop)
                        : .sampled(7)
                })
            scheduler.checkInvariants()
        }
        return scheduler.statistics
    }

    @Test func `a fixed watermark thrashes where a forecast does not`() throws {
        let fixed = try crafted(.fixedWatermark(headroom: 0.01))
        let forecast = try crafted(.watermark)
        let reserve = try crafted(.reserve)
        #expect(fixed.recomputedTokens > fixed.computedTokens / 10)
        #expect(forecast.recomputedTokens < fixed.recomputedTokens / 10)
        #expect(reserve.recomputedTokens == 0)
        #expect(reserve.preemptionCount == 0)
        // It does not buy that with an empty machine.
        #expect(forecast.steps < reserve.steps * 3 / 4)
        #expect(forecast.steps < fixed.steps * 3 / 2)
    }

    @Test func `a reservation counts the whole life`() throws {
        // 10 blocks: 4 + 4 are set aside, 3 more are not there until one has ended.
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 11, length: 160),
            configuration: bounds(admission: .reserve, caching: false))
        try scheduler.submit(request(0, 40, maxTokens: 20), now: .zero)
        try scheduler.submit(request(1, 16, maxTokens: 49), now: .zero)
        try scheduler.submit(request(2, 16, maxTokens: 30), now: .zero)
        #expect(scheduler.stepLengths() == [40, 16])
        #expect(scheduler.waitReason(of: SequenceID(2)) == .blocks)
        while scheduler.runningIDs.contains(0) { _ = scheduler.step() }
        #expect(scheduler.stepLengths() == [1, 16])
    }

    @Test func `a reservation counts branches, and shared blocks once`() throws {
        let scheduler = try Scheduler(
            layout: makeLayout(blocks: 11, length: 160), configuration: bounds(admission: .reserve))
        // 64 tokens of prompt are 4 blocks; each branch grows by one, and a copy takes one more.
        for (branches, fits) in [(1, true), (5, true), (6, false)] {
            var scheduler = scheduler
            var wide = request(0, 64, maxTokens: 16)
            wide.branches = branches
            if fits {
                try scheduler.submit(wide, now: .zero)
                #expect(scheduler.stepLengths() == [64], "what is accepted runs")
            } else {
                let error = #expect(throws: SchedulingError.self) {
                    try scheduler.submit(wide, now: .zero)
                }
                #expect(error?.code == .tooManyBlocks)
            }
        }
    }

    @Test func `what can never fit is refused with the numbers`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 11, length: 160), configuration: bounds(admission: .reserve))
        var wide = request(0, 64, maxTokens: 64)
        wide.branches = 3
        let error = #expect(throws: SchedulingError.self) {
            try scheduler.submit(wide, now: .zero)
        }
        #expect(error?.code == .tooManyBlocks)
        #expect(error?.message.contains("17 blocks") == true)
        #expect(error?.message.contains("10 in all") == true)
    }

    @Test func `the queue is bounded in tokens too`() throws {
        var configuration = bounds(running: 1)
        configuration.maxWaitingTokens = 100
        var scheduler = try Scheduler(layout: makeLayout(), configuration: configuration)
        try scheduler.submit(request(0, 200), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(request(1, 60), now: .zero)
        let error = #expect(throws: SchedulingError.self) {
            try scheduler.submit(request(2, 41), now: .zero)
        }
        #expect(error?.code == .queueFull)
        #expect(error?.message.contains("41 more") == true)
        try scheduler.submit(request(3, 40), now: .zero)
        let cancelled = scheduler.cancel(SequenceID(1))
        #expect(cancelled)
        try scheduler.submit(request(2, 41), now: .zero)
    }

    @Test func `policies have names`() {
        for admission in [AdmissionPolicy.reserve, .watermark] {
            #expect(AdmissionPolicy(name: admission.name) == admission)
        }
        #expect(AdmissionPolicy(name: "fixed-watermark")?.name == "fixed-watermark")
        #expect(AdmissionPolicy(name: "hope") == nil)
        for order in OrderChoice.all { #expect(OrderChoice(name: order.name) == order) }
        #expect(OrderChoice(name: "chaos") == nil)
    }

    @Test func `settings out of range are refused`() throws {
        let layout = try makeLayout()
        let wrong: [(SchedulerConfiguration) -> SchedulerConfiguration] = [
            {
                var c = $0; c.admission = .watermark(headroom: 1); return c
            },
            {
                var c = $0; c.admission = .fixedWatermark(headroom: -0.1); return c
            },
            {
                var c = $0; c.order = .priority(ageing: .zero); return c
            },
            {
                var c = $0; c.order = .prefix(maxWait: .seconds(-1)); return c
            },
            {
                var c = $0; c.order = .fair(FairPrices(input: .nan)); return c
            },
            {
                var c = $0; c.interTokenTarget = .zero; return c
            },
            {
                var c = $0; c.forcedPreemption = .init(every: 0); return c
            },
            {
                var c = $0; c.minPrefill = 0; return c
            },
            {
                var c = $0; c.maxWaitingTokens = -1; return c
            },
        ]
        for change in wrong {
            let error = #expect(throws: SchedulingError.self) {
                try Scheduler(layout: layout, configuration: change(bounds()))
            }
            #expect(error?.code == .invalidConfiguration)
        }
        var scheduler = try Scheduler(layout: layout, configuration: bounds())
        for branches in [0, 5000] {
            var request = request(0, 4)
            request.branches = branches
            #expect(throws: SchedulingError.self) { try scheduler.submit(request, now: .zero) }
        }
        for weight in [0, -1, Double.infinity, .nan] {
            var request = request(0, 4)
            request.weight = weight
            #expect(throws: SchedulingError.self) { try scheduler.submit(request, now: .zero) }
        }
    }

    /// A pin holds blocks that were free: not those that running requests were promised.
    @Test func `reserve keeps its promises when a prefix is pinned`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 4, blocks: 9, length: 16),
            configuration: bounds(admission: .reserve))
        let prefix = distinctTokens(8, from: 100)
        try scheduler.submit(
            Request(id: SequenceID(0), prompt: prefix, maxTokens: 1), now: .zero)
        _ = scheduler.step()
        #expect(scheduler.statistics.cachedBlocks == 2)
        for id: UInt64 in 1...2 { try scheduler.submit(request(id, 4, maxTokens: 12), now: .zero) }
        #expect(scheduler.step().rows.count == 2)
        let error = #expect(throws: KVCacheError.self) { try scheduler.pin(prefix, now: .zero) }
        #expect(error?.code == .pinLimit)
        scheduler.checkInvariants()
        var steps = 0
        while !scheduler.isIdle {
            _ = scheduler.step()
            steps += 1
        }
        #expect(steps == 11)
        #expect(scheduler.statistics.preemptionCount == 0)
    }
}
