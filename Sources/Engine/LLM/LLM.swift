public import KVCache
import QuireIdentifiers
package import Scheduling
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
    let core: EngineCore

    /// An engine over an executor.
    ///
    /// - Parameters:
    ///   - executor: the model; it has an arena for `layout`.
    ///   - tokenizer: the model's own.
    ///   - layout: the layout and size of the cache.
    ///   - configuration: the bounds of a step; by default those of the executor, 32 requests at
    ///     once and chunks as large as the layout allows.
    ///   - order: which request is admitted next, by a policy of your own instead of the
    ///     configuration's.
    ///   - clock: the time since some fixed moment, which never goes back; nil: since now.
    /// - Throws: `EngineError.invalidConfiguration` when it does not suit executor and layout.
    package init(
        executor: any Executor, tokenizer: Tokenizer, layout: CacheLayout,
        configuration: SchedulerConfiguration? = nil, order: (any OrderPolicy)? = nil,
        clock: (() -> Duration)? = nil
    ) throws(EngineError) {
        core = try EngineCore(
            executor: executor, tokenizer: tokenizer, layout: layout, configuration: configuration,
            order: order, clock: clock)
    }

    /// The tokens and texts of the model.
    public var tokenizer: Tokenizer { core.tokenizer }

    /// Proposes tokens ahead, which changes the time that answers take and nothing else; nil: none
    /// are proposed.
    package var drafter: (any TokenDrafter)? {
        get { core.drafter }
        set { core.drafter = newValue }
    }

    /// Records where the time of steps goes; give the executor the same one. nil: it is not
    /// measured.
    package var profile: StepProfile? {
        get { core.profile }
        set { core.profile = newValue }
    }

    /// Writes the steps down; nil: nobody asks.
    package var recorder: StepRecorder? {
        get { core.recorder }
        set { core.recorder = newValue }
    }

    /// Tokens of the model's vocabulary.
    package var vocabularySize: Int { core.executor.vocabularySize }

    /// The layout and size of the cache.
    package var layout: CacheLayout { core.scheduler.cache.layout }

    /// Whether no request waits or runs.
    public var isIdle: Bool { core.isIdle }

    /// Blocks of the cache that requests hold.
    public var usedBlocks: Int { core.scheduler.cache.gauges.used }

    /// Tokens in the cache that running requests have there, each counted for every request that
    /// has it. O(running requests).
    package var runningTokens: Int { core.scheduler.runningTokens }

    /// What the engine has and what it has done.
    public var statistics: EngineStatistics { core.statistics }

    /// Requests whose first token is there, since it was made. O(1).
    package var begunRequests: Int { core.metrics.timeToFirstToken.reading.count }

    /// Forgets all cached prefixes; false, and nothing changes, while a request runs.
    public func resetPrefixCache() -> Bool { core.resetPrefixCache(preempting: false) }

    /// What changes in the prefix cache from now on, for a reader in another task.
    public var cacheEvents: KVEventStream { KVEventStream(core.events) }

    /// What the tiers below the cache hold and have done.
    public var tierStatistics: TierStatistics { core.scheduler.cache.tierStatistics }

    /// Takes over what a prefix cache file held when the executor's was opened; before the first
    /// prompt.
    ///
    /// - Returns: how many of its records can be hit.
    @discardableResult
    package func restorePrefixCache(_ records: [Int: TierRecord]) -> Int {
        core.scheduler.restorePrefixCache(records)
    }

    /// Writes what is cached to the executor's prefix cache file, if it has one, and waits until
    /// that is done. No request may wait or run.
    ///
    /// - Complexity: O(cached blocks); as slow as the disk.
    public func savePrefixCache() { core.savePrefixCache() }

    /// What has gone wrong beside the answers since the last call: a full disk under the prefix
    /// cache file.
    public func takeWarnings() -> [String] {
        defer { warnings = [] }
        return warnings + core.executor.takeWarnings()
    }

    private var warnings: [String] = []

    /// Adds the warnings of the opening of the model to those of `takeWarnings`.
    package func addWarnings(_ messages: [String]) { warnings += messages }
}
