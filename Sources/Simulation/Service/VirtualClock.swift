/// A clock that stands still unless it is moved: the time of a simulation, in whole nanoseconds.
///
/// Not `Sendable`: one simulation has it, on one thread.
package final class VirtualClock {
    /// The time since the simulation began; it never goes back.
    package private(set) var now = Duration.zero

    /// The same, as a number.
    package private(set) var nanoseconds: Int64 = 0

    /// A clock at zero.
    package init() {}

    /// Lets some time pass.
    package func advance(by nanoseconds: Int64) {
        precondition(nanoseconds >= 0, "time runs forward")
        self.nanoseconds += nanoseconds
        now = .nanoseconds(self.nanoseconds)
    }

    /// Waits for a moment; without effect when it has passed.
    package func advance(to moment: Int64) { advance(by: max(0, moment - nanoseconds)) }
}
