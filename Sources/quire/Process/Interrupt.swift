import Foundation
import Synchronization

/// Turns Ctrl-C into the cancellation of one piece of work.
enum Interrupt {
    /// The time after which a signal is noticed at the latest.
    private static let interval = 0.05

    /// Runs the work; the first Ctrl-C, SIGTERM or SIGHUP cancels it, the second ends the process.
    static func cancelling<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await work() }
        return try await telling({ task.cancel() }) { try await task.value }
    }

    /// Runs the work; the first Ctrl-C, SIGTERM or SIGHUP is told, the second ends the process.
    ///
    /// - Parameter onSignal: called at most once, on a thread of its own.
    static func telling<Result: Sendable>(
        _ onSignal: @escaping @Sendable () -> Void, _ work: () async throws -> Result
    ) async throws -> Result {
        StopSignals.catchAll()
        let ended = Flag()
        // A thread of its own: a pool whose threads all compute would never get round to it.
        Thread.detachNewThread {
            while !ended.isRaised {
                if StopSignals.received != 0 { return onSignal() }
                Thread.sleep(forTimeInterval: interval)
            }
        }
        defer {
            ended.raise()
            StopSignals.release()
        }
        return try await work()
    }

    private final class Flag: Sendable {
        private let raised = Atomic<Bool>(false)

        var isRaised: Bool { raised.load(ordering: .relaxed) }

        func raise() { raised.store(true, ordering: .relaxed) }
    }
}
