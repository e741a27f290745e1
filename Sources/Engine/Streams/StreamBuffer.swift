import Synchronization

/// What lies between the engine's thread and the reader of a stream.
///
/// The engine puts in, at most once in a step, and wakes the reader if it sleeps: one wake-up for
/// each request and step, however many deltas there are. At most one delta for each answer waits.
package final class StreamBuffer: Sendable {
    fileprivate struct State {
        /// What the reader has not taken, one for each choice, in the order of their first deltas.
        var deltas: [GenerationDelta] = []
        var end: Result<Void, EngineError>?
        var reader: CheckedContinuation<Void, Never>?
        var isCancelled = false
        /// Whether the engine has taken the request in or refused it, and why.
        var isDecided = false
        var refusal: EngineError?
        /// Who waits for that.
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Who is told of news instead of a reader that sleeps.
        var listener: StreamBuffer.Listener?
    }

    fileprivate struct Listener {
        let wantsEndOnly: Bool
        let onNews: @Sendable () -> Void
    }

    private let state = Mutex(State())
    private let onCancel: @Sendable () -> Void

    /// An empty buffer.
    ///
    /// - Parameter onCancel: called once, from any thread, if the reader gives up before the end.
    package init(onCancel: @escaping @Sendable () -> Void) {
        self.onCancel = onCancel
    }

    /// The engine has taken the request in: from here on it fails, but is not refused.
    package func accept() {
        for waiter in state.withLock({ $0.decide() }) { waiter.resume() }
    }

    /// Waits until the engine has taken the request in.
    ///
    /// - Throws: the engine's reason when it refuses it.
    package func acceptance() async throws(EngineError) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isDecided = state.withLock { state in
                    if !state.isDecided { state.waiters.append(waiter) }
                    return state.isDecided
                }
                if isDecided { waiter.resume() }
            }
        } onCancel: {
            cancel()
        }
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
    }

    /// Puts in what a step brought; never waits.
    package func publish(_ deltas: [GenerationDelta], end: Result<Void, EngineError>? = nil) {
        let (reader, waiters, onNews) = state.withLock { state in
            for delta in deltas {
                if let place = state.deltas.firstIndex(where: { $0.choice == delta.choice }) {
                    state.deltas[place].merge(delta)
                } else {
                    state.deltas.append(delta)
                }
            }
            state.end = state.end ?? end
            return (state.wakeReader(), state.decide(), state.newsCall())
        }
        // Never under the lock: the reader may run at once and take it.
        reader?.resume()
        for waiter in waiters { waiter.resume() }
        onNews?()
    }

    /// Has somebody told of news, from the engine's thread, who takes them with `take()` instead of
    /// waiting: once for each step that brings any, and at once where there are some.
    ///
    /// - Parameter endOnly: whether only the end is news.
    package func listen(endOnly: Bool, _ onNews: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state in
            state.listener = Listener(wantsEndOnly: endOnly, onNews: onNews)
            return state.newsCall() != nil
        }
        if isDue { onNews() }
    }

    /// What there is to take, without waiting.
    package func take() throws(EngineError) -> StreamItem {
        let (delta, end) = state.withLock { $0.take() }
        if let delta { return .delta(delta) }
        guard let end else { return .nothing }
        try end.get()
        return .end
    }

    /// Tells the engine that nobody wants the answer any more.
    package func cancel() {
        let isNew = state.withLock { state in
            guard !state.isCancelled, state.end == nil else { return false }
            state.isCancelled = true
            return true
        }
        if isNew { onCancel() }
    }

    /// Waits for a delta; nil after the last.
    package func next() async throws(EngineError) -> GenerationDelta? {
        while true {
            let (delta, end) = state.withLock { $0.take() }
            if let delta { return delta }
            if let end {
                try end.get()
                return nil
            }
            await withTaskCancellationHandler {
                await sleep()
            } onCancel: {
                cancel()
            }
        }
    }

    /// Sleeps until there is something to take.
    private func sleep() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                precondition(state.reader == nil, "a stream is read by one task at a time")
                guard state.deltas.isEmpty, state.end == nil else { return true }
                state.reader = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}

extension StreamBuffer.State {
    /// The request is taken in, or refused if it has failed already; gives those who waited.
    mutating func decide() -> [CheckedContinuation<Void, Never>] {
        guard !isDecided else { return [] }
        isDecided = true
        if case .failure(let error) = end { refusal = error }
        defer { waiters = [] }
        return waiters
    }

    mutating func wakeReader() -> CheckedContinuation<Void, Never>? {
        guard !deltas.isEmpty || end != nil else { return nil }
        defer { reader = nil }
        return reader
    }

    /// Whom to tell of news, if there are any.
    func newsCall() -> (@Sendable () -> Void)? {
        guard let listener, end != nil || !listener.wantsEndOnly && !deltas.isEmpty else {
            return nil
        }
        return listener.onNews
    }

    /// The next delta, or how it ended: an error once.
    mutating func take() -> (GenerationDelta?, Result<Void, EngineError>?) {
        if !deltas.isEmpty { return (deltas.removeFirst(), nil) }
        let ended = end
        if ended != nil { end = .success(()) }
        return (nil, ended)
    }
}

/// What a stream has for whoever does not wait.
package enum StreamItem: Sendable {
    /// More of an answer.
    case delta(GenerationDelta)
    /// Nothing yet.
    case nothing
    /// Nothing any more.
    case end
}
