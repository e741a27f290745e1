import QuireIdentifiers
import Scheduling

/// A request for answers: one sequence while its prompt is computed, then one for each answer.
///
/// ```
/// prompt ---- last position computed ----> branch 0 ... branch n - 1, sharing the prompt's blocks
/// ```
///
/// The first token of every branch is drawn from the same logits, each with the random stream of
/// its own number; from there on each is a sequence that others neither see nor disturb. When more
/// answers are drawn than wanted, nothing is told before all have ended: then the likeliest come.
final class GenerationJob: Job {
    let request: RequestID
    var live: [SequenceID] = []
    var isTouched = false

    /// Why the job failed; nil while it runs or succeeded.
    private(set) var error: EngineError?

    private let index: Int
    private let asked: GenerationRequest
    private var branches: [Generation]
    /// Branches that have not ended.
    private var open: Int
    private var isForked = false
    private var timeline: Timeline
    private var promptLogprobs: [TokenLogprob?]?
    private var completions: [Completion?]
    private var deltas: [GenerationDelta] = []

    /// The tokens that the core may gather for it; nil where each means more than itself.
    let gatherLimit: Int?

    init(
        _ asked: GenerationRequest, id: RequestID, index: Int, queued: Duration,
        in core: EngineCore
    ) throws(EngineError) {
        self.request = id
        self.asked = asked
        self.index = index
        let first = try Generation(
            index: index, asked, tokenizer: core.tokenizer, maxModelLength: core.maxModelLength,
            vocabularySize: core.executor.vocabularySize)
        branches = (0..<asked.parameters.branches).map { first.copy(branch: $0) }
        open = branches.count
        let gathers =
            !asked.tellsTokens && branches.count == 1 && first.countsOnly && first.limit > 0
            && asked.parameters.promptReport == nil
        gatherLimit = gathers ? first.limit : nil
        completions = Array(repeating: nil, count: branches.count)
        promptLogprobs = asked.parameters.promptReport == nil ? nil : [nil]
        timeline = Timeline(queued: queued)
    }

    /// Whether only the prompt is wanted. The scheduler then ends the sequence with its last token.
    private var generatesNothing: Bool { asked.parameters.maxTokens == 0 }

    var isEnded: Bool { open == 0 || error != nil }

    var tellsTokens: Bool { asked.tellsTokens }

    var reasons: [FinishReason] {
        error == nil ? branches.compactMap(\.ended) : branches.map { _ in .failed }
    }

    var result: Result<[Completion], EngineError>? {
        if let error { return .failure(error) }
        guard isEnded else { return nil }
        return .success(ranking.enumerated().compactMap { completion(of: $1, choice: $0) })
    }

    var progress: JobProgress? {
        JobProgress(
            promptTokens: asked.prompt.count,
            generatedTokens: branches.reduce(0) { $0 + $1.tokens.count }, timeline: timeline)
    }

    func takeDeltas() -> [GenerationDelta] {
        defer { deltas.removeAll(keepingCapacity: true) }
        return deltas
    }

    func firstRequest(_ id: SequenceID) -> Request {
        var first = Request(
            id: id, prompt: asked.prompt, maxTokens: asked.parameters.maxTokens ?? .max,
            firstOutput: promptLogprobs == nil ? nil : 0, priority: asked.priority,
            tenant: asked.tenant, weight: asked.weight, scope: asked.scope,
            retention: asked.retention, branches: generatesNothing ? 1 : branches.count)
        first.readsCache = !asked.parameters.skipReadingPrefixCache
        return first
    }
}

extension GenerationJob {
    func visit(_ row: StepPlan.Row, branch: Int, in core: EngineCore) -> RowOutcome {
        // The span borrows from what it is asked of, which must be a variable of this scope.
        let executor = core.executor
        var accepted: [TokenID] = []
        do throws(EngineError) {
            for output in 0..<row.outputLength {
                let position = row.contextLength - row.outputLength + output
                let logits = executor.logits(row.outputStart + output)
                if position + 1 < asked.prompt.count {
                    try report(logits, at: position)
                } else if generatesNothing {
                    core.counters.countPrompt(
                        tokens: asked.prompt.count, cached: timeline.cachedTokens)
                } else if position + 1 == asked.prompt.count + branches[branch].tokens.count {
                    let peak = executor.peak(row.outputStart + output)
                    let outcome = try sample(logits, peak, branch: branch, in: core)
                    guard row.draftLength > 0 else { return outcome }
                    let draft = core.draft(after: output, of: row)
                    if let outcome = outcome.after(&accepted, draft: draft) { return outcome }
                }
            }
            return .advanced
        } catch {
            fail(error, at: core.now)
            return .finished(.failed)
        }
    }

    /// What is gathered is one token a step.
    var takesDrafts: Bool { (isForked || branches.count == 1) && gatherLimit == nil }

