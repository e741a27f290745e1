package import KVCache
public import QuireIdentifiers
import QuireThreads
package import Scheduling
public import Tokenization

/// A model that answers many clients at once, on a thread of its own.
///
/// ```swift
/// let engine = try await Engine(tokenizer: tokenizer, plan: plan) {
///     try CPUExecutor(model: model, plan: plan)
/// }
/// let stream = try engine.submit(GenerationRequest(prompt: prompt, parameters: parameters))
/// for try await delta in stream { print(delta.text, terminator: "") }
/// await engine.shutdown()
/// ```
///
/// The thread runs one synchronous loop: it empties the mailbox, makes a step, and wakes each
/// reader whose request has news, once. Calls from outside never wait for a step: they put
/// something into the mailbox. Each request gets, bit for bit, the tokens that it would get alone.
///
/// Dropping the engine is `shutdown(.abort)` without waiting for it.
public final class Engine: Sendable {
    /// The tokens and texts of the model.
    public let tokenizer: Tokenizer

    /// The layout and size of the cache.
    package let layout: CacheLayout

    /// What changes in the prefix cache from now on; empty unless the configuration records it.
    public var cacheEvents: KVEventStream { KVEventStream(log) }

    /// How times and tokens are distributed.
    package let metrics: EngineMetrics

    /// Tokens of a block of the cache.
    package var blockSize: Int { layout.blockSize }

    /// What the engine's thread makes for others, or why there is none.
    private typealias Start = Result<(Int, KVEventLog, EngineMetrics), EngineError>

    let mailbox: Mailbox
    private let log: KVEventLog
    private let thread: DedicatedThread
    private let vocabularySize: Int
    private let maxLogprobs: Int

    /// Starts an engine; returns when its executor is ready.
    ///
    /// - Parameters:
    ///   - tokenizer: the model's own.
    ///   - layout: the layout and size of the cache.
    ///   - configuration: the bounds of a step; by default those of the executor, 32 requests at
    ///     once and chunks as large as the layout allows.
    ///   - order: which request is admitted next, by a policy of your own instead of the
    ///     configuration's.
    ///   - clock: the time since some fixed moment, which never goes back; nil: since now. Read
    ///     from any thread.
    ///   - maxLogprobs: alternatives that a request may ask for; -1: the whole vocabulary.
    ///   - makeExecutor: called once, on the engine's thread, which alone uses what it makes: the
    ///     model, with an arena for `layout`.
    /// - Throws: `EngineError.executorFailed` when there is no executor or no thread, and
    ///   `.invalidConfiguration` when the configuration does not suit executor and layout.
    package init(
        tokenizer: Tokenizer, layout: CacheLayout, configuration: SchedulerConfiguration? = nil,
        order: (any OrderPolicy)? = nil, clock givenClock: (@Sendable () -> Duration)? = nil,
        maxLogprobs: Int = EngineLimits.maxLogprobs, recorder: StepRecorder? = nil,
        executor makeExecutor: @escaping @Sendable () throws -> any Executor
    ) async throws(EngineError) {
        let clock = givenClock ?? EngineCore.clockFromNow()
        let mailbox = Mailbox(
            maxWaiting: configuration?.maxWaiting ?? SchedulingLimits.maxWaiting, clock: clock)
        var thread: DedicatedThread?
        let started: Start = await withCheckedContinuation { ready in
            thread = DedicatedThread {
                do {
                    let core = try EngineCore(
                        executor: try makeExecutor(), tokenizer: tokenizer, layout: layout,
                        configuration: configuration, order: order, clock: clock)
                    core.recorder = recorder
                    let loop = EngineLoop(core: core, mailbox: mailbox)
                    ready.resume(
                        returning: .success(
                            (core.executor.vocabularySize, core.events, core.metrics)))
                    loop.run()
                } catch let error as EngineError {
                    ready.resume(returning: .failure(error))
                } catch {
                    ready.resume(
                        returning: .failure(
                            EngineError(.executorFailed, "the model could not be made: \(error)")))
                }
            }
            guard thread == nil else { return }
            ready.resume(
                returning: .failure(
                    EngineError(
                        .executorFailed,
                        "the system gives the engine no thread; raise its bound on threads")))
        }
        (vocabularySize, log, metrics) = try started.get()
        guard let thread else { preconditionFailure("an engine without its thread") }
        self.thread = thread
        self.mailbox = mailbox
        self.tokenizer = tokenizer
        self.layout = layout
        self.maxLogprobs = maxLogprobs
    }

    deinit { mailbox.post(.stop(.abort, nil)) }

    /// Hands a request in; never waits.
    ///
    /// - Returns: its answers as they come. What only the engine's thread can tell, such as that a
    ///   prompt is too long for the context, the stream throws: at once with `accepted()`.
    /// - Throws: `EngineError.invalidParameters` and `.invalidPrompt` for a bad request,
    ///   `.queueFull` when more wait than may, `.stopped` after `shutdown`.
    public func submit(_ request: GenerationRequest) throws(EngineError) -> TokenStream {
        try request.validate(vocabularySize: vocabularySize, maxLogprobs: maxLogprobs)
        try EngineCore.check(request.prompt, vocabularySize: vocabularySize)
        return try mailbox.submit(request)
    }

    /// Hands a text in, to be continued as it is; never waits.
    ///
    /// The beginning that the model wants is put before it, and the names of special tokens in it
    /// are text. Returns and throws as for a request.
    public func submit(
        _ prompt: String, _ parameters: SamplingParameters = SamplingParameters()
    ) throws(EngineError) -> TokenStream {
        try submit(
            GenerationRequest(prompt: tokenizer.encodePrompt(prompt), parameters: parameters))
    }

    /// Gives a request up, as its stream's `cancel()` does; without effect when it has ended.
    public func cancel(_ id: RequestID) { mailbox.post(.cancel(id)) }

    /// What the engine had and had done after its last step.
    public var statistics: EngineStatistics { mailbox.statistics }
}
