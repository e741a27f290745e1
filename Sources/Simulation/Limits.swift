/// The bounds of what a simulation takes.
package enum SimulationLimits {
    /// Requests of a trace, which are held in memory.
    package static let traceRequests = 20_000_000
}
