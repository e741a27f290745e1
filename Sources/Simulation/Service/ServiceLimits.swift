import KVCache

/// The bounds of simulated services.
package enum ServiceLimits {
    /// Machines of one service.
    package static let replicas = 1024

    /// Blocks of a machine's cache that can hold tokens: one more is the null block.
    package static let blocks = 1...KVCacheLimits.maxBlocks - 1

    /// Machines that a search goes up to.
    package static let mostReplicas = 64

    /// Clients of a closed loop.
    package static let clients = 1 << 20

    /// How many times as fast requests may come, and how many of them in a second.
    package static let pace = 1e9

    /// Seconds of a target.
    package static let targetSeconds = 1e6

    /// Seconds of a step: more is a speed with the wrong unit.
    package static let stepSeconds = 3600.0

    /// Tenants whose services are compared, each with each: beyond it only counters are.
    package static let comparedTenants = 64

    /// Intervals that a service's course is drawn in.
    package static let intervals = 240

    /// Simulations of one search.
    package static let probes = 64
}
