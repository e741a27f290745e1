package import KVCache
import QuireIdentifiers
package import Scheduling
package import Tokenization

/// The engine without a thread: plan, execute, sample, stop, complete, one step at a time.
///
/// Its driver begins and cancels jobs, makes turns and is told which jobs have news
/// (`EngineCore+Run`); no driver looks into the scheduler.
///
/// A step that fails ends the jobs of its rows and no others. After any step the blocks that are
/// in use are those of jobs that have not ended.
package final class EngineCore {
    let tokenizer: Tokenizer
    let executor: any Executor
    var scheduler: Scheduler
    var sampler = Sampler()
    var counters = EngineCounters()
    /// How times and tokens are distributed.
    let metrics: EngineMetrics
    /// What the cache tells of its changes.
    let events = KVEventLog()
    /// Writes the steps down; nil: nobody asks.
    var recorder: StepRecorder?
    /// Records where the time of steps goes; nil: it is not measured.
    var profile: StepProfile?

    private let clock: () -> Duration
    /// The times between tokens that were not told to `metrics` yet.
    private var gaps = RepeatedValue()
    /// Tokens of answers that are told at their end.
    private var gatherings = Gatherings()
    /// Where the sequences of the last step's rows sit.
    private var rowSeats = RowSeats()
    /// Proposes tokens ahead; nil: none are proposed.
    var drafter: (any TokenDrafter)?
    /// The step that was executed last.
    private(set) var plan: StepPlan
    private var outcomes: [RowOutcome] = []
    private var actions: [SchedulerAction] = []
    private(set) var seats: [SequenceID: Seat] = [:]
    private var touched: [any Job] = []
    /// The jobs that were told of last: memory that the next list takes over.
    private var told: [any Job] = []
    private var nextID: UInt64 = 0

    /// Whose sequence a number of the scheduler's is.
    struct Seat {
        let job: any Job
        let branch: Int
        /// The number of what is gathered for it; nil: nothing is.
        var gathering: Int?
    }

    /// A core over an executor.
    ///
    /// - Parameters:
    ///   - executor: the model; it has an arena for `plan`.
    ///   - tokenizer: the model's own.
    ///   - layout: the layout and size of the cache.
    ///   - configuration: the bounds of a step; nil: those of the executor.
    ///   - order: an order of one's own instead of the configuration's.
    ///   - clock: the time since some fixed moment; nil: since now.
    /// - Throws: `EngineError.invalidConfiguration` when it does not suit executor and plan.
    package init(
        executor: any Executor, tokenizer: Tokenizer, layout: CacheLayout,
        configuration: SchedulerConfiguration?, order: (any OrderPolicy)? = nil,
        clock: (() -> Duration)? = nil
    ) throws(EngineError) {
        let chosen = configuration ?? .suiting(executor, layout)
        let tokens = executor.maxStepTokens
        let outputs = executor.maxStepOutputs
        guard chosen.maxStepTokens <= tokens, chosen.maxStepOutputs <= outputs else {
            throw EngineError(
                .invalidConfiguration,
                "steps of \(chosen.maxStepTokens) tokens and \(chosen.maxStepOutputs) outputs are "
                    + "more than the executor's \(tokens) and \(outputs); lower them")
        }
        do throws(SchedulingError) {
            scheduler = try Scheduler(layout: layout, configuration: chosen, order: order)
        } catch {
            throw EngineError(error)
        }
        self.executor = executor
        self.tokenizer = tokenizer
        metrics = EngineMetrics(maxModelLength: layout.maxModelLength)
        self.plan = StepPlan(
            groups: layout.groups.count, hasBlockTables: executor.readsBlockTables)
        self.clock = clock ?? EngineCore.clockFromNow()
    }

    /// The time since this call.
    static func clockFromNow() -> @Sendable () -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        return { clock.now - start }
    }

    /// The time since the core was made.
    package var now: Duration { clock() }

    /// Tokens of the longest sequence.
    var maxModelLength: Int { scheduler.cache.layout.maxModelLength }

    /// Whether no sequence waits or runs: every one has a seat.
    package var isIdle: Bool { seats.isEmpty }
}

extension EngineCore {
    /// Puts a job's first sequence into the queue.
    ///
    /// - Throws: `EngineError`, when it is refused; the job then has no part in anything.
    package func begin(_ job: any Job) throws(EngineError) {
        let id = SequenceID(nextID)
        let request = job.firstRequest(id)
        try Self.check(request.prompt, vocabularySize: executor.vocabularySize)
        do throws(SchedulingError) {
            try scheduler.submit(request, now: now)
        } catch {
            throw EngineError(error)
        }
        let seated = seat(job, branch: 0)
        precondition(seated == id, "a sequence has another's number")
        if let limit = job.gatherLimit { seats[id]?.gathering = gatherings.open(limit: limit) }
    }

