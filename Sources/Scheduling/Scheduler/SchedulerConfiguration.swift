/// The numbers that bound a step.
///
/// None of them changes a request's tokens: they decide only when its tokens are computed.
public struct SchedulerConfiguration: Hashable, Sendable {
    /// Tokens of one step, all rows together: the budget. At most the executor's.
    public var maxStepTokens: Int

    /// Logits of one step, all rows together. At most the executor's.
    public var maxStepOutputs: Int

    /// Tokens of one row: a long prompt is computed in chunks of this many, so that others get
    /// their share of each step.
    public var maxChunk: Int

    /// Requests that run at once; the rest wait.
    public var maxRunning: Int

    /// Requests that may wait; one more is refused.
    public var maxWaiting: Int

    /// Bounds of a step; they are checked by `Scheduler.init`.
    public init(
        maxStepTokens: Int = 512, maxStepOutputs: Int = 32, maxChunk: Int = 512,
        maxRunning: Int = 32, maxWaiting: Int = SchedulingLimits.maxWaiting
    ) {
        self.maxStepTokens = maxStepTokens
        self.maxStepOutputs = maxStepOutputs
        self.maxChunk = maxChunk
        self.maxRunning = maxRunning
        self.maxWaiting = maxWaiting
    }

    func check() throws(SchedulingError) {
        func require(
            _ value: Int, _ name: String, atMost limit: Int, _ reason: String = ""
        ) throws(SchedulingError) {
            guard value >= 1, value <= limit else {
                throw SchedulingError(
                    .invalidConfiguration,
                    "\(name) is \(value); it must be between 1 and \(limit)\(reason)")
            }
        }
        try require(
            maxStepTokens, "the tokens of a step", atMost: SchedulingLimits.maxStepTokens)
        try require(
            maxStepOutputs, "the outputs of a step", atMost: SchedulingLimits.maxStepTokens)
        try require(maxChunk, "the chunk size", atMost: SchedulingLimits.maxStepTokens)
        // Every running request must be able to decode in every step: one that cannot would wait
        // for requests that arrived after it.
        try require(
            maxRunning, "the batch limit",
            atMost: min(maxStepTokens, maxStepOutputs, SchedulingLimits.maxRunning),
            ", the tokens and outputs of a step")
        guard maxWaiting >= 0, maxWaiting <= SchedulingLimits.maxWaiting else {
            throw SchedulingError(
                .invalidConfiguration,
                "the queue bound is \(maxWaiting); it must be between 0 and "
                    + "\(SchedulingLimits.maxWaiting)")
        }
    }
}
