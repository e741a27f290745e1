import QuireIdentifiers
import Scheduling

/// A beam search: one sequence for each beam, forked and ended as the search goes on.
///
/// Every computed row is held until all beams of the round are computed, in whichever steps that
/// happens; then `settle` chooses the next beams. The first child of a beam is its sequence, the
/// others share its blocks, and a beam without children ends.
final class BeamJob: Job {
    let request: RequestID
    var live: [SequenceID] = []
    var isTouched = false

    /// Why the job failed; nil while it runs or succeeded.
    private(set) var error: EngineError?

    private let index: Int
    private let asked: GenerationRequest
    private let search: BeamSearch
    /// An answer without tokens: what ends one, and its text.
    private let blank: Generation
    private var timeline: Timeline
    private var beams: [Beam]
    private var finished: [Hypothesis] = []
    private var completions: [Completion]?
    private var deltas: [GenerationDelta] = []

    /// A beginning of an answer.
    struct Beam {
        var id: SequenceID
        var tokens: [TokenID] = []
        var sum = 0.0
        /// Its likeliest next tokens, once it is computed.
        var candidates: [TokenLogprob.Entry]?
    }

    /// A finished answer and its score.
    struct Hypothesis {
        var tokens: [TokenID]
        var sum: Double
        var score: Double
    }

    init(
        _ asked: GenerationRequest, _ search: BeamSearch, id: RequestID, index: Int,
        queued: Duration, in core: EngineCore
    ) throws(EngineError) {
        self.request = id
        self.asked = asked
        self.search = search
        self.index = index
        blank = try Generation(
            index: index, asked, tokenizer: core.tokenizer, maxModelLength: core.maxModelLength,
            vocabularySize: core.executor.vocabularySize)
        timeline = Timeline(queued: queued)
        beams = []
    }

    var isEnded: Bool { error != nil || completions != nil }

    var reasons: [FinishReason] {
        error == nil ? (completions ?? []).map(\.finishReason) : [.failed]
    }

    var result: Result<[Completion], EngineError>? {
        if let error { return .failure(error) }
        return completions.map { .success($0) }
    }

    var progress: JobProgress? {
        JobProgress(
            promptTokens: asked.prompt.count,
            generatedTokens: beams.reduce(0) { $0 + $1.tokens.count }, timeline: timeline)
    }

    func takeDeltas() -> [GenerationDelta] {
        defer { deltas.removeAll() }
        return deltas
    }

    func firstRequest(_ id: SequenceID) -> Request {
        beams = [Beam(id: id)]
        var first = Request(
            id: id, prompt: asked.prompt, maxTokens: max(1, blank.limit),
            priority: asked.priority, tenant: asked.tenant, weight: asked.weight,
            scope: asked.scope, retention: asked.retention, branches: search.width)
        first.readsCache = !asked.parameters.skipReadingPrefixCache
        return first
    }
}

extension BeamJob {
    func visit(_ row: StepPlan.Row, branch: Int, in core: EngineCore) -> RowOutcome {
        guard row.samples else { return .advanced }
        guard let beam = beams.firstIndex(where: { $0.id == row.sequence }) else {
            preconditionFailure("a row of a beam that is gone")
        }
        if timeline.firstToken == nil {
            let now = core.now
            timeline.firstToken = now
            core.metrics.timeToFirstToken.observe(now - timeline.queued)
            core.counters.countPrompt(tokens: asked.prompt.count, cached: timeline.cachedTokens)
        }
        let executor = core.executor
        do throws(EngineError) {
            let report = RowReport(count: 2 * search.width)
            let row = try report(
                0, of: executor.logits(row.outputStart + row.outputLength - 1),
                position: row.contextLength - 1)
            beams[beam].candidates = row.top.filter { $0.logprob > -.infinity }
            return .held
        } catch {
            fail(error, at: core.now)
            return .finished(.failed)
        }
    }

    func settle(in core: EngineCore) {
        guard !isEnded, beams.allSatisfy({ $0.candidates != nil }) else { return }
        let next = choose()
        core.counters.generatedTokens += next.count
        let length = beams[0].tokens.count + 1
        if length >= blank.limit || next.isEmpty || isDecided(next, length: length) {
            if length >= blank.limit {
                for child in next { finish(child.tokens(after: beams), child.sum) }
            }
            end(at: core.now)
        } else {
            go(on: next, in: core)
        }
    }