    /// Checks that a prompt's tokens exist.
    static func check(_ prompt: [TokenID], vocabularySize: Int) throws(EngineError) {
        if let unknown = prompt.first(where: { Int($0.rawValue) >= vocabularySize }) {
            throw .outOfVocabulary(unknown, vocabularySize)
        }
    }

    /// Gives a job's new sequence a number.
    func seat(_ job: any Job, branch: Int) -> SequenceID {
        let id = SequenceID(nextID)
        nextID += 1
        seats[id] = Seat(job: job, branch: branch)
        job.live.append(id)
        return id
    }

    /// Ends a job whatever its sequences are doing: queued, computing or preempted. What it has
    /// computed stays cached.
    package func cancel(_ job: any Job) {
        guard !job.isEnded else { return }
        handOver(to: job)
        job.cancel(at: now)
        touch(job)
        removeSequences(of: job)
    }

    /// Ends a job with an error.
    func fail(_ job: any Job, _ error: EngineError) {
        guard !job.isEnded else { return }
        handOver(to: job)
        job.fail(error, at: now)
        touch(job)
        removeSequences(of: job)
    }

    /// Forgets all cached prefixes; false when blocks are in use and may not be taken.
    func resetPrefixCache(preempting: Bool) -> Bool {
        defer { note(at: now) }
        guard scheduler.resetPrefixCache(preemptRunning: preempting) else { return false }
        counters.window.reset()
        events.append(scheduler.takeCacheEvents())
        return true
    }

    /// Whether any job has news that were not taken.
    var hasNews: Bool { !touched.isEmpty }

    /// The jobs that have news since the last call, in the order of their first news.
    func takeTouched() -> [any Job] {
        for job in touched {
            job.isTouched = false
            if job.isEnded {
                counters.countEnds(job.reasons)
                if case .success(let completions)? = job.result { metrics.count(completions) }
            }
        }
        swap(&touched, &told)
        touched.removeAll(keepingCapacity: true)
        return told
    }

    /// Lets go of the jobs that `takeTouched` gave last.
    func forgetTold() { told.removeAll(keepingCapacity: true) }

    private func touch(_ job: any Job) {
        guard !job.isTouched else { return }
        job.isTouched = true
        touched.append(job)
    }

    private func leave(_ id: SequenceID) -> Seat? {
        guard let seat = seats.removeValue(forKey: id) else { return nil }
        seat.job.live.removeAll { $0 == id }
        return seat
    }

    /// Takes what an ended job still has in the scheduler out of it.
    private func removeSequences(of job: any Job) {
        for id in job.live {
            seats[id] = nil
            let found = scheduler.cancel(id)
            precondition(found, "sequence \(id) is unknown to the scheduler")
        }
        job.live.removeAll()
        // The events of these cancellations are dropped: the job has ended already.
        scheduler.takeActions(into: &actions)
    }
}

extension EngineCore {
    /// Makes one step.
    ///
    /// - Returns: false when nothing happened: nothing that waits or runs can go on now.
    func step(now start: Duration) -> Bool {
        profile?.mark(.between)
        scheduler.completeTierWork(executor.takeCompletions(waiting: false))
        scheduler.plan(into: &plan, now: start)
        executor.start(scheduler.takeTierWork())
        let hasNews = note(at: start)
        guard !plan.isEmpty else {
            removeEnded()
            return hasNews
        }
        profile?.mark(.plan)
        let begun = recorder == nil ? start : now
        do {
            try executor.execute(plan)
        } catch {
            failStep(EngineError(.executorFailed, "the model could not be run: \(error)"))
            return true
        }
        recorder?.note(plan, from: begun, to: now)
        visitRows()
        profile?.mark(.text)
        let end = now
        scheduler.complete(outcomes, elapsed: end - start)
        outcomes.removeAll(keepingCapacity: true)
        executor.start(scheduler.takeTierWork())
        if !plan.transfers.isEmpty, let bandwidth = executor.copyBandwidth {
            scheduler.copyBandwidth = bandwidth
        }
        note(at: end)
        for index in touched.indices where !touched[index].isEnded {
            touched[index].settle(in: self)
        }
        note(at: end)
        removeEnded()
        if seats.isEmpty {
            rowSeats = RowSeats()
            recorder?.noteIdle()
        }
        proposeDrafts()
        events.append(scheduler.takeCacheEvents())
        counters.observe(scheduler.countsNow())
        let stepTokens = counters.takeStepTokens()
        if stepTokens > 0 { metrics.iterationTokens.observe(Double(stepTokens)) }
        profile?.mark(.completion)
        profile?.endStep()
        return true
    }

    private func removeEnded() {
        for index in touched.indices where touched[index].isEnded {
            removeSequences(of: touched[index])
        }
    }

