public import KVCache
public import QuireIdentifiers
public import Scheduling

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
        await ask(orElse: false) { loop in
            // First: who has seen that it is empty must find it counted so.
            defer { loop.publishStatistics() }
            return loop.core.resetPrefixCache(preempting: preemptRunning)
        }
    }

    /// Where requests are, in their order; those that have ended are left out.
    ///
    /// It waits for the step under way.
    public func statuses(of ids: [RequestID]) async -> [RequestStatus] {
        await ask(orElse: []) { loop in
            let now = loop.core.now
            return ids.compactMap { loop.status(of: $0, now: now) }
        }
    }

    /// Why a request had no tokens in the last step; nil when it had some, or when it has ended.
    public func waitReason(of id: RequestID) async -> WaitReason? {
        await ask(orElse: nil) { $0.waitReason(of: id) }
    }

    /// Keeps the cached whole blocks of a prefix, whatever else needs them: send it once as
    /// a prompt, then pin it.
    ///
    /// - Parameters:
    ///   - prefix: its tokens.
    ///   - salt: the `cacheSalt` of the requests that will use it.
    ///   - duration: how long; nil: until `unpin`.
    /// - Returns: the pin, and how many tokens it keeps.
    /// - Throws: `EngineError.notCached` when nothing of it is cached, and `.pinLimit` when more
    ///   would be pinned than may be.
    public func pin(
        _ prefix: [TokenID], salt: String? = nil, for duration: Duration? = nil
    ) async throws(EngineError) -> (id: PinID, tokens: Int) {
        try await ask(orElse: Result<(id: PinID, tokens: Int), EngineError>.failure(.stopped)) {
            loop in
            do throws(KVCacheError) {
                return .success(
                    try loop.core.scheduler.pin(
                        prefix, scope: PrefixScope(salt: salt), for: duration, now: loop.core.now))
            } catch {
                return .failure(EngineError(error))
            }
        }.get()
    }

    /// Ends a pin; false when there is none of this name any more.
    @discardableResult
    public func unpin(_ id: PinID) async -> Bool {
        await ask(orElse: false) { $0.core.scheduler.unpin(id) }
    }

    /// Takes over what a prefix cache file held when the executor's was opened; before the first
    /// request.
    package func restorePrefixCache(_ records: [Int: TierRecord]) async {
        _ = await ask(orElse: 0) { $0.core.scheduler.restorePrefixCache(records) }
    }

    /// Writes what is cached to the file of the prefix cache, if there is one; false, and nothing
    /// is written, while a request waits or runs.
    ///
    /// - Complexity: O(cached blocks); as slow as the disk.
    public func savePrefixCache() async -> Bool {
        await ask(orElse: false) { loop in
            guard loop.core.isIdle else { return false }
            loop.core.savePrefixCache()
            return true
        }
    }

    /// Has a question answered on the engine's thread, between two steps.
    private func ask<Answer: Sendable>(
        orElse fallback: Answer, _ question: @escaping @Sendable (EngineLoop) -> Answer
    ) async -> Answer {
        await withCheckedContinuation { waiter in
            let isRead = mailbox.post(.perform { waiter.resume(returning: question($0)) })
            if !isRead { waiter.resume(returning: fallback) }
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
