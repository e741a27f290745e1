import DequeModule
import FakeExecutor
import Identifiers
import KVCache
import Scheduling
import TestSupport
import Testing

@Suite struct `Any order of events` {
    @Test(arguments: [1, 2] as [UInt64])
    func `20,000 random steps leave nothing behind`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let plan = try makePlan(
            [.full, .slidingWindow(6)], blockSize: 2, blocks: 80, length: 40, chunk: 8)
        var scheduler = try Scheduler(
            plan: plan, configuration: bounds(tokens: 16, outputs: 8, chunk: 8, running: 6))
        let executor = HashExecutor(plan: plan)
        var nextID: UInt64 = 0
        var alive: Set<RequestID> = []
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3:
                let count = Int.random(in: 1...45, using: &random)
                let maxTokens = Int.random(in: 0...12, using: &random)
                let first = maxTokens == 0 ? Int.random(in: 0..<count, using: &random) : count - 1
                let prompt = (0..<count).map { _ in
                    TokenID(UInt32.random(in: 0..<32, using: &random))
                }
                let request = Request(
                    id: RequestID(nextID), prompt: prompt, maxTokens: maxTokens,
                    firstOutput: first)
                nextID += 1
                do throws(SchedulingError) {
                    try scheduler.submit(request, now: .zero)
                    alive.insert(request.id)
                } catch {
                    #expect(error.code == .promptTooLong)
                    #expect(count + min(maxTokens, 1) > 40)
                }
            case 3:
                guard let victim = alive.sorted().randomElement(using: &random) else { break }
                let cancelled = scheduler.cancel(victim)
                #expect(cancelled)
                alive.remove(victim)
            default:
                try step(&scheduler, executor, &alive, &random)
            }
            scheduler.checkInvariants()
            #expect(scheduler.waiting.count + scheduler.running.count == alive.count)
        }
        while !scheduler.isIdle { try step(&scheduler, executor, &alive, &random) }
        #expect(alive.isEmpty)
        #expect(scheduler.cache.pool.freeCount == scheduler.cache.pool.capacity)
    }

    private func step(
        _ scheduler: inout Scheduler, _ executor: HashExecutor, _ alive: inout Set<RequestID>,
        _ random: inout SeededGenerator
    ) throws {
        let plan = scheduler.plan(now: .zero)
        #expect(plan.isEmpty == scheduler.isIdle, "work waits and nothing is planned")
        if Int.random(in: 0..<10, using: &random) == 0 {
            scheduler.abandon()
            return
        }
        try executor.execute(plan)
        let scored = Set(scheduler.running.filter { $0.request.maxTokens == 0 }.map(\.id))
        let outcomes = plan.rows.map { row -> RowOutcome in
            if Int.random(in: 0..<40, using: &random) == 0 { return .finished(.stop) }
            guard row.outputLength > 0, !scored.contains(row.request) else { return .advanced }
            return .sampled(TokenID(UInt32.random(in: 0..<32, using: &random)))
        }
        scheduler.complete(outcomes)
        for case .finished(let id, _) in scheduler.ends() { alive.remove(id) }
    }

    @Test func `a tiny universe, exhaustively`() throws {
        // Four blocks and three requests that want 3, 2 and 1 of them.
        let scheduler = try Scheduler(
            plan: makePlan(blockSize: 1, blocks: 5, length: 4),
            configuration: bounds(tokens: 3, outputs: 2, chunk: 2, running: 2))
        var ends: Set<String> = []
        try explore(scheduler, submitted: 0, depth: 9, path: "", &ends)
        #expect(ends.count > 100)
    }

    /// Tries every next event: submit the next request, a step, a stop, or a cancellation.
    private func explore(
        _ scheduler: Scheduler, submitted: UInt64, depth: Int, path: String,
        _ ends: inout Set<String>
    ) throws {
        scheduler.checkInvariants()
        if scheduler.isIdle, submitted == 3 {
            #expect(scheduler.cache.pool.freeCount == 4, "\(path)")
            ends.insert(path)
            return
        }
        guard depth > 0 else { return }
        if submitted < 3 {
            var next = scheduler
            try next.submit(
                request(submitted, 2, maxTokens: 2 - Int(submitted) / 2), now: .zero)
            try explore(
                next, submitted: submitted + 1, depth: depth - 1, path: path + "s", &ends)
        }
        for state in Array(scheduler.running) + Array(scheduler.waiting) {
            var next = scheduler
            let cancelled = next.cancel(state.id)
            #expect(cancelled)
            try explore(
                next, submitted: submitted, depth: depth - 1, path: path + "c\(state.id)", &ends)
        }
        guard !scheduler.isIdle else { return }
        var next = scheduler
        let ran = next.step().rows
        #expect(!ran.isEmpty, "\(path): work waits and nothing is planned")
        try explore(next, submitted: submitted, depth: depth - 1, path: path + "p", &ends)
        next = scheduler
        let rows = next.plan(now: .zero).rows
        next.complete(rows.map { _ in .finished(.stop) })
        try explore(next, submitted: submitted, depth: depth - 1, path: path + "x", &ends)
    }
}
