package import KVCache

/// The numbers that bound a step, and the policies.
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

    /// Tokens of the prompts that may wait; more are refused, unless no request waits.
    public var maxWaitingTokens = SchedulingLimits.maxWaitingTokens

    /// Which request is admitted next.
    public var order = OrderChoice.fcfs

    /// When there is room for one more.
    public var admission = AdmissionPolicy.watermark

    /// What a waiting request may take from running ones of a worse class.
    public var classPreemption = ClassPreemption.blocksAndSlots

    /// The longest time that a step should take while answers are generated: chunks of prompts are
    /// cut so that answers keep an even pace. Nil gives prompts the whole budget.
    public var interTokenTarget: Duration?

    /// Tokens of prompts that a step may have whatever `interTokenTarget` says, so that prompts
    /// are computed at some pace also on a machine that cannot meet it.
    public var minPrefill = 16

    /// How blocks are reused.
    package var cache = CacheConfiguration()

    /// Preemptions that nothing calls for: a fault to inject.
    package var forcedPreemption: ForcedPreemption?

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

    /// What a waiting request may take from running ones of a worse class.
    public enum ClassPreemption: String, Hashable, Sendable, CaseIterable {
        /// Nothing: it waits, though running requests may still be preempted by other running ones.
        case none
        /// Blocks, not a place in a full batch (vLLM's behaviour).
        case blocks
        /// Blocks and places.
        case blocksAndSlots = "blocks-and-slots"
    }

    /// Every so many steps one running request, another one each time, loses its place.
    ///
    /// For tests of what preemption must not change. A request that has done nothing since its
    /// last preemption is spared, or it would never end.
    package struct ForcedPreemption: Hashable, Sendable {
        /// Steps from one to the next, at least 1.
        package var every: Int
        /// How its keys and values are brought back; `swap` where there is a tier to swap to.
        package var how: Preemption.Method

        /// A fault to inject.
        package init(every: Int, how: Preemption.Method = .recompute) {
            self.every = every
            self.how = how
        }
    }
}

extension SchedulerConfiguration {
    func check() throws(SchedulingError) {
        try require(
            maxStepTokens, "the tokens of a step", 1...SchedulingLimits.maxStepTokens)
        try require(
            maxStepOutputs, "the outputs of a step", 1...SchedulingLimits.maxStepTokens)
        try require(maxChunk, "the chunk size", 1...SchedulingLimits.maxStepTokens)
        // Every running request must be able to decode in every step: one that cannot would wait
        // for requests that arrived after it.
        let widest = min(maxStepTokens, maxStepOutputs, SchedulingLimits.maxRunning)
        try require(
            maxRunning, "the batch limit", 1...max(1, widest),
            ", the tokens and outputs of a step")
        try require(maxWaiting, "the queue bound", 0...SchedulingLimits.maxWaiting)
        try require(
            maxWaitingTokens, "the queue bound in tokens", 0...SchedulingLimits.maxWaitingTokens)
        try require(minPrefill, "the least prefill", 1...SchedulingLimits.maxStepTokens)
        if let forcedPreemption {
            try require(forcedPreemption.every, "the preemption interval", 1...Int.max)
        }
        if let interTokenTarget, interTokenTarget <= .zero {
            throw SchedulingError(
                .invalidConfiguration,
                "the inter-token target is \(interTokenTarget); it must be above 0")
        }
        guard admission.headroom >= 0, admission.headroom < 1 else {
            throw SchedulingError(
                .invalidConfiguration,
                "the watermark is \(admission.headroom) of the pool; it must be at least 0 and "
                    + "below 1")
        }
        if let fault = order.fault { throw SchedulingError(.invalidConfiguration, fault) }
    }

    private func require(
        _ value: Int, _ name: String, _ range: ClosedRange<Int>, _ reason: String = ""
    ) throws(SchedulingError) {
        guard range.contains(value) else {
            throw SchedulingError(
                .invalidConfiguration,
                "\(name) is \(value); it must be between \(range.lowerBound) and "
                    + "\(range.upperBound)\(reason)")
        }
    }
}
