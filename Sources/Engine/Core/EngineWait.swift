/// What must happen before another turn of the engine can do anything.
package enum EngineWait: Hashable, Sendable {
    /// Nothing: there is more to do at once.
    case none

    /// All that could run is on its way from a slower tier, or waits for a pin to end: make the
    /// next turn after this time, or when the mailbox has something.
    case atMost(Duration)

    /// No request waits or runs, or the engine is paused: the next turn is of use when the mailbox
    /// has something.
    case request
}
