import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling

/// A plan for one kind of layers or several.
func makeLayout(
    _ spans: [AttentionSpan] = [.full], blockSize: Int = 16, blocks: Int = 10_000,
    length: Int = 8192, chunk: Int = 8192
) throws -> CacheLayout {
    try KVPlanner(
        geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 2), blockSize: blockSize,
        maxModelLength: length, maxChunk: chunk
    ).plan(blockCount: blocks)
}

/// The configuration of most tests: nothing in the way.
func bounds(
    tokens: Int = 8192, outputs: Int = 8192, chunk: Int = 8192, running: Int = 16,
    order: OrderChoice = .fcfs, admission: AdmissionPolicy = .watermark, caching: Bool = true
) -> SchedulerConfiguration {
    var configuration = SchedulerConfiguration(
        maxStepTokens: tokens, maxStepOutputs: outputs, maxChunk: chunk, maxRunning: running)
    configuration.order = order
    configuration.admission = admission
    configuration.cache = CacheConfiguration(prefixCaching: caching, seed: 1)
    return configuration
}

/// A request of `count` equal tokens, the request's own.
func request(
    _ id: UInt64, _ count: Int, maxTokens: Int = 16, priority: Int = 0, tenant: String = "",
    arrival: Duration? = nil
) -> Request {
    let prompt = Array(repeating: TokenID(UInt32(id)), count: count)
    return Request(
        id: SequenceID(id), prompt: prompt, maxTokens: maxTokens, priority: priority,
        tenant: tenant, arrival: arrival)
}

/// Tokens that no two positions have in common.
func distinctTokens(_ count: Int, from first: Int = 0) -> [TokenID] {
    (first..<first + count).map { TokenID(UInt32($0)) }
}

extension Scheduler {
    /// Plans a step and completes it as a model would that always says token 7.
    mutating func step(now: Duration = .zero) -> (rows: [StepPlan.Row], ends: [SchedulerAction]) {
        let plan = plan(now: now)
        complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        return (plan.rows, ends())
    }

    /// Everything that happened since the last call.
    mutating func events() -> [SchedulerAction] {
        var actions: [SchedulerAction] = []
        takeActions(into: &actions)
        return actions
    }

    /// The requests that ended since the last call.
    mutating func ends() -> [SchedulerAction] {
        events().filter { action in
            if case .finished = action { true } else { false }
        }
    }

    /// The lengths of the rows of the next step.
    mutating func stepLengths() -> [Int] { step().rows.map(\.queryLength) }

    /// The numbers of the requests that wait, in their order.
    var waitingIDs: [UInt64] { waiting.map(\.id.rawValue) }

    /// The numbers of the requests that run, in their order.
    var runningIDs: [UInt64] { running.map(\.id.rawValue) }

    /// Traps unless no request and no block is left behind.
    func expectNothingLeft() -> Bool {
        isIdle && cache.gauges.used == 0
            && cache.gauges.cached + cache.gauges.free == cache.layout.capacity
    }
}

extension [SchedulerAction] {
    /// The preemptions among them, by request.
    var preemptions: [(id: UInt64, preemption: Preemption)] {
        compactMap { action in
            guard case .preempted(let id, let preemption) = action else { return nil }
            return (id.rawValue, preemption)
        }
    }

    /// The admissions among them, by request.
    var admissions: [(id: UInt64, admission: Admission)] {
        compactMap { action in
            guard case .admitted(let id, let admission) = action else { return nil }
            return (id.rawValue, admission)
        }
    }
}

/// The likeliest token of an output.
func likeliest(_ executor: HashExecutor, _ output: Int) -> TokenID {
    let logits = executor.logits(output)
    var best = 0
    for token in logits.indices where logits[token] > logits[best] { best = token }
    return TokenID(UInt32(best))
}

/// Runs requests to their ends on the hash executor, the likeliest token always chosen.
///
/// - Returns: the generated tokens of each, in the order given.
func runToEnd(
    _ requests: [Request], _ layout: CacheLayout, _ configuration: SchedulerConfiguration
) throws -> [[TokenID]] {
    let executor = HashExecutor(
        layout: layout, maxStepTokens: configuration.maxStepTokens,
        maxStepOutputs: configuration.maxStepOutputs)
    var scheduler = try Scheduler(layout: layout, configuration: configuration)
    for request in requests { try scheduler.submit(request, now: .zero) }
    var generated: [SequenceID: [TokenID]] = [:]
    while !scheduler.isIdle {
        let step = scheduler.plan(now: .zero)
        precondition(!step.isEmpty, "requests wait and none can run")
        try executor.execute(step)
        let outcomes = step.rows.map { row -> RowOutcome in
            guard row.samples else { return .advanced }
            let token = likeliest(executor, row.outputStart + row.outputLength - 1)
            generated[row.sequence, default: []].append(token)
            return .sampled(token)
        }
        scheduler.complete(outcomes)
        scheduler.checkInvariants()
    }
    return requests.map { generated[$0.id] ?? [] }
}
