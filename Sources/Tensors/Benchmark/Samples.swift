/// Measurements of one thing, at least one.
package struct Samples: Sendable, Equatable {
    /// In the order in which they were taken.
    package let values: [Double]

    /// The measurements; precondition: not empty.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "nothing was measured")
        self.values = values
    }

    /// The smallest.
    package var least: Double { values.reduce(values[0], min) }

    /// The largest.
    package var most: Double { values.reduce(values[0], max) }

    /// The middle one, or the mean of the two in the middle.
    package var median: Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The range by the median: 0 when all are equal.
    package var spread: Double { median == 0 ? 0 : (most - least) / median }

    /// The smallest value that at least this share of all do not exceed (nearest rank).
    package func percentile(_ share: Double) -> Double {
        let sorted = values.sorted()
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// Calls `body` again and again and takes each call's seconds: at least `passes` times, and
    /// until `seconds` have gone by. The first call, which warms up, is not taken.
    package static func seconds(
        passes: Int, atLeast seconds: Double, _ body: () -> Void
    ) -> Samples {
        let clock = ContinuousClock()
        body()
        var times: [Double] = []
        let end = clock.now + .seconds(seconds)
        repeat {
            times.append(clock.measure(body) / .seconds(1))
        } while times.count < max(1, passes) || clock.now < end
        return Samples(times)
    }
}
