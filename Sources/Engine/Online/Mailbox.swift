import QuireIdentifiers
import QuireThreads
import Scheduling
import Synchronization

/// How clients reach the engine's thread: a list that they append to and that it empties once a
/// step, under a lock that is never held for longer than an append.
final class Mailbox: Sendable {
    /// What clients ask for.
    enum Mail: Sendable {
        case submit(Submission)
        case cancel(RequestID)
        case pause(PauseMode, CheckedContinuation<Void, Never>?)
        case resume
        case perform(@Sendable (EngineLoop) -> Void)
        case stop(ShutdownMode, CheckedContinuation<Void, Never>?)
    }

    /// A request and where its answer goes.
    struct Submission: Sendable {
        let ticket: RequestID
        let request: GenerationRequest
        let buffer: StreamBuffer
        let queued: Duration
    }

    private struct State {
        var mails: [Mail] = []
        var nextTicket: UInt64 = 0
        /// Requests in the mailbox, and those that waited at the last turn.
        var submissions = 0
        var waiting = 0
        /// Requests that wait for a pause to end.
        var held = 0
        /// No more requests are taken.
        var isClosed = false
        /// The thread is gone: nothing is read any more.
        var isOver = false
        var statistics = EngineStatistics()
    }

    /// Raised when there is mail.
    let signal = ParkingSignal()

    private let state = Mutex(State())
    private let maxWaiting: Int
    private let clock: @Sendable () -> Duration

    init(maxWaiting: Int, clock: @escaping @Sendable () -> Duration) {
        self.maxWaiting = maxWaiting
        self.clock = clock
    }

    /// Puts a request in.
    ///
    /// - Throws: `EngineError.stopped`, and `.queueFull` when more wait than may.
    func submit(_ request: GenerationRequest) throws(EngineError) -> TokenStream {
        let queued = clock()
        let result: Result<TokenStream, EngineError> = state.withLock { state in
            guard !state.isClosed else { return .failure(.stopped) }
            let waiting = state.waiting + state.held + state.submissions
            guard waiting < maxWaiting else {
                return .failure(
                    EngineError(
                        .queueFull,
                        "\(waiting) requests are waiting, which is the bound; try again later"))
            }
            let ticket = RequestID(state.nextTicket)
            state.nextTicket += 1
            let buffer = StreamBuffer { [weak self] in self?.post(.cancel(ticket)) }
            state.submissions += 1
            state.mails.append(
                .submit(
                    Submission(ticket: ticket, request: request, buffer: buffer, queued: queued)))
            return .success(TokenStream(id: ticket, buffer: buffer))
        }
        signal.raise()
        return try result.get()
    }

    /// Puts anything else in; false when the loop has ended.
    @discardableResult
    func post(_ mail: Mail) -> Bool {
        let isRead = state.withLock { state in
            guard !state.isOver else { return false }
            if case .stop = mail { state.isClosed = true }
            state.mails.append(mail)
            return true
        }
        if isRead { signal.raise() }
        return isRead
    }

    /// Empties it, in order.
    func take() -> [Mail] {
        state.withLock { state in
            state.submissions = 0
            defer { state.mails.removeAll() }
            return state.mails
        }
    }

    /// Empties it for the last time: from here on nothing is put in.
    func close() -> [Mail] {
        state.withLock { state in
            state.isClosed = true
            state.isOver = true
            defer { state.mails.removeAll() }
            return state.mails
        }
    }

    /// Requests that wait for a pause to end: they count as waiting.
    var held: Int {
        get { state.withLock { $0.held } }
        set { state.withLock { $0.held = newValue } }
    }

    /// What the thread last said of itself.
    var statistics: EngineStatistics {
        get { state.withLock { $0.statistics } }
        set {
            state.withLock { state in
                state.statistics = newValue
                state.waiting = newValue.scheduling.waiting
            }
        }
    }
}
