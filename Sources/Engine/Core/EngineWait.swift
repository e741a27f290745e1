/// What must happen before another turn of the engine can do anything.
package enum EngineWait: Hashable, Sendable {
    /// Nothing: there is more to do at once.
    case none

    /// All that could run is on its way from a slower tier, or waits for a pin to end: turn again
    /// after this time, or when somebody has asked for something.
    case atMost(Duration)

    /// No request waits or runs, or the engine is paused: somebody must ask for something.
    case request
}
