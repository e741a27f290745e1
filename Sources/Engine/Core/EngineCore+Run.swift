import Scheduling

// The one way to drive the core: turns, each at a time that the driver says. `Engine` makes them on
// a thread of its own, `LLM` on its caller's, a test or a simulation in virtual time.

extension EngineCore {
    /// Makes a step if there is work for one.
    ///
    /// - Parameter now: the clock's time; it never goes back.
    package func turn(now: Duration) -> EngineWait {
        guard !isIdle else { return .request }
        return step(now: now) ? .none : .atMost(EngineLimits.transferPoll)
    }

    /// Calls `tell` with the jobs that have news since the last call, in the order of their first
    /// news.
    package func drain<Failure: Error>(
        _ tell: (any Job) throws(Failure) -> Void
    ) throws(Failure) {
        // What the calls bring about is for the next time.
        for job in takeTouched() { try tell(job) }
        forgetTold()
    }

    /// Turns on the caller's thread until nothing is left to do.
    ///
    /// - Parameters:
    ///   - prepare: called before every turn, to begin and cancel jobs; false ends the run.
    ///   - tell: called after every turn with each job that has news.
    ///   - onTurn: called after that.
    func run<Failure: Error>(
        prepare: () throws(Failure) -> Bool = { true },
        tell: (any Job) throws(Failure) -> Void, onTurn: () -> Void = {}
    ) throws(Failure) {
        while try prepare() {
            let wait = turn(now: now)
            try drain(tell)
            onTurn()
            switch wait {
            case .none: break
            case .request: return
            case .atMost:
                let worked = awaitTierWork()
                precondition(worked, "requests wait and none can run")
            }
        }
    }
}