    /// A continuation of a beam.
    private struct Child {
        var beam: Int
        var token: TokenID
        var sum: Double

        func tokens(after beams: [Beam]) -> [TokenID] { beams[beam].tokens + [token] }
    }

    /// The next beams, likeliest first; continuations that end are taken for answers.
    private func choose() -> [Child] {
        var all: [Child] = []
        for (beam, state) in beams.enumerated() {
            for entry in state.candidates ?? [] {
                all.append(Child(beam: beam, token: entry.token, sum: state.sum + entry.logprob))
            }
        }
        all.sort { one, other in
            one.sum != other.sum
                ? one.sum > other.sum : (one.beam, one.token) < (other.beam, other.token)
        }
        var next: [Child] = []
        for (rank, child) in all.enumerated() where next.count < search.width {
            if !blank.isEnd(child.token) {
                next.append(child)
            } else if rank < search.width {
                finish(child.tokens(after: beams), child.sum)
            }
        }
        return next
    }

    private func finish(_ tokens: [TokenID], _ sum: Double) {
        let score = search.score(sum, tokens: tokens.count)
        // Behind its equals: the first found stays first.
        let place = finished.firstIndex { $0.score < score } ?? finished.count
        finished.insert(Hypothesis(tokens: tokens, sum: sum, score: score), at: place)
        if finished.count > search.width { finished.removeLast() }
    }

    private func isDecided(_ next: [Child], length: Int) -> Bool {
        guard finished.count == search.width, let worst = finished.last, let best = next.first
        else { return false }
        return search.earlyStopping
            || search.attainable(best.sum, tokens: length, limit: blank.limit) <= worst.score
    }

    /// Gives the beams their children.
    private func go(on next: [Child], in core: EngineCore) {
        var ids: [SequenceID?] = next.map { _ in nil }
        for (parent, beam) in beams.enumerated() {
            let children = next.indices.filter { next[$0].beam == parent }
            guard let first = children.first else {
                core.scheduler.decide(beam.id, .finished(.cancelled))
                continue
            }
            ids[first] = beam.id
            var forks: [Fork] = []
            for child in children.dropFirst() {
                let id = core.seat(self, branch: 0)
                ids[child] = id
                forks.append(Fork(sequence: id, token: next[child].token))
            }
            core.scheduler.decide(
                beam.id,
                forks.isEmpty
                    ? .sampled(next[first].token) : .forked(own: next[first].token, forks))
        }
        beams = zip(next, ids).map { child, id in
            guard let id else { preconditionFailure("a beam without a sequence") }
            return Beam(id: id, tokens: child.tokens(after: beams), sum: child.sum)
        }
    }
}

extension BeamJob {
    func admitted(branch: Int, _ admission: Admission, at time: Duration) {
        timeline.note(admission, at: time)
    }

    func preempted(branch: Int, _ preemption: Preemption, at time: Duration) {
        timeline.note(preemption, choice: 0, at: time)
    }

    func finished(branch: Int, _ reason: FinishReason, at time: Duration) {
        if reason == .failed { fail(.outOfBlocks, at: time) }
    }

    func cancel(at time: Duration) {
        for beam in beams { finish(beam.tokens, beam.sum) }
        end(at: time)
    }

    func fail(_ error: EngineError, at time: Duration) {
        if !isEnded { self.error = error }
    }

    private func end(at time: Duration) {
        timeline.finished = time
        let best = finished.prefix(asked.parameters.n)
        completions = best.enumerated().map { choice, hypothesis in
            var answer = blank
            for token in hypothesis.tokens { _ = answer.accept(token) }
            if answer.ended == nil { _ = answer.end(.cancelled) }
            var completion = answer.completion(
                choice: choice, promptLogprobs: nil, timeline: timeline)
            completion.cumulativeLogprob = hypothesis.sum
            return completion
        }
        deltas = (completions ?? []).map { GenerationDelta(whole: $0, index: index) }
    }
}
