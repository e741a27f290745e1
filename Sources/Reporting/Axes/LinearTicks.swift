/// A labelled place on an axis.
struct Tick: Hashable {
    let value: Double
    let label: String
}

/// Ticks at multiples of 1, 2 or 5 times a power of ten. Labels come from whole numbers, so that no
/// rounding shows in them.
struct LinearTicks {
    private let unit: UnitScaling
    /// The step is `mantissa` times 10^`exponent` of the unit.
    private let mantissa: Int
    private let exponent: Int
    private let ends: ClosedRange<Double>

    /// The finest steps with at most `count` ticks between the ends.
    init(_ ends: ClosedRange<Double>, unit: UnitScaling, atMost count: Int) {
        precondition(ends.lowerBound < ends.upperBound, "an axis has a length")
        self.ends = ends
        self.unit = unit
        let span = (ends.upperBound - ends.lowerBound) / unit.divisor
        let raw = span / Double(max(1, count - 1))
        let decade = Elementary.decade(of: raw)
        let ratio = raw / Elementary.powerOfTen(decade)
        let fitting = [1, 2, 5].first { ratio <= Double($0) * 1.000_000_001 }
        mantissa = fitting ?? 1
        exponent = fitting == nil ? decade + 1 : decade
    }

    /// The n-th multiple of the step, in the unit.
    private func scaled(_ index: Int) -> Double {
        exponent >= 0
            ? Double(index * mantissa) * Elementary.powerOfTen(exponent)
            : Double(index * mantissa) / Elementary.powerOfTen(-exponent)
    }

    private func index(of value: Double, _ rule: FloatingPointRoundingRule) -> Int {
        // A value that is a multiple but for rounding counts as one.
        let steps = value / unit.divisor / scaled(1)
        let nearest = steps.rounded()
        return Int((steps - nearest).magnitude < 1e-6 ? nearest : steps.rounded(rule))
    }

    /// The last multiple at or below the lower end.
    var roundedLow: Double { scaled(index(of: ends.lowerBound, .down)) * unit.divisor }

    /// The first multiple at or above the upper end.
    var roundedHigh: Double { scaled(index(of: ends.upperBound, .up)) * unit.divisor }

    /// The ticks between two ends, both included.
    func ticks(in ends: ClosedRange<Double>) -> [Tick] {
        let first = index(of: ends.lowerBound, .up)
        let last = index(of: ends.upperBound, .down)
        guard first <= last else { return [] }
        return (first...last).map { index in
            let text = DecimalText.fixed(scaled(index), digits: max(0, -exponent))
            return Tick(
                value: scaled(index) * unit.divisor,
                label: index == 0 ? "0" : text + unit.tickSuffix)
        }
    }
}
