import QuireIdentifiers
import Scheduling

extension LLM {
    /// Answers requests that come one after another, a bounded number of them at once.
    ///
    /// As one ends the next is asked for, so that no step is smaller than it could be and no more
    /// requests are in memory than run.
    ///
    /// - Parameters:
    ///   - inFlight: requests that are taken up at once, at least 1.
    ///   - next: gives the next request; nil when there are no more.
    ///   - isCancelled: asked before every step; answering true gives up all that is under way,
    ///     without an answer.
    ///   - onStep: called after every step with the number of tokens that the answers have gained.
    ///   - onAnswer: takes the answers to a request, named by its number from 0 in the order in
    ///     which they were given, as soon as it has ended.
    /// - Throws: what `next` or `onAnswer` throws; then all that is under way is given up.
    public func feed<Failure: Error>(
        inFlight: Int, next: () throws(Failure) -> GenerationRequest?,
        isCancelled: () -> Bool = { false }, onStep: (Int) -> Void = { _ in },
        onAnswer: (Int, Result<[Completion], EngineError>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(inFlight >= 1, "no request could ever be taken up")
        var active: [Int: any Job] = [:]
        defer { abandon(active) }
        var given = 0
        var isExhausted = false
        var tokens = 0
        // A request that the queue has no room for yet.
        var held: GenerationRequest?
        func prepare() throws(Failure) -> Bool {
            tokens = 0
            while !isExhausted, active.count < inFlight {
                guard let request = try held == nil ? next() : held else {
                    isExhausted = true
                    break
                }
                held = nil
                do throws(EngineError) {
                    active[given] = try begin(request, index: given)
                } catch {
                    if error.code == .queueFull, !active.isEmpty {
                        held = request
                        break
                    }
                    try onAnswer(given, .failure(error))
                }
                given += 1
            }
            return !active.isEmpty && !isCancelled()
        }
        func tell(_ job: any Job) throws(Failure) {
            for delta in job.takeDeltas() { tokens += delta.tokens.count }
            guard let result = job.result else { return }
            let index = Int(job.request.rawValue)
            active[index] = nil
            try onAnswer(index, result)
        }
        try core.run(prepare: prepare, tell: tell, onTurn: { onStep(tokens) })
    }

    /// Takes a request up.
    ///
    /// - Throws: `EngineError`, when it cannot be answered.
    func begin(_ request: GenerationRequest, index: Int) throws(EngineError) -> any Job {
        // The caller may see the whole row; a server has a bound of its own.
        try request.validate(vocabularySize: core.executor.vocabularySize, maxLogprobs: -1)
        let job = try core.makeJob(request, id: RequestID(UInt64(index)), index: index)
        try core.begin(job)
        return job
    }

    /// Gives up requests without reporting their end.
    private func abandon(_ jobs: [Int: any Job]) {
        for index in jobs.keys.sorted() {
            if let job = jobs[index] { core.cancel(job) }
        }
        _ = core.takeTouched()
    }
}
