public import Scheduling

/// What the engine has and what it has done, since it was made.
public struct EngineStatistics: Hashable, Sendable {
    /// Requests, blocks, hits, preemptions and recomputed tokens as the scheduler counts them.
    ///
    /// These numbers are of sequences: a request with several answers is one while its prompt is
    /// computed and several afterwards.
    public var scheduling = SchedulerStatistics()

    /// Tokens of prompts whose answers have begun.
    public var promptTokens = 0

    /// Tokens of those prompts that the prefix cache had.
    public var cachedPromptTokens = 0

    /// Tokens of those prompts that were computed.
    public var computedPromptTokens: Int { promptTokens - cachedPromptTokens }

    /// Tokens that were generated.
    public var generatedTokens = 0

    /// Answers that ended, by their reason.
    public var finished: [FinishReason: Int] = [:]

    /// Steps that the executor could not run.
    public var failedSteps = 0

    /// The share of looked-up tokens that the prefix cache had, over the last
    /// `EngineLimits.hitRateRequests` requests.
    public var prefixHitRate = 0.0

    /// Counters at zero.
    public init() {}
}

extension EngineCore {
    /// Counts and gauges.
    package var statistics: EngineStatistics {
        var statistics = EngineStatistics()
        statistics.scheduling = scheduler.statistics
        statistics.promptTokens = counters.promptTokens
        statistics.cachedPromptTokens = counters.cachedPromptTokens
        statistics.generatedTokens = counters.generatedTokens
        statistics.finished = counters.finished
        statistics.failedSteps = counters.failedSteps
        statistics.prefixHitRate = counters.window.rate
        return statistics
    }
}
