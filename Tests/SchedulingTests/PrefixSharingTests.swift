import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// What the scheduler makes of the prefix cache. Sections C, E and G of the reference behaviours,
/// from the scheduler's side.
@Suite struct `Requests that share a prefix` {
    private func scheduler(
        tokens: Int = 8192, chunk: Int = 8192, running: Int = 16, blockSize: Int = 16,
        caching: Bool = true, blocks: Int = 10_000
    ) throws -> Scheduler {
        try Scheduler(
            layout: makeLayout(blockSize: blockSize, blocks: blocks, length: min(8192, blocks * 8)),
            configuration: bounds(
                tokens: tokens, chunk: chunk, running: running, caching: caching))
    }

    private func same(_ id: UInt64, _ prompt: [TokenID], maxTokens: Int = 4) -> Request {
        Request(id: SequenceID(id), prompt: prompt, maxTokens: maxTokens)
    }

    /// C26. A hit may be as long as the prompt but its last token: 16 of 17.
    @Test func `the same prompt again computes its last token only`() throws {
        for (count, cached) in [(17, 16), (16, 15), (40, 39)] {
            var scheduler = try scheduler()
            let prompt = distinctTokens(count)
            // Its answer goes on in the cache, so that the part of a block is found there too.
            try scheduler.submit(same(0, prompt, maxTokens: 16), now: .zero)
            while !scheduler.isIdle { _ = scheduler.step() }
            try scheduler.submit(same(1, prompt), now: .zero)
            let plan = scheduler.plan(now: .zero)
            #expect(plan.tokens.count == count - cached)
            let admissions = scheduler.events().admissions
            #expect(admissions.map(\.admission.cachedTokens) == [cached])
            #expect(admissions[0].admission.prefixEnd == .limit(position: count - 1))
            #expect(scheduler.statistics.hitTokens == cached)
        }
    }

    /// C28
    @Test func `a sibling of the same step already hits`() throws {
        var scheduler = try scheduler(tokens: 1000)
        let prompt = distinctTokens(100)
        try scheduler.submit(same(0, prompt, maxTokens: 30), now: .zero)
        try scheduler.submit(same(1, prompt, maxTokens: 30), now: .zero)
        #expect(scheduler.stepLengths() == [100, 100 % 16])
        try scheduler.submit(same(2, prompt), now: .zero)
        // Better than 4: the rest of the prompt lies in a block that goes on with an answer only
        // when that block is full; until then it is computed.
        #expect(scheduler.stepLengths().last == 4)
    }

    /// C29
    @Test func `the next turn of a conversation finds the answer cached`() throws {
        var scheduler = try scheduler()
        for id in 0..<5 as Range<UInt64> {
            try scheduler.submit(
                same(id, distinctTokens(100, from: Int(id) * 100), maxTokens: 200), now: .zero)
        }
        while !scheduler.isIdle { _ = scheduler.step() }
        let answer = Array(repeating: TokenID(7), count: 200)
        for id in 0..<5 as Range<UInt64> {
            let turn = distinctTokens(100, from: Int(id) * 100) + answer
            try scheduler.submit(same(id + 10, turn), now: .zero)
        }
        // The reference computes 300 % 16 = 12 of each. The last token of an answer is never fed
        // back, so 299 were computed, and the 11 of the last block are in no full block.
        #expect(scheduler.stepLengths() == Array(repeating: 12, count: 5))
    }

