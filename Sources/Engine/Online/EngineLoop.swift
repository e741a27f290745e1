import QuireIdentifiers
import QuireThreads
import Scheduling

/// An engine's turns and what happens between them: mail in, news out.
///
/// ```
///            +--------------------------------------------------------+
///            v                                                        |
///   empty the mailbox -> stop? -> paused or nothing to do? -> sleep --+
///                                          |                          |
///                                          +-> step -> tell readers --+
/// ```
///
/// `Engine` runs it on a thread. It needs none: a caller with a clock of its own calls `turn(now:)`
/// and decides what waiting means.
///
/// Every accepted request has ended before the last turn returns, and every call that waits for the
/// loop is answered.
package final class EngineLoop {
    let core: EngineCore
    let mailbox: Mailbox
    private var active: [RequestID: Active] = [:]
    private var pause: Pause?
    private var isStopping = false
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []

    /// A request that was taken, and where its news go.
    private struct Active {
        let job: any Job
        let buffer: StreamBuffer
    }

    /// A pause that is wished for or has begun.
    private struct Pause {
        /// Requests that came since, in order.
        var held: [any Job] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Steps are made until nothing is left to do.
        var isDraining: Bool
    }

    init(core: EngineCore, mailbox: Mailbox) {
        self.core = core
        self.mailbox = mailbox
        publishStatistics()
    }

    /// Runs until the engine is shut down, asleep whenever there is nothing to do.
    func run() {
        while let wait = turn(now: core.now) {
            switch wait {
            case .none: break
            case .request: mailbox.signal.wait()
            case .atMost(let time):
                if !core.awaitTierWork() { _ = mailbox.signal.wait(atMost: time) }
            }
        }
    }

    /// Empties the mailbox, makes a step if there is work for one, and tells the readers.
    ///
    /// - Parameter now: the clock's time; it never goes back.
    /// - Returns: what must happen before the next turn is of use; nil when the engine has ended.
    package func turn(now: Duration) -> EngineWait? {
        for mail in mailbox.take() { handle(mail) }
        mailbox.held = pause?.held.count ?? 0
        tell()
        settlePause()
        guard core.isIdle || pause?.isDraining == false else {
            let wait = core.turn(now: now)
            tell(afterStep: true)
            return wait
        }
        guard isStopping else { return .request }
        for mail in mailbox.close() { handle(mail) }
        tell()
        settlePause()
        core.events.finish()
        for waiter in stopWaiters { waiter.resume() }
        stopWaiters = []
        return nil
    }

    /// Why a request has no tokens in the last step; nil when it has some, or is gone.
    func waitReason(of ticket: RequestID) -> WaitReason? {
        guard let job = active[ticket]?.job else { return nil }
        if job.live.isEmpty { return .arrived }
        let reasons = job.live.map { core.scheduler.waitReason(of: $0) }
        return reasons.contains(nil) ? nil : reasons[0]
    }

    /// The job of a request that has not ended.
    func job(of ticket: RequestID) -> (any Job)? { active[ticket]?.job }

    /// Has others see what the core has and has done up to now.
    func publishStatistics() { mailbox.statistics = core.statistics }

    private func handle(_ mail: Mailbox.Mail) {
        switch mail {
        case .submit(let submission):
            take(submission)
        case .cancel(let ticket):
            if let job = active[ticket]?.job { cancel(job) }
        case .pause(let mode, let waiter):
            begin(mode, waiter)
        case .resume:
            endPause()
        case .perform(let question):
            question(self)
        case .stop(let mode, let waiter):
            if let waiter { stopWaiters.append(waiter) }
            isStopping = true
            endPause()
            if mode == .abort { cancelAll() }
        }
    }

    private func take(_ submission: Mailbox.Submission) {
        do throws(EngineError) {
            let job = try core.makeJob(
                submission.request, id: submission.ticket, queued: submission.queued)
            if pause == nil { try core.begin(job) } else { pause?.held.append(job) }
            active[submission.ticket] = Active(job: job, buffer: submission.buffer)
            if pause == nil { submission.buffer.accept() }
        } catch {
            submission.buffer.publish([], end: .failure(error))
        }
    }

    private func cancel(_ job: any Job) {
        pause?.held.removeAll { $0 === job }
        core.cancel(job)
    }

    private func cancelAll() {
        for ticket in active.keys.sorted() {
            if let job = active[ticket]?.job { cancel(job) }
        }
    }

    /// Wakes the readers of the jobs that have news, each once.
    private func tell(afterStep: Bool = false) {
        guard afterStep || core.hasNews else { return }
        var isFirst = true
        core.drain { job in
            // First: a reader that has seen the end of a request must find it counted.
            if isFirst { mailbox.statistics = core.statistics }
            isFirst = false
            guard let buffer = active[job.request]?.buffer else { return }
            let result = job.result
            buffer.publish(job.takeDeltas(), end: result.map { $0.map { _ in () } })
            if result != nil { active[job.request] = nil }
        }
        if isFirst { mailbox.statistics = core.statistics }
    }
}

extension EngineLoop {
    private func begin(_ mode: PauseMode, _ waiter: CheckedContinuation<Void, Never>?) {
        guard !isStopping else {
            waiter?.resume()
            return
        }
        pause = pause ?? Pause(isDraining: true)
        if let waiter { pause?.waiters.append(waiter) }
        // A pause that drains already may be cut short, not the other way round.
        if mode != .wait { pause?.isDraining = false }
        if mode == .abort { cancelAll() }
    }

    /// Resumes the callers that wait for the pause to begin.
    private func settlePause() {
        guard var current = pause else { return }
        if core.isIdle { current.isDraining = false }
        if !current.isDraining {
            for waiter in current.waiters { waiter.resume() }
            current.waiters = []
        }
        pause = current
    }

    private func endPause() {
        guard let ended = pause else { return }
        pause = nil
        for waiter in ended.waiters { waiter.resume() }
        for job in ended.held {
            do throws(EngineError) {
                try core.begin(job)
                active[job.request]?.buffer.accept()
            } catch {
                core.fail(job, error)
            }
        }
    }
}
