package import QuireIdentifiers
package import Scheduling

/// A request inside the core: one or more sequences in the scheduler, and what becomes of them.
///
/// The core calls the job: the job decides what follows from a computed row (a token, an end,
/// branches), and records what the scheduler did to its sequences. A job has its result when
/// `isEnded`, and then no sequence.
package protocol Job: AnyObject {
    /// The number of the request, unique among those of its driver.
    var request: RequestID { get }

    /// The numbers of its sequences in the scheduler. The core keeps it.
    var live: [SequenceID] { get set }

    /// Whether it is in the list of jobs that have news. The core keeps it.
    var isTouched: Bool { get set }

    /// Whether there is something to tell of it with every token, and not only at its end.
    var tellsTokens: Bool { get }

    /// How many tokens the core may gather for it without asking: those of one answer that mean
    /// nothing but themselves. Nil: it is asked about every row.
    var gatherLimit: Int? { get }

    /// The first of the gathered tokens is there.
    func noteFirstToken(in core: EngineCore)

    /// Takes what was gathered, once, before it ends or is ended.
    func take(gathered tokens: [TokenID])

    /// Whether its result is there, or what is wrong with it.
    var isEnded: Bool { get }

    /// Why its answers ended, once it has ended.
    var reasons: [FinishReason] { get }

    /// The answers in the order of their choices, or what is wrong, once it has ended. A text that
    /// is scored has no answers.
    var result: Result<[Completion], EngineError>? { get }

    /// What there is to tell of it before its end; nil: nobody asks.
    var progress: JobProgress? { get }

    /// What its answers have gained since the last call.
    func takeDeltas() -> [GenerationDelta]

    /// Its first sequence for the scheduler.
    func firstRequest(_ id: SequenceID) -> Request

    /// Whether its rows may hold drafts. Then it says of each output what comes after it, as long
    /// as that is the draft that stands there.
    var takesDrafts: Bool { get }

    /// Decides what follows from a computed row.
    ///
    /// - Parameters:
    ///   - row: a row of the step that was executed.
    ///   - branch: the sequence that it belongs to, as it was seated.
    ///   - core: whose executor has the logits; sequences that are forked are seated there.
    func visit(_ row: StepPlan.Row, branch: Int, in core: EngineCore) -> RowOutcome

    /// All rows of the step were visited, and some were this job's: what was held can be decided.
    func settle(in core: EngineCore)

    /// A sequence has its first tokens in a step.
    func admitted(branch: Int, _ admission: Admission, at time: Duration)

    /// A sequence lost its place.
    func preempted(branch: Int, _ preemption: Preemption, at time: Duration)

    /// The scheduler ended a sequence.
    func finished(branch: Int, _ reason: FinishReason, at time: Duration)

    /// Ends the job early: its result is what there is.
    func cancel(at time: Duration)

    /// It cannot go on. Without effect when it has ended.
    func fail(_ error: EngineError, at time: Duration)
}

extension Job {
    /// None.
    package var takesDrafts: Bool { false }

    /// It tells of them.
    package var tellsTokens: Bool { true }

    /// It is asked about every row.
    package var gatherLimit: Int? { nil }

    /// Nothing is gathered.
    package func noteFirstToken(in core: EngineCore) {}

    /// Nothing was gathered.
    package func take(gathered tokens: [TokenID]) {}

    /// Nobody asks.
    package var progress: JobProgress? { nil }

    /// Nothing was held.
    package func settle(in core: EngineCore) {}
}

extension EngineCore {
    /// A job for a request whose parameters are valid.
    ///
    /// - Parameters:
    ///   - id: a number that no other job of the driver has.
    ///   - index: the number that its deltas bear: the request's place among those of a call.
    ///   - queued: when it was submitted; nil: now.
    /// - Throws: `EngineError.invalidParameters` for what only a tokenizer can tell.
    package func makeJob(
        _ request: GenerationRequest, id: RequestID, index: Int = 0, queued: Duration? = nil
    ) throws(EngineError) -> any Job {
        if let beam = request.beam {
            return try BeamJob(request, beam, id: id, index: index, queued: queued ?? now, in: self)
        }
        return try GenerationJob(request, id: id, index: index, queued: queued ?? now, in: self)
    }
}