    /// Records the log probability of the prompt's token after `position`; once, however often
    /// the position is computed.
    private func report(_ logits: Span<Float>, at position: Int) throws(EngineError) {
        guard let report = asked.parameters.promptReport, promptLogprobs?.count == position + 1
        else { return }
        promptLogprobs?.append(
            try report(asked.prompt[position + 1], of: logits, position: position))
    }

    private func sample(
        _ logits: Span<Float>, _ peak: LogitPeak?, branch: Int, in core: EngineCore
    ) throws(EngineError) -> RowOutcome {
        noteFirstToken(in: core)
        guard !isForked, branches.count > 1 else {
            guard let token = try draw(logits, peak, branch, in: core) else {
                return .finished(branches[branch].ended ?? .failed)
            }
            return .sampled(token)
        }
        isForked = true
        var tokens: [TokenID?] = []
        for branch in branches.indices { tokens.append(try draw(logits, peak, branch, in: core)) }
        // Seated when all are drawn: a draw may throw, and the scheduler would not know them.
        let forks = (1..<branches.count).compactMap { branch in
            tokens[branch].map { Fork(sequence: core.seat(self, branch: branch), token: $0) }
        }
        if !forks.isEmpty { return .forked(own: tokens[0], forks) }
        return tokens[0].map { .sampled($0) } ?? .finished(branches[0].ended ?? .failed)
    }

    func take(gathered tokens: [TokenID]) { branches[0].take(tokens) }

    func noteFirstToken(in core: EngineCore) {
        guard timeline.firstToken == nil else { return }
        let now = core.now
        timeline.firstToken = now
        core.metrics.timeToFirstToken.observe(now - timeline.queued)
        core.counters.countPrompt(tokens: asked.prompt.count, cached: timeline.cachedTokens)
    }

    /// Draws a branch's next token; nil when the branch ends with it.
    private func draw(
        _ logits: Span<Float>, _ peak: LogitPeak?, _ branch: Int, in core: EngineCore
    ) throws(EngineError) -> TokenID? {
        let token = try branches[branch].sample(
            logits, peak: peak, with: &core.sampler)
        core.profile?.mark(.sampling)
        core.counters.generatedTokens += 1
        let now = core.now
        core.observeGap(since: branches[branch].lastTokenTime)
        branches[branch].lastTokenTime = now
        let delta = branches[branch].accept(token)
        tell(delta, at: now)
        core.profile?.mark(.text)
        return delta.finishReason == nil ? token : nil
    }
}

extension GenerationJob {
    func admitted(branch: Int, _ admission: Admission, at time: Duration) {
        timeline.note(admission, at: time)
    }

    func preempted(branch: Int, _ preemption: Preemption, at time: Duration) {
        timeline.note(preemption, choice: branch, at: time)
    }

    func finished(branch: Int, _ reason: FinishReason, at time: Duration) {
        guard branches[branch].ended == nil else { return }
        if reason == .failed {
            fail(.outOfBlocks, at: time)
        } else if generatesNothing {
            for branch in branches.indices { end(branch, reason, at: time) }
        } else {
            end(branch, reason, at: time)
        }
    }

    func cancel(at time: Duration) {
        for branch in branches.indices where branches[branch].ended == nil {
            end(branch, .cancelled, at: time)
        }
    }

    func fail(_ error: EngineError, at time: Duration) {
        guard !isEnded else { return }
        self.error = error
        deltas.removeAll()
    }

    private func end(_ branch: Int, _ reason: FinishReason, at time: Duration) {
        let text = branches[branch].end(reason)
        tell(
            GenerationDelta(index: index, choice: branch, text: text, finishReason: reason),
            at: time)
    }
}

extension GenerationJob {
    /// More answers are drawn than are wanted.
    private var isRanked: Bool { branches.count > asked.parameters.n }

    /// The branches in the order in which they are answers.
    private var ranking: [Int] {
        guard isRanked else { return Array(branches.indices) }
        func score(_ branch: Int) -> Double { branches[branch].cumulativeLogprob ?? 0 }
        let order = branches.indices.sorted {
            score($0) != score($1) ? score($0) > score($1) : $0 < $1
        }
        return Array(order.prefix(asked.parameters.n))
    }

    /// Keeps a branch's delta until `takeDeltas`, and its answer when it has ended.
    private func tell(_ delta: GenerationDelta, at time: Duration) {
        var delta = delta
        if delta.finishReason != nil {
            open -= 1
            var own = timeline
            own.finished = time
            delta.completion = branches[delta.choice].completion(
                choice: delta.choice, promptLogprobs: promptLogprobs, timeline: own)
            completions[delta.choice] = delta.completion
        }
        guard isRanked else {
            deltas.append(delta)
            return
        }
        if isEnded { tellRanked() }
    }

    /// Emits the ranked answers as whole deltas.
    private func tellRanked() {
        for (choice, branch) in ranking.enumerated() {
            guard let completion = completion(of: branch, choice: choice) else { continue }
            deltas.append(GenerationDelta(whole: completion, index: index))
        }
    }

    private func completion(of branch: Int, choice: Int) -> Completion? {
        var completion = completions[branch]
        completion?.choice = choice
        return completion
    }
}
