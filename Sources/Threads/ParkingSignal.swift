internal import Dispatch
internal import Synchronization

/// Lets one thread sleep until others have something for it.
///
/// Raising it many times before the sleeper looks wakes it once: it is a flag and no counter. The
/// sleeper looks for work *after* each wait, so that nothing which was made ready before a raise
/// is ever missed.
///
/// ```
/// producer                        sleeper
/// put work into the mailbox       loop: wait(); take all of the mailbox
/// raise()
/// ```
package final class ParkingSignal: Sendable {
    private let raised = Atomic<Bool>(false)
    private let semaphore = DispatchSemaphore(value: 0)

    /// A signal that is not raised.
    package init() {}

    /// Wakes the sleeper, or lets its next wait return at once. From any thread; never blocks.
    package func raise() {
        let before = raised.exchange(true, ordering: .sequentiallyConsistent)
        if !before { semaphore.signal() }
    }

    /// Sleeps until the signal is raised, and lowers it. One thread at a time.
    package func wait() {
        semaphore.wait()
        lower()
    }

    /// Sleeps until the signal is raised, and lowers it, or until the time is over.
    ///
    /// - Returns: whether it was raised.
    package func wait(atMost time: Duration) -> Bool {
        let (seconds, attoseconds) = time.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        // Three centuries are for ever.
        let nanoseconds = overflow ? Int64.max : whole + attoseconds / 1_000_000_000
        let deadline = DispatchTime.now() + .nanoseconds(Int(max(0, nanoseconds)))
        guard semaphore.wait(timeout: deadline) == .success else { return false }
        lower()
        return true
    }

    /// Lowers the flag *before* the caller looks for work: what is put afterwards raises again.
    private func lower() {
        _ = raised.exchange(false, ordering: .sequentiallyConsistent)
    }
}
