import Synchronization

/// Whether Ctrl-C was pressed while an answer was written.
///
/// The first one raises the flag, which the engine looks at before every step; a second one ends
/// the process as the system would have.
final class StopFlag: Sendable {
    private let isWatching = Atomic<Bool>(false)
    private let raised = Atomic<Bool>(false)

    /// Whether it was pressed.
    var isRaised: Bool {
        isWatching.load(ordering: .relaxed)
            ? StopSignals.received != 0 : raised.load(ordering: .relaxed)
    }

    /// Runs the work, during which Ctrl-C (SIGTERM, SIGHUP) raises the flag instead of ending the
    /// process. One work at a time: signals come to the whole process.
    ///
    /// - Parameter isLast: nothing is left to do after it but to end, so that a signal that comes a
    ///   moment too late must not make a failure of what was done.
    func watching<R>(isLast: Bool = false, _ work: () throws -> R) rethrows -> R {
        StopSignals.catchAll()
        isWatching.store(true, ordering: .relaxed)
        defer {
            raised.store(StopSignals.received != 0, ordering: .relaxed)
            isWatching.store(false, ordering: .relaxed)
            if !isLast { StopSignals.release() }
        }
        return try work()
    }
}
