import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// A workload with sharing and preemptions, and something that goes wrong at every step in turn:
/// afterwards nothing is left behind and the others have their tokens, to the last one.
@Suite struct `Whatever goes wrong, wherever` {
    private static let spans: [AttentionSpan] = [.full, .slidingWindow(6)]
    private static let requests = mixedRequests(8, seed: 5)

    private func machine(_ caching: Bool) throws -> Machine {
        var machine = try Machine(
            makeLayout(Self.spans, blockSize: 4, blocks: 28, length: 56, chunk: 8),
            bounds(
                tokens: 24, outputs: 8, chunk: 8, running: 5, order: .priority,
                admission: .fixedWatermark(headroom: 0), caching: caching))
        for request in Self.requests { try machine.submit(request) }
        return machine
    }

    private func answers() throws -> [[TokenID]] {
        let lone = try LoneModel(Self.spans)
        return try Self.requests.map { try lone.answer($0) }
    }

    private func expectAnswers(
        _ machine: Machine, _ expected: [[TokenID]], but missing: Set<UInt64> = []
    ) {
        for (id, answer) in expected.enumerated() where !missing.contains(UInt64(id)) {
            let got = machine.answer(UInt64(id), to: Self.requests[id].prompt)
            #expect(got == answer, "request \(id)")
        }
        #expect(machine.scheduler.expectNothingLeft())
    }

    /// Calls `body` with a machine before each of the steps that it would take undisturbed.
    private func beforeEachStep(
        _ caching: Bool, _ body: (inout Machine) throws -> Void
    ) throws {
        var calm = try machine(caching)
        try calm.drain()
        for step in 0..<calm.steps {
            var machine = try machine(caching)
            while machine.steps < step { _ = try machine.step() }
            try body(&machine)
        }
    }

    /// Copies are made again with the next step, and hold what they copy until then.
    @Test func `a reset after a failed step gives back what that was to copy`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 4, blocks: 17, length: 16), configuration: bounds())
        try scheduler.submit(request(0, 8, maxTokens: 0), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(request(0, 7, maxTokens: 1), now: .zero)
        let plan = scheduler.plan(now: .zero)
        #expect(plan.transfers.count == 1)
        scheduler.abandon()
        let reset = scheduler.resetPrefixCache(preemptRunning: true)
        #expect(reset)
        scheduler.checkInvariants()
        #expect(scheduler.statistics.usedBlocks == 0)
        #expect(scheduler.statistics.cachedBlocks == 0)
        #expect(scheduler.step().rows.map(\.queryLength) == [7])
        #expect(scheduler.expectNothingLeft())
    }

    @Test func `nothing goes wrong`() throws {
        let expected = try answers()
        for caching in [true, false] {
            var machine = try machine(caching)
            try machine.drain()
            expectAnswers(machine, expected)
            #expect(machine.scheduler.statistics.preemptionCount > 0)
        }
    }

    @Test(arguments: [true, false])
    func `a step fails and is planned again`(caching: Bool) throws {
        let expected = try answers()
        try beforeEachStep(caching) { machine in
            for _ in 0..<2 {
                _ = machine.scheduler.plan(now: machine.now)
                machine.scheduler.abandon()
                machine.scheduler.checkInvariants()
            }
            try machine.drain()
            expectAnswers(machine, expected)
        }
    }

    @Test(arguments: [true, false])
    func `a step fails and takes its requests with it`(caching: Bool) throws {
        let expected = try answers()
        try beforeEachStep(caching) { machine in
            let plan = machine.scheduler.plan(now: machine.now)
            machine.scheduler.abandon()
            let lost = Set(plan.rows.map(\.sequence.rawValue))
            for id in lost {
                let cancelled = machine.scheduler.cancel(SequenceID(id))
                #expect(cancelled)
            }
            machine.scheduler.checkInvariants()
            try machine.drain()
            let gone = Set(machine.ended.filter { $0.value == .cancelled }.map(\.key.rawValue))
            #expect(gone.isSuperset(of: lost) && gone.count == lost.count)
            expectAnswers(machine, expected, but: lost)
        }
    }

    @Test(arguments: [true, false])
    func `anyone is cancelled at any step`(caching: Bool) throws {
        let expected = try answers()
        for victim in 0..<UInt64(Self.requests.count) {
            try beforeEachStep(caching) { machine in
                let known = machine.ended[SequenceID(victim)] == nil
                let cancelled = machine.scheduler.cancel(SequenceID(victim))
                #expect(cancelled == known)
                guard cancelled else { return }
                try machine.drain()
                expectAnswers(machine, expected, but: [victim])
            }
        }
    }
}
