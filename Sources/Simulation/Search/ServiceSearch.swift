import KVCache
import Scheduling

/// The largest load that a service bears, or the smallest service that bears a load.
package struct ServiceSearch {
    /// What is looked for.
    package enum Quantity: String, Hashable, Sendable, CaseIterable {
        /// The most requests a second.
        case rate
        /// The fewest blocks of the cache.
        case memory
        /// The fewest machines.
        case replicas
    }

    /// A simulation on the way.
    package struct Probe: Sendable {
        /// Requests a second, blocks of the cache, or machines.
        package let value: Double
        /// What came of it.
        package let summary: ServiceSummary
        /// Whether the target was met, and would be if requests went on coming like this.
        package let isMet: Bool
    }

    /// The end of a search.
    package struct Outcome: Sendable {
        /// What was looked for.
        package let quantity: Quantity
        /// The border; nil: no value meets the target.
        package let found: Double?
        /// All simulations by rising values.
        package let probes: [Probe]

        /// The load with the most goodput: beyond it more load makes less of it.
        package var knee: Probe? {
            probes.max { one, other in
                (one.summary.goodput ?? 0, -one.value) < (other.summary.goodput ?? 0, -other.value)
            }
        }
    }

    private let trace: Trace
    private let setup: ServiceSetup
    private var probes: [Double: Probe] = [:]

    /// A search with a trace whose times are scaled.
    ///
    /// - Throws: `ServiceError` without a target, or for a trace without times.
    package init(_ trace: Trace, _ setup: ServiceSetup) throws(ServiceError) {
        guard !setup.target.isEmpty else {
            throw ServiceError("a search needs a target, as ttft.p99=2s,itl.p99=150ms")
        }
        guard setup.load == .open else {
            throw ServiceError(
                "a closed loop never offers more than it gets; a search needs an open one")
        }
        guard trace.rate != nil else {
            throw ServiceError(
                "the requests have no times; draw a workload with a rate, or take a trace that "
                    + "has them")
        }
        self.trace = trace
        self.setup = setup
    }

    /// Searches.
    ///
    /// - Parameter most: the most blocks or machines.
    package mutating func find(_ quantity: Quantity, most: Int) throws -> Outcome {
        let found: Double?
        switch quantity {
        case .rate: found = try findRate()
        case .memory:
            let least = setup.layout.peakBlocks(
                tokens: setup.layout.maxModelLength, chunk: setup.scheduling.maxChunk)
            guard least <= most else {
                throw ServiceError("\(most) blocks do not hold one sequence; allow more")
            }
            found = try Bisection.smallest(in: least...most) { blocks in
                try isMet(.memory, Double(blocks))
            }.map(Double.init)
        case .replicas:
            found = try Bisection.smallest(in: 1...most) { machines in
                try isMet(.replicas, Double(machines))
            }.map(Double.init)
        }
        let all = probes.values.sorted { $0.value < $1.value }
        return Outcome(quantity: quantity, found: found, probes: all)
    }

    /// The largest rate, and how goodput goes around it.
    private mutating func findRate() throws -> Double? {
        guard let own = trace.rate else { return nil }
        // A short trace ends before its backlog is seen: no rate beyond what can be completed.
        let most = try max(own / 4096, min(own * 4096, setup.capacity(trace)))
        let found = try Bisection.largest(
            from: min(own, most), in: own / 4096...most, precision: 0.01
        ) { try isMet(.rate, $0) }
        if let found {
            for share in Self.shares { _ = try isMet(.rate, share * found) }
        }
        return found
    }

    /// The loads that a curve is drawn through, as shares of the one that was found.
    private static let shares = [0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.4, 1.7, 2.0]

    private mutating func isMet(_ quantity: Quantity, _ value: Double) throws -> Bool {
        if let known = probes[value] { return known.isMet }
        var setup = setup
        var trace = trace
        switch quantity {
        case .rate: trace = try trace.scaled(toRate: value)
        case .replicas: setup.replicas = Int(value)
        case .memory:
            let layout = setup.layout
            setup.layout = try KVPlanner(
                geometry: layout.geometry, dtype: layout.dtype, blockSize: layout.blockSize,
                maxModelLength: layout.maxModelLength, maxChunk: layout.maxChunk
            ).plan(blockCount: Int(value) + 1)
        }
        var simulation = try ServiceSimulation(trace, setup)
        let summary = ServiceSummary(simulation.run(), setup)
        var isMet = summary.isMet == true
        if isMet, quantity != .rate, let rate = trace.rate {
            isMet = try rate <= setup.capacity(trace)
        }
        probes[value] = Probe(value: value, summary: summary, isMet: isMet)
        return isMet
    }
}
