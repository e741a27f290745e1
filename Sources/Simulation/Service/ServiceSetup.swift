package import KVCache
package import Scheduling

/// What serves, and whom: everything that a simulated service depends on but the trace.
package struct ServiceSetup: Sendable {
    /// Who sends the next request, and when.
    package enum Load: Hashable, Sendable {
        /// Requests come when the trace says, however many wait (an open loop).
        case open
        /// So many clients each send the next request of the trace when they have the answer to
        /// their last (a closed loop).
        case closed(clients: Int)
    }

    /// The layout and size of one machine's cache.
    package var layout: CacheLayout

    /// The bounds of a step and the policies.
    package var scheduling: SchedulerConfiguration

    /// What steps take.
    package var costs: any CostModel

    /// Who sends requests.
    package var load: Load

    /// Machines of this kind; a request goes to the one that has the fewest.
    package var replicas = 1

    /// How long a client waits for the first token before it gives up; nil: as long as it takes.
    package var patience: Duration?

    /// What counts as served well.
    package var target = ServiceTarget()

    /// How a tenant stands among others.
    package struct Standing: Hashable, Sendable {
        /// Its share under the `fair` order.
        package var weight = 1.0
        /// Its class under the `priority` order, lower first.
        package var priority = 0

        /// A tenant among equals.
        package init() {}
    }

    /// Tenants that are no equals, by name.
    package var standings: [String: Standing] = [:]

    /// Whether the tenants' service over time is wanted.
    package var recordsTenants = false

    /// What is checked while it runs.
    package var checks = ServiceChecks.none

    /// A service of one machine without a target.
    package init(
        layout: CacheLayout, scheduling: SchedulerConfiguration, costs: any CostModel,
        load: Load = .open
    ) {
        self.layout = layout
        self.scheduling = scheduling
        self.costs = costs
        self.load = load
    }

    /// How many positions the layers with a window see; nil: there are none.
    ///
    /// Of several windows the shortest: costs know one.
    var window: Int? {
        layout.groups.compactMap { group in
            if case .slidingWindow(let window) = group.span { window } else { nil }
        }.min()
    }
}

/// What a simulation checks beside what the engine itself traps on. A check that fails traps: it is
/// an error of the engine or of the simulation, and no result.
package enum ServiceChecks: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// After every step: free, cached and used blocks are all blocks, time has not gone back, and
    /// no request is lost or told of twice. Under the `fair` order also the bound of its counters.
    case steps
    /// Besides, all invariants of scheduler and cache, which takes time in proportion to the cache.
    case full
}
