import QuireIdentifiers
import QuireThreads
import Scheduling

/// The loop of the engine's thread.
///
/// ```
///            +--------------------------------------------------------+
///            v                                                        |
///   empty the mailbox -> stop? -> paused or nothing to do? -> sleep --+
///                                          |                          |
///                                          +-> step -> tell readers --+
/// ```
///
/// Every request that was taken is told its end before the loop returns, and every call that waits
/// for the loop is answered.
final class EngineLoop {
    let core: EngineCore
    private let mailbox: Mailbox
    private var jobs: [RequestID: any AnswerJob] = [:]
    private var readers: [ObjectIdentifier: Reader] = [:]
    private var pause: Pause?
    private var isStopping = false
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []

    /// Where a job's news go.
    private struct Reader {
        let ticket: RequestID
        let buffer: StreamBuffer
    }

    /// A pause that is wished for or has begun.
    private struct Pause {
        /// Requests that came since, in order.
        var held: [any AnswerJob] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Steps are made until nothing is left to do.
        var isDraining: Bool
    }

    init(core: EngineCore, mailbox: Mailbox) {
        self.core = core
        self.mailbox = mailbox
    }

    /// Runs until the engine is shut down.
    func run() {
        while true {
            for mail in mailbox.take() { handle(mail) }
            tell()
            settlePause()
            if core.isIdle || pause?.isDraining == false {
                if isStopping { break }
                mailbox.signal.wait()
            } else if core.step() {
                tell(afterStep: true)
            } else {
                // It may be told that it can go on, or have to look.
                _ = mailbox.signal.wait(atMost: EngineLimits.transferPoll)
            }
        }
        for mail in mailbox.close() { handle(mail) }
        tell()
        settlePause()
        core.events.finish()
        for waiter in stopWaiters { waiter.resume() }
    }

    /// Why a request has no tokens in the last step; nil when it has some, or is gone.
    func waitReason(of ticket: RequestID) -> WaitReason? {
        guard let job = jobs[ticket] else { return nil }
        if job.live.isEmpty { return .arrived }
        let reasons = job.live.map { core.scheduler.waitReason(of: $0) }
        return reasons.contains(nil) ? nil : reasons[0]
    }

    private func handle(_ mail: Mailbox.Mail) {
        switch mail {
        case .submit(let submission):
            take(submission)
        case .cancel(let ticket):
            if let job = jobs[ticket] { cancel(job) }
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
                submission.request, index: 0, queued: submission.queued)
            if pause == nil { try core.begin(job) } else { pause?.held.append(job) }
            jobs[submission.ticket] = job
            readers[ObjectIdentifier(job)] = Reader(
                ticket: submission.ticket, buffer: submission.buffer)
        } catch {
            submission.buffer.publish([], end: .failure(error))
        }
    }

    private func cancel(_ job: any AnswerJob) {
        pause?.held.removeAll { $0 === job }
        core.cancel(job)
    }

    private func cancelAll() {
        for ticket in jobs.keys.sorted() {
            if let job = jobs[ticket] { cancel(job) }
        }
    }

    /// Wakes the readers of the jobs that have news, each once.
    private func tell(afterStep: Bool = false) {
        let touched = core.takeTouched()
        guard afterStep || !touched.isEmpty else { return }
        // First: who has seen the end of a request must find it counted.
        mailbox.statistics = core.statistics
        for case let job as any AnswerJob in touched {
            guard let reader = readers[ObjectIdentifier(job)] else { continue }
            let result = job.result
            reader.buffer.publish(job.takeDeltas(), end: result.map { $0.map { _ in () } })
            if result != nil {
                readers[ObjectIdentifier(job)] = nil
                jobs[reader.ticket] = nil
            }
        }
        core.forgetTold()
    }
}

extension EngineLoop {
    private func begin(_ mode: PauseMode, _ waiter: CheckedContinuation<Void, Never>) {
        guard !isStopping else {
            waiter.resume()
            return
        }
        pause = pause ?? Pause(isDraining: true)
        pause?.waiters.append(waiter)
        // A pause that drains already may be cut short, not the other way round.
        if mode != .wait { pause?.isDraining = false }
        if mode == .abort { cancelAll() }
    }

    /// Tells those who wait for the pause that it has begun.
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
            } catch {
                core.fail(job, error)
            }
        }
    }
}
