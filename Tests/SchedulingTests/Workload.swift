import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import TestSupport
import Testing

/// The likeliest next token of any sequence, computed alone: one row, one block, no history.
struct LoneModel {
    private let layout: CacheLayout
    private let executor: HashExecutor

    init(_ spans: [AttentionSpan], length: Int = 128) throws {
        layout = try makeLayout(spans, blockSize: length, blocks: 16, length: length, chunk: length)
        executor = HashExecutor(layout: layout)
    }

    func next(after tokens: [TokenID]) throws -> TokenID {
        var cache = PagedCache(
            layout: layout, configuration: CacheConfiguration(prefixCaching: false))
        var blocks = cache.makeSequence()
        precondition(cache.grow(&blocks, tokens: tokens.count), "the lone model has no room")
        var step = StepPlan(groups: layout.groups.count)
        step.append(SequenceID(0), tokens: tokens[...], at: 0, blocks: blocks, outputs: 1)
        try executor.execute(step)
        return likeliest(executor, 0)
    }

    /// The whole greedy answer to a request.
    func answer(_ request: Request) throws -> [TokenID] {
        var tokens = request.prompt
        for _ in 0..<request.maxTokens { tokens.append(try next(after: tokens)) }
        return Array(tokens.dropFirst(request.prompt.count))
    }
}

/// A scheduler with the hash executor behind it, and what its requests have generated.
struct Machine {
    var scheduler: Scheduler
    let executor: HashExecutor
    /// Prompt and answer of each request that was submitted or forked.
    var tokens: [SequenceID: [TokenID]] = [:]
    var ended: [SequenceID: FinishReason] = [:]
    var actions: [SchedulerAction] = []
    var steps = 0
    var now = Duration.zero

    init(_ layout: CacheLayout, _ configuration: SchedulerConfiguration) throws {
        scheduler = try Scheduler(layout: layout, configuration: configuration)
        executor = HashExecutor(layout: layout)
    }

    mutating func submit(_ request: Request) throws(SchedulingError) {
        try scheduler.submit(request, now: now)
        tokens[request.id] = request.prompt
    }

    /// Asked what a row comes to: the row, the tokens that are known, and the likeliest next one.
    typealias Outcome = (StepPlan.Row, [TokenID], TokenID) throws -> RowOutcome?

    /// One step; an outcome of nil is the likeliest token. False when nothing was planned.
    mutating func step(outcome: Outcome = { _, _, _ in nil }) throws -> Bool {
        now += .milliseconds(20)
        let plan = scheduler.plan(now: now)
        guard !plan.isEmpty else { return false }
        steps += 1
        try executor.execute(plan)
        var outcomes: [RowOutcome] = []
        for row in plan.rows {
            guard row.samples else {
                outcomes.append(.advanced)
                continue
            }
            let before = tokens[row.sequence] ?? []
            let chosen = try sample(row, of: plan, after: before, outcome)
            outcomes.append(chosen)
            switch chosen {
            case .sampled(let token): tokens[row.sequence]?.append(token)
            case .accepted(let accepted, _): tokens[row.sequence]? += accepted
            case .forked(let own, let forks):
                for fork in forks { tokens[fork.sequence] = before + [fork.token] }
                if let own {
                    tokens[row.sequence]?.append(own)
                } else {
                    tokens[row.sequence] = nil
                }
            case .advanced, .held, .finished: break
            }
        }
        scheduler.complete(outcomes, elapsed: .milliseconds(20))
        collect()
        return true
    }

    /// Samples from the outputs of a row as long as what comes is what was drafted.
    private func sample(
        _ row: StepPlan.Row, of plan: StepPlan, after known: [TokenID], _ outcome: Outcome
    ) throws -> RowOutcome {
        var accepted: [TokenID] = []
        for output in row.outputLength - 1 - row.draftLength..<row.outputLength {
            let token = likeliest(executor, row.outputStart + output)
            let chosen = try outcome(row, known + accepted, token) ?? .sampled(token)
            if case .finished(let reason) = chosen, !accepted.isEmpty {
                return .accepted(accepted, ending: reason)
            }
            guard row.draftLength > 0, case .sampled(let token) = chosen else { return chosen }
            accepted.append(token)
            let next = row.queryStart + row.queryLength - row.outputLength + output + 1
            guard output + 1 < row.outputLength, plan.tokens[next] == token else { break }
        }
        return .accepted(accepted)
    }

    /// Reads what happened.
    mutating func collect() {
        for action in scheduler.events() {
            actions.append(action)
            if case .finished(let id, let reason) = action { ended[id] = reason }
        }
    }

    /// Runs until nobody is left, and no copy of a failed step.
    mutating func drain() throws {
        while !scheduler.isIdle {
            let ran = try step()
            precondition(ran, "work waits and nothing is planned")
            scheduler.checkInvariants()
        }
        _ = try step()
        collect()
    }

    func answer(_ id: UInt64, to prompt: [TokenID]) -> [TokenID] {
        Array((tokens[SequenceID(id)] ?? []).dropFirst(prompt.count))
    }
}

/// A few prompts, some of which begin alike.
func mixedRequests(_ count: Int, seed: UInt64, longest: Int = 40, answer: Int = 10) -> [Request] {
    var random = SeededGenerator(seed: seed)
    func tokens(_ count: Int) -> [TokenID] {
        (0..<count).map { _ in TokenID(UInt32.random(in: 0..<32, using: &random)) }
    }
    let shared = [tokens(longest / 2), tokens(longest / 2)]
    return (0..<count).map { id in
        let head = Bool.random(using: &random) ? shared[id % 2] : []
        let tail = tokens(Int.random(in: 1...longest - head.count, using: &random))
        return Request(
            id: SequenceID(UInt64(id)), prompt: head + tail,
            maxTokens: Int.random(in: 1...answer, using: &random),
            priority: Int.random(in: 0..<3, using: &random), tenant: "t\(id % 3)")
    }
}

/// Every order, admission and cache setting.
struct Setting: CustomTestStringConvertible, Sendable {
    var order: OrderChoice
    var admission: AdmissionPolicy
    var caching: Bool

    var testDescription: String { "\(order), \(admission), cache \(caching)" }

    static let all: [Setting] = OrderChoice.all.flatMap { order in
        [AdmissionPolicy.reserve, .watermark, .fixedWatermark(headroom: 0)].flatMap { admission in
            [true, false].map { Setting(order: order, admission: admission, caching: $0) }
        }
    }
}
