import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import TestSupport
import Testing

@Suite struct `Any order of events` {
    /// P10, and more: 30 settings of 700 events each.
    @Test(arguments: Setting.all)
    func `21,000 random events leave nothing behind and change no token`(
        setting: Setting
    ) throws {
        var walk = try Walk(setting, seed: 17)
        for _ in 0..<700 {
            try walk.event()
            walk.machine.scheduler.checkInvariants()
        }
        try walk.machine.drain()
        #expect(walk.machine.scheduler.expectNothingLeft())
        #expect(walk.checked > 200, "\(walk.checked) tokens were compared")
        let counts = walk.machine.scheduler.statistics.preemptions
        if setting.admission == .reserve { #expect(counts[.blocks] == nil) }
    }

    /// B.5: drafts, right and wrong, among all that can happen.
    @Test(arguments: Setting.all)
    func `drafts in any order of events leave nothing behind and change no token`(
        setting: Setting
    ) throws {
        var walk = try Walk(setting, seed: 23)
        walk.drafting = true
        for _ in 0..<500 {
            try walk.event()
            walk.machine.scheduler.checkInvariants()
        }
        try walk.machine.drain()
        #expect(walk.machine.scheduler.expectNothingLeft())
        let statistics = walk.machine.scheduler.statistics
        #expect(statistics.acceptedDrafts > 20)
        #expect(statistics.acceptedDrafts < statistics.draftTokens)
        if setting.admission == .reserve { #expect(statistics.preemptions[.blocks] == nil) }
    }

    /// The default setting for longer.
    @Test func `20,000 random events with the defaults`() throws {
        var walk = try Walk(
            Setting(order: .fcfs, admission: .watermark, caching: true), seed: 3)
        walk.comparing = 8
        for event in 0..<20_000 {
            try walk.event()
            if event % 4 == 0 { walk.machine.scheduler.checkInvariants() }
        }
        try walk.machine.drain()
        #expect(walk.machine.scheduler.expectNothingLeft())
        let statistics = walk.machine.scheduler.statistics
        #expect(statistics.hitTokens > 1000)
        #expect(statistics.preemptionCount > 10)
    }
}

/// A random walk: arrivals, cancellations, failures, forks, resets and steps.
private struct Walk {
    static let spans: [AttentionSpan] = [.full, .slidingWindow(6)]

    var machine: Machine
    var random: SeededGenerator
    let lone: LoneModel
    var nextID: UInt64 = 0
    /// Of how many sampled tokens one is compared.
    var comparing = 2
    var checked = 0
    /// Whether tokens are proposed.
    var drafting = false
    private let stems: [[TokenID]]

    init(_ setting: Setting, seed: UInt64) throws {
        let layout = try makeLayout(Self.spans, blockSize: 4, blocks: 64, length: 48, chunk: 8)
        var configuration = bounds(
            tokens: 24, outputs: 8, chunk: 8, running: 6, order: setting.order,
            admission: setting.admission, caching: setting.caching)
        configuration.interTokenTarget = seed % 2 == 1 ? .milliseconds(15) : nil
        machine = try Machine(layout, configuration)
        random = SeededGenerator(seed: seed)
        lone = try LoneModel(Self.spans)
        var stems = SeededGenerator(seed: 99)
        self.stems = (0..<3).map { _ in
            (0..<24).map { _ in TokenID(UInt32.random(in: 0..<32, using: &stems)) }
        }
    }

    mutating func event() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: try submit()
        case 20..<25:
            let alive = machine.scheduler.running.map(\.id) + machine.scheduler.waiting.map(\.id)
            guard let victim = alive.sorted().randomElement(using: &random) else { return }
            let done = machine.scheduler.cancel(victim)
            #expect(done)
            machine.collect()
        case 25:
            let all = Bool.random(using: &random)
            let idle = machine.scheduler.running.isEmpty
            let done = machine.scheduler.resetPrefixCache(preemptRunning: all)
            #expect(done == (all || idle))
        case 26..<33:
            _ = machine.scheduler.plan(now: machine.now)
            machine.scheduler.abandon()
        default:
            if drafting, Int.random(in: 0..<4, using: &random) > 0 { try propose() }
            try step()
        }
    }

    /// Proposes some tokens, of which the first few are right.
    private mutating func propose() throws {
        let alive = machine.scheduler.running.filter { $0.request.branches == 1 }.map(\.id)
        guard drafting, let id = alive.sorted().randomElement(using: &random) else { return }
        var known = try #require(machine.tokens[id])
        let start = known.count
        let (right, count) = (
            Int.random(in: 0...4, using: &random), Int.random(in: 1...6, using: &random)
        )
        for place in 0..<count where known.count < 48 {
            known.append(
                place < right
                    ? try lone.next(after: known)
                    : TokenID(UInt32.random(in: 0..<32, using: &random)))
        }
        machine.scheduler.propose(Array(known.dropFirst(start)), for: id)
    }

    private mutating func submit() throws {
        let head =
            stems.randomElement(using: &random)?.prefix(
                Int.random(in: 0...24, using: &random)) ?? []
        let count = Int.random(in: 1...24, using: &random)
        let tail = (0..<count).map { _ in TokenID(UInt32.random(in: 0..<32, using: &random)) }
        let maxTokens = Int.random(in: 0...12, using: &random)
        var request = Request(
            id: SequenceID(nextID), prompt: head + tail, maxTokens: maxTokens,
            priority: Int.random(in: 0..<3, using: &random),
            tenant: "t\(Int.random(in: 0..<4, using: &random))",
            branches: Int.random(in: 1...2, using: &random))
        if maxTokens == 0 {
            request.firstOutput = Int.random(in: 0..<request.prompt.count, using: &random)
        }
        nextID += 1
        do throws(SchedulingError) {
            try machine.submit(request)
        } catch {
            #expect(error.code == .promptTooLong || error.code == .tooManyBlocks)
        }
    }

    private mutating func step() throws {
        let idle = machine.scheduler.isIdle
        // What the closure needs, since it may not hold the machine.
        let branches = Dictionary(
            uniqueKeysWithValues: machine.scheduler.running.map { ($0.id, $0.request.branches) })
        let (lone, comparing) = (lone, comparing)
        var (random, nextID, checked) = (random, nextID, checked)
        let ran = try machine.step { row, known, token in
            if Int.random(in: 0..<comparing, using: &random) == 0 {
                let expected = try lone.next(after: known)
                #expect(token == expected, "request \(row.sequence) at \(row.contextLength)")
                checked += 1
            }
            switch Int.random(in: 0..<40, using: &random) {
            case 0: return .finished(.stop)
            case 1...8 where branches[row.sequence] == 2:
                nextID += 1
                let fork = Fork(sequence: SequenceID(nextID - 1), token: 3)
                return .forked(own: Bool.random(using: &random) ? token : nil, [fork])
            default: return nil
            }
        }
        (self.random, self.nextID, self.checked) = (random, nextID, checked)
        // A failed step's copies are made again even when nobody is left who wants them.
        #expect(ran || idle, "work waits and nothing is planned")
    }
}
