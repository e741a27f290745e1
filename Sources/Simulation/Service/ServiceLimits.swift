/// The bounds of simulated services.
package enum ServiceLimits {
    /// Machines of one service.
    package static let replicas = 1024

    /// Machines that a search goes up to.
    package static let mostReplicas = 64

    /// Clients of a closed loop.
    package static let clients = 1 << 20

    /// Intervals that a service's course is drawn in.
    package static let intervals = 240

    /// Simulations of one search.
    package static let probes = 64
}
