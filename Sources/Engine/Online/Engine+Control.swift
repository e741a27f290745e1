/// What becomes of the requests that an engine has when it is paused.
public enum PauseMode: Hashable, Sendable {
    /// They end with `.cancelled`.
    case abort
    /// They are answered first.
    case wait
    /// They keep their places and blocks, and go on with `resume` as if nothing had been.
    case keep
}

/// What becomes of the requests that an engine has when it is shut down.
public enum ShutdownMode: Hashable, Sendable {
    /// They end with `.cancelled`.
    case abort
    /// They are answered first.
    case drain
}

extension Engine {
    /// Stops making steps; returns when none is made any more.
    ///
    /// Requests that are submitted meanwhile wait for `resume()`. Cancelling works as ever.
    public func pause(_ mode: PauseMode) async {
        await withCheckedContinuation { done in
            if !mailbox.post(.pause(mode, done)) { done.resume() }
        }
    }

    /// Goes on after a pause; without effect when there is none.
    public func resume() { mailbox.post(.resume) }

    /// Forgets all cached prefixes.
    ///
    /// - Parameter preemptRunning: whether running requests lose their place for it; they are
    ///   computed again.
    /// - Returns: whether it was done: false when blocks are in use and may not be taken.
    public func resetPrefixCache(preemptRunning: Bool = false) async -> Bool {
        await withCheckedContinuation { done in
            if !mailbox.post(.resetPrefixCache(preempting: preemptRunning, done)) {
                done.resume(returning: false)
            }
        }
    }

    /// Ends the engine: takes no more requests, answers or cancels those that it has, and ends its
    /// thread. Ends a pause. Returns when the thread is gone.
    public func shutdown(_ mode: ShutdownMode = .drain) async {
        await withCheckedContinuation { done in
            if !mailbox.post(.stop(mode, done)) { done.resume() }
        }
    }
}
