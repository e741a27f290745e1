import Synchronization

/// Virtual time: it stands still unless it is moved.
package final class ChaosClock: Sendable {
    private let nanoseconds = Atomic<Int64>(0)

    /// A clock at zero.
    package init() {}

    /// The time.
    package var now: Duration { .nanoseconds(nanoseconds.load(ordering: .relaxed)) }

    /// Moves it ahead.
    package func advance(micros: Int) {
        nanoseconds.wrappingAdd(Int64(micros) * 1_000, ordering: .relaxed)
    }

    /// Moves it to a time, unless that is past.
    package func advance(to time: Duration) {
        let (seconds, attoseconds) = time.components
        let wanted = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        let now = nanoseconds.load(ordering: .relaxed)
        if wanted > now { nanoseconds.store(wanted, ordering: .relaxed) }
    }
}
