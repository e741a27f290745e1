/// The bounds of what a simulation takes.
package enum SimulationLimits {
    /// Requests of a trace, which are held in memory.
    package static let traceRequests = 20_000_000

    /// Tokens of a prompt or an answer of a trace.
    package static let requestTokens = 1 << 30

    /// Requests of a workload that is drawn.
    package static let workloadRequests = 5_000_000

    /// Tenants, and tasks, of a workload that is drawn.
    package static let tenants = 100_000

    /// How often a length that does not fit is drawn again.
    package static let redraws = 1000
}
