/// Finds where something stops holding, or begins to.
///
/// What is asked must be monotone: if it holds at a load, it holds at every smaller one. A service
/// is so but for small wiggles of a finite trace, of which the search finds one border.
package enum Bisection {
    /// The largest value, to a share of itself, for which something holds; nil: for none down to
    /// `smallest`.
    ///
    /// Doubles or halves from `start` until the border lies between two values, then halves the
    /// distance.
    ///
    /// - Parameters:
    ///   - start: where to begin, above 0.
    ///   - range: values are looked for in here.
    ///   - precision: the border is found when the two values are this share apart.
    ///   - holds: asked at most `ServiceLimits.probes` times.
    package static func largest(
        from start: Double, in range: ClosedRange<Double>, precision: Double,
        _ holds: (Double) throws -> Bool
    ) rethrows -> Double? {
        precondition(start > 0 && precision > 0, "a search begins somewhere")
        var (good, bad): (Double?, Double?) = (nil, nil)
        var value = min(max(start, range.lowerBound), range.upperBound)
        for _ in 0..<ServiceLimits.probes {
            if try holds(value) {
                good = value
                if value == range.upperBound { return value }
            } else {
                bad = value
                if value == range.lowerBound { return nil }
            }
            switch (good, bad) {
            case (let low?, let high?):
                if high - low <= precision * high { return low }
                value = (low + high) / 2
            case (let low?, nil): value = min(range.upperBound, 2 * low)
            case (nil, let high?): value = max(range.lowerBound, high / 2)
            case (nil, nil): preconditionFailure("a value was asked and has no answer")
            }
        }
        return good
    }

    /// The smallest whole number in a range for which something holds; nil: for none.
    ///
    /// - Complexity: O(log range) questions.
    package static func smallest(
        in range: ClosedRange<Int>, _ holds: (Int) throws -> Bool
    ) rethrows -> Int? {
        // Doubling first: the answer is often small, and large machines take long to simulate.
        var low = range.lowerBound
        var high = low
        while true {
            if try holds(high) { break }
            guard high < range.upperBound else { return nil }
            low = high + 1
            let (twice, overflow) = high.multipliedReportingOverflow(by: 2)
            high = overflow ? range.upperBound : min(range.upperBound, max(high + 1, twice))
        }
        while low < high {
            let middle = low + (high - low) / 2
            if try holds(middle) { high = middle } else { low = middle + 1 }
        }
        return high
    }
}
