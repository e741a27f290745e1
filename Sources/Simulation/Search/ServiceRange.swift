import Scheduling

/// How far a prediction may be off near saturation, where waiting times grow without bound and a
/// cost that is off by a few percent moves them by far more.
package struct ServiceRange: Sendable {
    /// A time with faster and with slower steps, in seconds.
    package typealias Times = (low: Double, high: Double)

    /// The requests that come, as a share of those that the machines can complete.
    package let load: Double
    /// How much faster and slower steps were taken to be.
    package let error: Double
    /// The median of the time to the first token.
    package let firstTokenMedian: Times
    /// Its 99th percentile.
    package let firstTokenTail: Times
    /// The 99th percentile of the time between tokens.
    package let interTokenTail: Times

    /// The share of the capacity from which on predictions are ranges.
    package static let threshold = 0.9

    /// How far costs are taken to be off that were not fitted, or fitted better than that.
    private static let leastError = 0.05

    /// Simulates again with faster and with slower steps; nil where the service is not near to
    /// saturation, or its clients are a closed loop, which waits for itself.
    ///
    /// How busy the machines are says little: one answer alone keeps a machine at work all the
    /// time. So the capacity is simulated: as many clients as places, each with a request at any
    /// time.
    package init?(_ trace: Trace, _ setup: ServiceSetup, _ summary: ServiceSummary) throws {
        guard setup.load == .open, let offered = summary.offered,
            summary.busyShare + summary.hostShare > Self.threshold
        else { return nil }
        let capacity = try setup.capacity(trace)
        load = capacity > 0 ? offered / capacity : 1
        guard load > Self.threshold else { return nil }
        let fitted = (setup.costs as? MeasuredCosts)?.fit?.totalError ?? 0
        let error = max(Self.leastError, fitted)
        self.error = error
        let results = try [1 - error, 1, 1 + error].map { factor in
            guard factor != 1 else { return summary }
            var other = setup
            other.costs = ScaledCosts(setup.costs, factor: factor)
            var simulation = try ServiceSimulation(trace, other)
            return ServiceSummary(simulation.run(), other)
        }
        func times(_ value: (ServiceSummary) -> Double?) -> Times {
            let values = results.compactMap(value)
            return (values.min() ?? 0, values.max() ?? 0)
        }
        firstTokenMedian = times { $0.times.firstToken[0.5] }
        firstTokenTail = times { $0.times.firstToken[0.99] }
        interTokenTail = times { $0.times.interToken[0.99] }
    }
}