    private func visitRows() {
        // Own copies: fields of an object are guarded at every access.
        var list: [RowOutcome] = []
        swap(&list, &outcomes)
        var places = RowSeats()
        swap(&places, &rowSeats)
        var answers = Gatherings()
        swap(&answers, &gatherings)
        let time = now
        let executor = executor
        var gathered = 0
        places.begin()
        for row in plan.rows {
            let place =
                places.next(row.sequence) ?? places.add(row.sequence, seat(of: row.sequence))
            if let number = places.gathering(at: place), row.samples, row.draftLength == 0 {
                gathered += 1
                let peak = executor.peak(row.outputStart)
                list.append(
                    gather(peak, row, places.seat(at: place).job, number, &answers, at: time))
            } else {
                list.append(visit(row, places.seat(at: place)))
            }
        }
        places.end()
        counters.generatedTokens += gathered
        swap(&answers, &gatherings)
        swap(&places, &rowSeats)
        swap(&list, &outcomes)
        gaps.flush(into: metrics.interTokenLatency)
    }

    /// Takes the most likely token after a row, where a token is one more and nothing else.
    private func gather(
        _ peak: LogitPeak?, _ row: StepPlan.Row, _ job: any Job, _ number: Int,
        _ answers: inout Gatherings, at time: Duration
    ) -> RowOutcome {
        do throws(EngineError) {
            let position = row.contextLength - 1
            let token =
                if let peak {
                    try Sampler.checked(peak, position: position).token
                } else {
                    try largest(row.outputStart, position: position)
                }
            if let last = answers.last(of: number) {
                gaps.add(time - last, to: metrics.interTokenLatency)
            } else {
                job.noteFirstToken(in: self)
            }
            guard answers.append(token, to: number, at: time) else { return .sampled(token) }
            job.take(gathered: answers.close(number))
            job.finished(branch: 0, .length, at: time)
            return .finished(.length)
        } catch {
            job.take(gathered: answers.close(number))
            job.fail(error, at: time)
            return .finished(.failed)
        }
    }

    private func largest(_ output: Int, position: Int) throws(EngineError) -> TokenID {
        // The span borrows from what it is asked of, which must be a variable of this scope.
        let executor = executor
        return try Sampler.largest(executor.logits(output), position: position).token
    }

    /// Gives a job what was gathered for it: it is about to end.
    private func handOver(to job: any Job) {
        guard job.gatherLimit != nil else { return }
        for id in job.live {
            guard let number = seats[id]?.gathering, gatherings.isOpen(number) else { continue }
            job.take(gathered: gatherings.close(number))
        }
    }

    private func seat(of sequence: SequenceID) -> Seat {
        guard let seat = seats[sequence] else {
            preconditionFailure("a row of a sequence that nobody wants")
        }
        return seat
    }

    /// Takes note of the time between two tokens of an answer, the second of which is there now.
    func observeGap(since last: Duration?) {
        guard let last else { return }
        gaps.add(now - last, to: metrics.interTokenLatency)
    }

    private func visit(_ row: StepPlan.Row, _ seat: Seat) -> RowOutcome {
        guard !seat.job.isEnded else { return .finished(.failed) }
        let outcome = seat.job.visit(row, branch: seat.branch, in: self)
        if row.outputLength > 0, seat.job.tellsTokens { touch(seat.job) }
        // It is gone without an action: its children have its blocks.
        if case .forked(own: nil, _) = outcome { _ = leave(row.sequence) }
        return outcome
    }

    /// Tells the jobs what the scheduler did; false when it did nothing.
    @discardableResult
    private func note(at time: Duration) -> Bool {
        scheduler.takeActions(into: &actions)
        for action in actions {
            switch action {
            case .admitted(let id, let admission):
                guard let seat = seats[id] else { continue }
                seat.job.admitted(branch: seat.branch, admission, at: time)
            case .preempted(let id, let preemption):
                guard let seat = seats[id] else { continue }
                seat.job.preempted(branch: seat.branch, preemption, at: time)
            case .finished(let id, let reason):
                if let job = seats[id]?.job { handOver(to: job) }
                guard let seat = leave(id) else { continue }
                seat.job.finished(branch: seat.branch, reason, at: time)
                touch(seat.job)
            }
        }
        return !actions.isEmpty
    }

    /// The step had no effect: what is in the blocks of its rows is unknown.
    private func failStep(_ error: EngineError) {
        scheduler.abandon()
        counters.failedSteps += 1
        for row in plan.rows {
            if let seat = seats[row.sequence] { fail(seat.job, error) }
        }
        scheduler.dropOrphanedCopies()
    }
}

extension SchedulerConfiguration {
    /// The bounds of an executor and a plan, with 32 requests at once.
    static func suiting(_ executor: any Executor, _ layout: CacheLayout) -> SchedulerConfiguration {
        let tokens = executor.maxStepTokens
        let outputs = executor.maxStepOutputs
        return SchedulerConfiguration(
            maxStepTokens: tokens, maxStepOutputs: outputs, maxChunk: min(tokens, layout.maxChunk),
            maxRunning: min(32, tokens, outputs))
    }
}
