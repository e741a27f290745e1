import KVCache
package import QuireIdentifiers
package import Scheduling

// What `Engine` asks of its thread, for whoever makes the turns: answered at once, between two of
// them.

extension EngineLoop {
    /// Stops making steps with the next turn; as `Engine.pause`, without waiting for it.
    package func pause(_ mode: PauseMode) { mailbox.post(.pause(mode, nil)) }

    /// Goes on after a pause; as `Engine.resume`.
    package func resume() { mailbox.post(.resume) }

    /// Forgets all cached prefixes; as `Engine.resetPrefixCache`.
    package func resetPrefixCache(preemptRunning: Bool) -> Bool {
        defer { publishStatistics() }
        return core.resetPrefixCache(preempting: preemptRunning)
    }

    /// Writes what is cached to the file of the prefix cache; as `Engine.savePrefixCache`.
    package func savePrefixCache() -> Bool {
        guard core.isIdle else { return false }
        core.savePrefixCache()
        return true
    }

    /// The scheduler, to look at and to ask what `Engine` asks of it: pins, the file of the prefix
    /// cache. A simulation plants faults here.
    package func withScheduler<Answer, Failure: Error>(
        _ body: (inout Scheduler) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        try body(&core.scheduler)
    }

    /// The sequences of a request that the scheduler has; none once it has ended, or while it
    /// waits for a pause to end.
    package func sequences(of id: RequestID) -> [SequenceID] { job(of: id)?.live ?? [] }

    /// What the cache told of its changes from number `position` on; nil when that is nothing.
    package func cacheEvents(from position: UInt64) -> KVEventBatch? {
        core.events.take(from: position)
    }
}
