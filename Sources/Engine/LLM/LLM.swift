import Identifiers
public import KVCache
public import Scheduling
public import Tokenization

/// A model that answers prompts: the engine without a server around it.
///
/// ```swift
/// let llm = try LLM(executor: executor, tokenizer: tokenizer, plan: plan)
/// let prompt = tokenizer.encodePrompt("The capital of France is")
/// let answers = try llm.generate([prompt], SamplingParameters(maxTokens: 16))
/// print(answers[0].text)
/// ```
///
/// All prompts of a call share the cache and the steps; each gets, bit for bit, the tokens that it
/// would get alone. Synchronous, and not `Sendable`: one thread owns it.
public final class LLM {
    /// The tokens and texts of the model.
    public let tokenizer: Tokenizer

    let executor: any Executor
    var scheduler: Scheduler
    var sampler = Sampler()
    private(set) var stepStarted = Duration.zero
    private var nextID: UInt64 = 0
    private let clock = ContinuousClock()
    private let epoch: ContinuousClock.Instant

    /// An engine over an executor.
    ///
    /// - Parameters:
    ///   - executor: the model; it has an arena for `plan`.
    ///   - tokenizer: the model's own.
    ///   - plan: the layout and size of the cache.
    ///   - configuration: the bounds of a step; by default those of the executor, 32 requests at
    ///     once and chunks as large as the plan allows.
    /// - Throws: `EngineError.refused` when the configuration does not suit executor and plan.
    public init(
        executor: any Executor, tokenizer: Tokenizer, plan: KVPlan,
        configuration: SchedulerConfiguration? = nil
    ) throws(EngineError) {
        let tokens = executor.maxStepTokens
        let outputs = executor.maxStepOutputs
        let chosen =
            configuration
            ?? SchedulerConfiguration(
                maxStepTokens: tokens, maxStepOutputs: outputs,
                maxChunk: min(tokens, plan.maxChunk),
                maxRunning: min(32, tokens, outputs))
        guard chosen.maxStepTokens <= tokens, chosen.maxStepOutputs <= outputs else {
            throw EngineError(
                .refused,
                "steps of \(chosen.maxStepTokens) tokens and \(chosen.maxStepOutputs) outputs are "
                    + "more than the executor's \(tokens) and \(outputs); lower them")
        }
        do throws(SchedulingError) {
            scheduler = try Scheduler(plan: plan, configuration: chosen)
        } catch {
            throw EngineError(error)
        }
        self.executor = executor
        self.tokenizer = tokenizer
        epoch = clock.now
    }

    /// The layout and size of the cache.
    public var plan: KVPlan { scheduler.cache.plan }

    /// Whether no request waits or runs.
    public var isIdle: Bool { scheduler.isIdle }

    /// Blocks of the cache that requests hold.
    public var usedBlocks: Int { scheduler.cache.pool.usedCount }

    /// Time since the engine was made.
    var now: Duration { clock.now - epoch }

    func makeID() -> RequestID {
        defer { nextID += 1 }
        return RequestID(nextID)
    }

    /// Queues tokens for the scheduler, checked against the vocabulary.
    func submit(
        _ prompt: [TokenID], maxTokens: Int, firstOutput: Int? = nil
    ) throws(EngineError) -> RequestID {
        let size = executor.vocabularySize
        if let unknown = prompt.first(where: { Int($0.rawValue) >= size }) {
            throw .outOfVocabulary(unknown, size)
        }
        let id = makeID()
        do throws(SchedulingError) {
            let request = Request(
                id: id, prompt: prompt, maxTokens: maxTokens, firstOutput: firstOutput)
            try scheduler.submit(request, now: now)
        } catch {
            throw EngineError(error)
        }
        return id
    }

    /// Runs a step; what each of its rows came to is the visitor's to say.
    ///
    /// When the executor fails, every row's request ends with `.failed` and the error is returned:
    /// none of them can know what is in its blocks.
    func step(
        _ visit: (StepPlan.Row) -> RowOutcome
    ) -> (actions: [SchedulerAction], failure: EngineError?) {
        stepStarted = now
        let plan = scheduler.plan(now: stepStarted)
        precondition(!plan.isEmpty, "requests wait and none can run")
        var failure: EngineError?
        var actions: [SchedulerAction] = []
        do {
            try executor.execute(plan)
            scheduler.complete(plan.rows.map(visit), elapsed: now - stepStarted)
            scheduler.takeActions(into: &actions)
        } catch {
            failure = EngineError(.executorFailed, "the model could not be run: \(error)")
            scheduler.abandon()
            for row in plan.rows { _ = scheduler.cancel(row.request) }
            scheduler.takeActions(into: &actions)
            actions = actions.map { action in
                guard case .finished(let id, .cancelled) = action else { return action }
                return .finished(id, .failed)
            }
        }
        return (actions, failure)
    }
}
