import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// B.5: a row may bring several tokens.
@Suite struct `Drafts` {
    private static let prompt = distinctTokens(9)
    private static let asked = Request(id: SequenceID(0), prompt: prompt, maxTokens: 13)

    private func machine(
        blocks: Int = 64, tokens: Int = 64, outputs: Int = 64, chunk: Int = 16,
        spans: [AttentionSpan] = [.full, .slidingWindow(6)]
    ) throws -> Machine {
        try Machine(
            makeLayout(spans, blockSize: 4, blocks: blocks, length: 40, chunk: chunk),
            bounds(tokens: tokens, outputs: outputs, chunk: chunk, running: 4))
    }

    private func answer() throws -> [TokenID] {
        try LoneModel([.full, .slidingWindow(6)]).answer(Self.asked)
    }

    /// Runs the request with drafts that `draft` makes of the answer that is to come.
    private func run(
        _ machine: inout Machine, _ draft: ([TokenID]) -> [TokenID]
    ) throws -> [Int] {
        let answer = try answer()
        try machine.submit(Self.asked)
        var lengths: [Int] = []
        while !machine.scheduler.isIdle {
            let done = (machine.tokens[SequenceID(0)] ?? []).count - Self.prompt.count
            machine.scheduler.propose(draft(Array(answer.dropFirst(done))), for: SequenceID(0))
            let before = machine.executor.steps.count
            _ = try machine.step()
            lengths += machine.executor.steps[before...].joined().map(\.queryLength)
            machine.scheduler.checkInvariants()
        }
        #expect(machine.answer(0, to: Self.prompt) == answer)
        #expect(machine.scheduler.expectNothingLeft())
        return lengths
    }

    @Test func `that are right bring several tokens a row`() throws {
        var machine = try machine()
        let lengths = try run(&machine) { Array($0.prefix(3)) }
        // The prompt brings one; then 4 at a time, and none beyond the wanted number.
        #expect(lengths == [9, 4, 4, 4])
        #expect(machine.ended[SequenceID(0)] == .length)
        #expect(machine.scheduler.statistics.draftTokens == 9)
        #expect(machine.scheduler.statistics.acceptedDrafts == 9)
        #expect(machine.scheduler.statistics.generatedTokens == 13)
    }

    @Test func `that are wrong bring the token that comes without them`() throws {
        var machine = try machine()
        let lengths = try run(&machine) { $0.prefix(3).map { TokenID(($0.rawValue + 1) % 32) } }
        #expect(lengths.dropFirst(10) == [3, 2, 1])
        #expect(machine.scheduler.statistics.acceptedDrafts == 0)
        #expect(machine.scheduler.statistics.generatedTokens == 13)
    }

    @Test func `that are right at first bring as many and one more`() throws {
        var machine = try machine()
        let lengths = try run(&machine) { rest in
            rest.prefix(5).enumerated().map { $0 < 2 ? $1 : TokenID(($1.rawValue + 1) % 32) }
        }
        #expect(lengths == [9, 6, 6, 6, 3])
        #expect(machine.scheduler.statistics.acceptedDrafts == 8)
    }

    /// What was proposed and did not come is in no block that others can hit.
    @Test func `are registered when they are accepted, and not before`() throws {
        var machine = try machine(spans: [.full])
        try machine.submit(Self.asked)
        _ = try machine.step()
        let known = try #require(machine.tokens[SequenceID(0)])
        let wrong = [TokenID](repeating: 31, count: 6)
        machine.scheduler.propose(wrong, for: SequenceID(0))
        let plan = machine.scheduler.plan(now: .zero)
        #expect(plan.rows[0].draftLength == 6)
        // Others that come in the same step, and after it.
        for id in 1...2 as ClosedRange<UInt64> {
            var scheduler = machine.scheduler
            if id == 2 { scheduler.complete([.sampled(3)]) }
            if id == 1 { scheduler.abandon() }
            try scheduler.submit(
                Request(id: SequenceID(id), prompt: known + wrong + [1], maxTokens: 1), now: .zero)
            _ = scheduler.plan(now: .zero)
            #expect(scheduler.events().admissions.last?.admission.cachedTokens == 8)
            scheduler.checkInvariants()
        }
        // 10 tokens are known, 6 more are right: 16 are computed, in 4 whole blocks.
        machine.scheduler.complete([.accepted(wrong + [7])])
        machine.scheduler.checkInvariants()
        try machine.scheduler.submit(
            Request(id: SequenceID(3), prompt: known + wrong + [1], maxTokens: 1), now: .zero)
        _ = machine.scheduler.plan(now: .zero)
        #expect(machine.scheduler.events().admissions.last?.admission.cachedTokens == 16)
    }

    @Test func `take no place in the step from those who decode`() throws {
        var machine = try machine(tokens: 6, outputs: 6)
        for id in 0..<4 as Range<UInt64> {
            try machine.submit(
                Request(id: SequenceID(id), prompt: [TokenID(UInt32(id))], maxTokens: 9))
        }
        _ = try machine.step()
        for id in 0..<4 as Range<UInt64> {
            machine.scheduler.propose([1, 2, 3], for: SequenceID(id))
        }
        #expect(machine.scheduler.plan(now: .zero).rows.map(\.queryLength) == [3, 1, 1, 1])
    }

    @Test func `take no block from anybody`() throws {
        // Two of 3 tokens and 10 more: 3 blocks each, and no more are there.
        var machine = try machine(blocks: 11, chunk: 4, spans: [.full])
        for id in 0..<2 as Range<UInt64> {
            try machine.submit(
                Request(
                    id: SequenceID(id), prompt: distinctTokens(3, from: Int(id) * 3),
                    maxTokens: 10))
        }
        try machine.submit(
            Request(id: SequenceID(2), prompt: distinctTokens(16, from: 6), maxTokens: 1))
        while !machine.scheduler.isIdle {
            for id in 0..<2 as Range<UInt64> {
                machine.scheduler.propose([1, 2, 3, 4, 5, 6, 7], for: SequenceID(id))
            }
            _ = try machine.step()
            machine.scheduler.checkInvariants()
        }
        #expect(machine.scheduler.statistics.preemptionCount == 0)
        #expect(machine.scheduler.statistics.draftTokens > 0)
    }

    @Test func `of which a row ends in the midst are all that is cached`() throws {
        var machine = try machine(spans: [.full])
        try machine.submit(Self.asked)
        _ = try machine.step()
        machine.scheduler.propose([1, 2, 3, 4], for: SequenceID(0))
        _ = machine.scheduler.plan(now: .zero)
        machine.scheduler.complete([.accepted([1, 2, 3], ending: .stop)])
        machine.collect()
        #expect(machine.ended[SequenceID(0)] == .stop)
        #expect(machine.scheduler.expectNothingLeft())
        // 9 of the prompt, one more, and 3.
        #expect(machine.scheduler.statistics.cachedBlocks == 3)
        #expect(machine.scheduler.statistics.generatedTokens == 4)
    }
}
