public import DequeModule
public import Identifiers
public import KVCache

/// Decides who runs in the next step: first come, first served, with continuous batching and
/// chunked prefill.
///
/// A value without a clock, a thread or I/O: it is told the time and answers with plans, so that
/// every schedule can be replayed and a test may copy a state and try every continuation.
///
/// ```swift
/// try scheduler.submit(request, now: now)
/// scheduler.plan(into: &plan, now: now)
/// try executor.execute(plan)
/// scheduler.complete(outcomes, elapsed: time)     // one outcome for each row of the plan
/// scheduler.takeActions(into: &actions)
/// ```
///
/// - A step gives one token to each running request that decodes, in the order of admission, then
///   chunks to those that are still computing their prompts, then admits from the queue while
///   the budget lasts. The queue is strictly in order: who does not fit yet holds back all behind.
/// - A request is admitted when the blocks of its whole life can be set aside. Admission thus
///   never has to be taken back, and a request that runs is sure to finish.
/// - A request that can never fit is refused when it is submitted.
public struct Scheduler: Sendable {
    /// The bounds of a step.
    public let configuration: SchedulerConfiguration

    /// The blocks.
    public internal(set) var cache: PagedCache

    /// Requests that wait, in order of arrival.
    public internal(set) var waiting: Deque<RequestState> = []

    /// Requests that run, in order of admission.
    public internal(set) var running: [RequestState] = []

    /// Blocks set aside for the running requests; at most the pool's capacity.
    var reserved = 0

    /// The indices into `running` of the rows of the step in flight.
    var inFlight: [Int] = []

    /// What happened and was not told yet.
    var actions: [SchedulerAction] = []

    /// A scheduler over an empty cache.
    ///
    /// - Throws: `SchedulingError.invalidConfiguration`.
    public init(
        plan: KVPlan, configuration: SchedulerConfiguration
    ) throws(SchedulingError) {
        try configuration.check()
        guard configuration.maxChunk <= plan.maxChunk || plan.groups.allSatisfy(\.isFull) else {
            throw SchedulingError(
                .invalidConfiguration,
                "the chunk size \(configuration.maxChunk) is more than the \(plan.maxChunk) tokens "
                    + "that the cache's windows were planned for; lower the chunk size or plan for "
                    + "larger chunks")
        }
        self.configuration = configuration
        cache = PagedCache(plan: plan)
    }

    /// Whether there is no request left.
    public var isIdle: Bool { waiting.isEmpty && running.isEmpty }

    /// Queues a request.
    ///
    /// - Parameters:
    ///   - request: what to do.
    ///   - now: the caller's clock, for the request's record.
    /// - Throws: `SchedulingError`, when the request can never run or too many wait.
    public mutating func submit(_ request: Request, now: Duration) throws(SchedulingError) {
        let plan = cache.plan
        let limit = try lengthLimit(of: request)
        // The last token is sampled and never fed back: it needs no slot.
        let kept = max(request.prompt.count, limit - 1)
        let needed = plan.peakBlocks(tokens: kept, chunk: configuration.maxChunk)
        precondition(needed <= plan.capacity, "the plan holds less than its longest sequence")
        guard waiting.count < configuration.maxWaiting else {
            throw SchedulingError(
                .queueFull,
                "\(waiting.count) requests are waiting, which is the bound; try again later")
        }
        waiting.append(
            RequestState(
                request: request, tokens: request.prompt, blocks: cache.makeSequence(),
                reservation: needed, lengthLimit: limit, queued: now))
    }

    /// Why the request has no tokens in the step that was planned last; nil when it has some.
    public func waitReason(of id: RequestID) -> WaitReason? {
        waiting.contains { $0.id == id } ? .order : nil
    }

    /// Counts and gauges.
    public var statistics: SchedulerStatistics {
        var statistics = SchedulerStatistics()
        statistics.waiting = waiting.count
        statistics.running = running.count
        statistics.usedBlocks = cache.pool.usedCount
        statistics.freeBlocks = cache.pool.freeCount
        return statistics
    }

    /// Forgets all cached prefixes; false when requests run and must not be preempted.
    public mutating func resetPrefixCache(preemptRunning: Bool) -> Bool {
        running.isEmpty
    }

    private func lengthLimit(of request: Request) throws(SchedulingError) -> Int {
        let longest = cache.plan.maxModelLength
        guard !request.prompt.isEmpty else {
            throw SchedulingError(
                .emptyPrompt, "the prompt has no tokens; give at least one to start from")
        }
        guard request.maxTokens >= 0, request.prompt.indices.contains(request.firstOutput) else {
            throw SchedulingError(
                .invalidConfiguration,
                "\(request.maxTokens) new tokens with logits from position \(request.firstOutput) "
                    + "on make no request; the first must not be negative and the second lie in "
                    + "the prompt of \(request.prompt.count) tokens")
        }
        guard request.prompt.count + min(request.maxTokens, 1) <= longest else {
            throw SchedulingError(
                .promptTooLong,
                "the prompt (\(request.prompt.count) tokens) plus at least "
                    + "\(min(request.maxTokens, 1)) new token is longer than the maximum context "
                    + "length of \(longest) tokens; shorten the prompt or raise the context length")
        }
        let known =
            waiting.contains { $0.id == request.id } || running.contains { $0.id == request.id }
        guard !known else {
            throw SchedulingError(
                .duplicateRequest, "request \(request.id) is waiting or running already")
        }
        let room = longest - request.prompt.count
        return request.prompt.count + min(request.maxTokens, room)
    }

    /// Removes a request wherever it is and frees its blocks; false when there is none.
    ///
    /// Between steps only: the blocks of a step in flight are being written.
    public mutating func cancel(_ id: RequestID) -> Bool {
        precondition(inFlight.isEmpty, "a request is cancelled between steps")
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index)
            actions.append(.finished(id, .cancelled))
            return true
        }
        guard let index = running.firstIndex(where: { $0.id == id }) else { return false }
        release(index)
        running.remove(at: index)
        actions.append(.finished(id, .cancelled))
        return true
    }

    /// Frees the blocks of a running request, which the caller then removes.
    mutating func release(_ index: Int) {
        cache.release(&running[index].blocks)
        reserved -= running[index].reservation
    }
}

extension KVGroup {
    var isFull: Bool { span == .full }
}
