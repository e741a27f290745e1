package import KVCache
package import Scheduling
package import Tokenization

// An engine without a thread: its owner makes the turns, at times of their choice.

extension EngineLoop {
    /// An engine whose turns the caller makes.
    ///
    /// - Parameters:
    ///   - executor: the model; it has an arena for `plan`.
    ///   - tokenizer: the model's own.
    ///   - layout: the layout and size of the cache.
    ///   - configuration: the bounds of a step; nil: those of the executor.
    ///   - order: an order policy of your own instead of the configuration's.
    ///   - clock: the time, which the executor may move on while it runs a step.
    /// - Throws: `EngineError.invalidConfiguration` when it does not suit executor and plan.
    package convenience init(
        executor: any Executor, tokenizer: Tokenizer, layout: CacheLayout,
        configuration: SchedulerConfiguration? = nil, order: (any OrderPolicy)? = nil,
        clock: @escaping @Sendable () -> Duration
    ) throws(EngineError) {
        let core = try EngineCore(
            executor: executor, tokenizer: tokenizer, layout: layout, configuration: configuration,
            order: order, clock: clock)
        let mailbox = Mailbox(
            maxWaiting: configuration?.maxWaiting ?? SchedulingLimits.maxWaiting, clock: clock)
        self.init(core: core, mailbox: mailbox)
    }

    /// Hands a request in for the next turn; as `Engine.submit`.
    package func submit(_ request: GenerationRequest) throws(EngineError) -> TokenStream {
        let size = core.executor.vocabularySize
        try request.validate(vocabularySize: size, maxLogprobs: EngineLimits.maxLogprobs)
        try EngineCore.check(request.prompt, vocabularySize: size)
        return try mailbox.submit(request)
    }

    /// Ends the engine with one of the next turns; as `Engine.shutdown`.
    package func shutdown(_ mode: ShutdownMode = .drain) { mailbox.post(.stop(mode, nil)) }

    /// Proposes tokens ahead; as `LLM.drafter`.
    package var drafter: (any TokenDrafter)? {
        get { core.drafter }
        set { core.drafter = newValue }
    }

    /// What the engine had and had done after its last step.
    package var statistics: EngineStatistics { mailbox.statistics }
}