    /// C5, G11
    @Test func `who wants the logits of its prompt reads nothing and writes`() throws {
        var scheduler = try scheduler(tokens: 48)
        let prompt = distinctTokens(48)
        try scheduler.submit(same(0, prompt), now: .zero)
        _ = scheduler.step()
        #expect(scheduler.cancel(SequenceID(0)) == true)
        try scheduler.submit(
            Request(id: SequenceID(1), prompt: prompt, maxTokens: 1, firstOutput: 0), now: .zero)
        let plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.queryLength) == [48])
        #expect(plan.outputs.count == 48)
        scheduler.complete([.sampled(3)])
        #expect(scheduler.statistics.hitTokens == 0)
        // From the first wanted position on it computes; before that it reads.
        try scheduler.submit(
            Request(id: SequenceID(2), prompt: prompt, maxTokens: 1, firstOutput: 35), now: .zero)
        let second = scheduler.plan(now: .zero)
        #expect(second.rows.map(\.startPosition) == [35])
        #expect(second.outputs.count == 13)
    }

    /// G11
    @Test func `prompt logits come once each despite chunks and preemptions`() throws {
        var configuration = bounds(tokens: 48, outputs: 48, chunk: 20, running: 8)
        configuration.forcedPreemption = .init(every: 2)
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 33, length: 256), configuration: configuration)
        for id in 0..<4 as Range<UInt64> {
            try scheduler.submit(
                Request(
                    id: SequenceID(id), prompt: distinctTokens(70, from: Int(id) * 70),
                    maxTokens: 5, firstOutput: 0),
                now: .zero)
        }
        var delivered: [UInt64: [Int]] = [:]
        while !scheduler.isIdle {
            let plan = scheduler.plan(now: .zero)
            for row in plan.rows {
                delivered[row.sequence.rawValue, default: []] +=
                    (row.contextLength - row.outputLength)..<row.contextLength
            }
            scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        }
        #expect(scheduler.statistics.preemptionCount > 4)
        for id in 0..<4 as Range<UInt64> { #expect(delivered[id] == Array(0..<74)) }
    }

    @Test(arguments: [1, 7, 16, 64, 512])
    func `many identical prompts are computed once, whatever the chunk`(chunk: Int) throws {
        var scheduler = try scheduler(tokens: 512, chunk: chunk, running: 16)
        let prompt = distinctTokens(200)
        for id in 0..<12 as Range<UInt64> {
            try scheduler.submit(same(id, prompt, maxTokens: 1), now: .zero)
        }
        var steps = 0
        while !scheduler.isIdle {
            _ = scheduler.step()
            scheduler.checkInvariants()
            steps += 1
        }
        // 200 = 12 blocks and 8 tokens, which each computes for itself.
        #expect(scheduler.statistics.computedTokens == 200 + 11 * 8)
        let alone = (200 + chunk - 1) / chunk
        #expect(steps <= alone + (8 + chunk - 1) / chunk, "nobody waits longer than its leader")
        #expect(scheduler.statistics.hitTokens == 11 * 192)
        #expect(scheduler.statistics.queriedTokens == 12 * 200)
    }

    @Test func `a long prefix with many tails is computed once under the defaults`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 400, length: 2048), configuration: SchedulerConfiguration())
        for id in 0..<32 as Range<UInt64> {
            let tail = distinctTokens(20, from: 5000 + 100 * Int(id))
            try scheduler.submit(same(id, distinctTokens(1024) + tail, maxTokens: 32), now: .zero)
        }
        var prefills = 0
        while !scheduler.isIdle {
            let lengths = scheduler.stepLengths()
            if lengths.contains(where: { $0 > 1 }) { prefills += 1 }
        }
        let statistics = scheduler.statistics
        #expect(statistics.computedTokens == 1024 + 32 * 20 + 32 * 31)
        // 1,024 and 640 tokens at 512 a step, the decodes of the early ones besides.
        #expect(prefills == 4)
        #expect(statistics.preemptionCount == 0)
    }

    @Test func `a follower says so, and leads when its leader is gone`() throws {
        var scheduler = try scheduler(tokens: 32, chunk: 32)
        let prompt = distinctTokens(200)
        for id in 0..<3 as Range<UInt64> { try scheduler.submit(same(id, prompt), now: .zero) }
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [0])
        try scheduler.submit(same(3, distinctTokens(40, from: 500)), now: .zero)
        let plan = scheduler.plan(now: .zero)
        scheduler.abandon()
        #expect(plan.rows.map(\.sequence.rawValue) == [0])
        #expect(scheduler.cancel(SequenceID(0)) == true)
        let rows = scheduler.step().rows
        #expect(rows.map(\.sequence.rawValue) == [1])
        #expect(rows[0].startPosition == 32, "what the first one computed is still there")
        #expect(scheduler.waitReason(of: SequenceID(2)) != nil)
    }

    @Test func `followers leave the step's budget to others`() throws {
        var scheduler = try scheduler(tokens: 96, chunk: 32)
        for id in 0..<2 as Range<UInt64> {
            try scheduler.submit(same(id, distinctTokens(200)), now: .zero)
        }
        try scheduler.submit(same(2, distinctTokens(60, from: 500)), now: .zero)
        let plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.sequence.rawValue) == [0, 2])
        #expect(scheduler.waitReason(of: SequenceID(1)) == .prefix)
        #expect(scheduler.waitReason(of: SequenceID(0)) == nil)
    }

    @Test func `a late hit takes up what another has computed meanwhile`() throws {
        var scheduler = try scheduler(tokens: 4096, chunk: 16)
        // They begin alike, but not in one step, so that both are under way.
        try scheduler.submit(same(0, distinctTokens(64), maxTokens: 40), now: .zero)
        for _ in 0..<2 { _ = scheduler.step() }
        try scheduler.submit(same(1, distinctTokens(160), maxTokens: 1), now: .zero)
        let first = scheduler.step().rows
        #expect(first.map(\.startPosition) == [32], "the second one follows")
        let second = scheduler.step().rows
        #expect(second.map(\.startPosition) == [48, 64])
    }

    /// E13
    @Test func `a look-up is counted once, however often admission was tried`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 8, length: 80),
            configuration: bounds(admission: .fixedWatermark(headroom: 0)))
        try scheduler.submit(same(0, distinctTokens(33), maxTokens: 1), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(same(1, distinctTokens(64, from: 500), maxTokens: 3), now: .zero)
        _ = scheduler.step()
        let before = scheduler.statistics
        // It shares two blocks, and lacks one until the other ends.
        let prompt = distinctTokens(32) + distinctTokens(16, from: 900) + distinctTokens(1)
        try scheduler.submit(same(2, prompt, maxTokens: 1), now: .zero)
        var tries = 0
        while scheduler.statistics.prefixQueries == before.prefixQueries {
            _ = scheduler.step()
            tries += 1
        }
        #expect(tries > 1)
        #expect(scheduler.statistics.prefixQueries == before.prefixQueries + 1)
        #expect(scheduler.statistics.queriedTokens == before.queriedTokens + 49)
        #expect(scheduler.statistics.hitTokens == before.hitTokens + 32)
    }

    /// E12
    @Test func `who resumes is looked up again`() throws {
        var scheduler = try scheduler()
        try scheduler.submit(same(0, distinctTokens(48)), now: .zero)
        _ = scheduler.step()
        #expect(scheduler.statistics.queriedTokens == 48)
        let reset = scheduler.resetPrefixCache(preemptRunning: true)
        #expect(reset)
        _ = scheduler.plan(now: .zero)
        let admissions = scheduler.events().admissions
        #expect(admissions.last?.admission.resumed == true)
        #expect(scheduler.statistics.prefixQueries == 2)
        #expect(scheduler.statistics.queriedTokens == 48 + 49)
        #expect(scheduler.statistics.preemptions == [.reset: 1])
    }

    /// E14
    @Test func `without a prefix cache nothing is counted`() throws {
        var scheduler = try scheduler(caching: false)
        for id in 0..<2 as Range<UInt64> {
            try scheduler.submit(same(id, distinctTokens(48)), now: .zero)
        }
        let plan = scheduler.plan(now: .zero)
        #expect(plan.rows.map(\.queryLength) == [48, 48])
        #expect(scheduler.events().admissions.map(\.admission.prefixEnd) == [.disabled, .disabled])
        let statistics = scheduler.statistics
        #expect(statistics.prefixQueries == 0)
        #expect(statistics.queriedTokens == 0)
        #expect(statistics.hitTokens == 0)
    }

    @Test func `scopes keep prefixes apart`() throws {
        var scheduler = try scheduler()
        var first = same(0, distinctTokens(64))
        first.scope = PrefixScope(salt: "one")
        var second = same(1, distinctTokens(64))
        second.scope = PrefixScope(salt: "two")
        try scheduler.submit(first, now: .zero)
        try scheduler.submit(second, now: .zero)
        #expect(scheduler.stepLengths() == [64, 64])
    }

    @Test func `what a cancelled request computed stays cached`() throws {
        var scheduler = try scheduler(tokens: 64, chunk: 64)
        try scheduler.submit(same(0, distinctTokens(200)), now: .zero)
        _ = scheduler.step()
        #expect(scheduler.cancel(SequenceID(0)) == true)
        #expect(scheduler.statistics.usedBlocks == 0)
        #expect(scheduler.statistics.cachedBlocks == 4)
        try scheduler.submit(same(1, distinctTokens(200)), now: .zero)
        #expect(scheduler.step().rows[0].startPosition == 64)
    }

    @Test func `what a failed step would have shared is computed again`() throws {
        let layout = try makeLayout(blockSize: 4, blocks: 100, length: 96)
        var scheduler = try Scheduler(layout: layout, configuration: bounds())
        let executor = HashExecutor(layout: layout)
        let prompt = distinctTokens(30).map { TokenID($0.rawValue % 32) }
        for id in 0..<3 as Range<UInt64> {
            try scheduler.submit(same(id, prompt, maxTokens: 3), now: .zero)
        }
        #expect(scheduler.plan(now: .zero).rows.map(\.queryLength) == [30, 2, 2])
        scheduler.abandon()
        scheduler.checkInvariants()
        #expect(scheduler.statistics.cachedBlocks == 0)
        while !scheduler.isIdle {
            let step = scheduler.plan(now: .zero)
            // It traps on a position that was never written.
            try executor.execute(step)
            scheduler.complete(step.rows.map { $0.samples ? .sampled(7) : .advanced })
            scheduler.checkInvariants()
        }
    }
}
