import FakeExecutor
import Identifiers
import KVCache
import Scheduling

/// A plan for one kind of layers or several.
func makePlan(
    _ spans: [AttentionSpan] = [.full], blockSize: Int = 16, blocks: Int = 10_000,
    length: Int = 8192, chunk: Int = 8192
) throws -> KVPlan {
    try KVPlanner(
        geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 2), blockSize: blockSize,
        maxModelLength: length, maxChunk: chunk
    ).plan(blockCount: blocks)
}

/// The configuration of most tests: nothing in the way.
func bounds(
    tokens: Int = 8192, outputs: Int = 8192, chunk: Int = 8192, running: Int = 16
) -> SchedulerConfiguration {
    SchedulerConfiguration(
        maxStepTokens: tokens, maxStepOutputs: outputs, maxChunk: chunk, maxRunning: running)
}

/// A request of `count` equal tokens.
func request(_ id: UInt64, _ count: Int, maxTokens: Int = 16) -> Request {
    let prompt = Array(repeating: TokenID(UInt32(id)), count: count)
    return Request(id: RequestID(id), prompt: prompt, maxTokens: maxTokens)
}

extension Scheduler {
    /// Plans a step and completes it as a model would that always says token 7.
    mutating func step() -> (rows: [StepPlan.Row], actions: [SchedulerAction]) {
        let plan = plan(now: .zero)
        complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        return (plan.rows, ends())
    }

    /// The requests that ended since the last call.
    mutating func ends() -> [SchedulerAction] {
        var actions: [SchedulerAction] = []
        takeActions(into: &actions)
        return actions.filter { action in
            if case .finished = action { true } else { false }
        }
    }

    /// The lengths of the rows of the next step.
    mutating func stepLengths() -> [Int] { step().rows.map(\.queryLength) }
}

/// Runs requests to their ends on the hash executor, the likeliest token always chosen.
///
/// - Returns: the generated tokens of each, in the order given.
func runToEnd(
    _ requests: [Request], _ plan: KVPlan, _ configuration: SchedulerConfiguration
) throws -> [[TokenID]] {
    let executor = HashExecutor(
        plan: plan, maxStepTokens: configuration.maxStepTokens,
        maxStepOutputs: configuration.maxStepOutputs)
    var scheduler = try Scheduler(plan: plan, configuration: configuration)
    for request in requests { try scheduler.submit(request, now: .zero) }
    var generated: [RequestID: [TokenID]] = [:]
    while !scheduler.isIdle {
        let step = scheduler.plan(now: .zero)
        try executor.execute(step)
        let outcomes = step.rows.map { row -> RowOutcome in
            guard row.outputLength > 0 else { return .advanced }
            let logits = executor.logits(row.outputStart)
            var best = 0
            for token in logits.indices where logits[token] > logits[best] { best = token }
            generated[row.request, default: []].append(TokenID(UInt32(best)))
            return .sampled(TokenID(UInt32(best)))
        }
        scheduler.complete(outcomes)
        scheduler.checkInvariants()
    }
    return requests.map { generated[$0.id] ?? [] }
}
