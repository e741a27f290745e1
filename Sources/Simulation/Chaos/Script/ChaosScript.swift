/// All of a chaos run: the machine, the requests and what happens when. A run is a function of its
/// script and of nothing else.
package struct ChaosScript: Hashable, Sendable {
    /// The seed that it was drawn from; nil: it was written by hand or made smaller.
    package var seed: UInt64?
    /// The machine.
    package var configuration = ChaosConfiguration()
    /// The requests that events name.
    package var requests: [ChaosRequest] = []
    /// What happens, in the order of turns.
    package var events: [ChaosEvent] = []
    /// Whether the engine is shut down with its requests, without the healthy phase.
    package var ending = Ending.drain
    /// The bug that is planted in it.
    package var plant: ChaosPlant?

    /// How a run ends.
    package enum Ending: String, Hashable, Sendable, CaseIterable {
        /// Faults end, all requests are answered, then the engine is shut down.
        case drain
        /// As `drain`, but pins hold what they hold until the requests are answered.
        case pinned
        /// The engine is told to answer all requests and end, while they are under way.
        case hurried
        /// The engine is told to end at once, while requests are under way.
        case abort
        /// As `drain`; then its prefix cache is saved and another engine goes on with it.
        case restart
    }

    /// A script in which nothing happens.
    package init() {}
}
