/// What one direction of a chart means.
package struct Axis: Hashable, Sendable {
    /// How values become distances.
    package enum Spacing: Hashable, Sendable {
        /// Equal differences are equal distances.
        case linear

        /// Equal ratios are equal distances, ticks at powers of ten. Values must be positive;
        /// others are not drawn.
        case log

        /// Like `log`, with ticks at powers of two: block sizes, batch sizes.
        case log2
    }

    /// What is counted, without the unit: "Time".
    package var label: String

    /// The unit.
    package var format: ValueFormat

    /// Linear or logarithmic.
    package var spacing: Spacing

    /// Where the axis begins; nil: at zero for heights, at the smallest value for positions.
    package var low: Double?

    /// Where it ends; nil: at or above the largest value.
    package var high: Double?

    /// An axis; its ends are finite, in order, and positive where it is logarithmic.
    package init(
        _ label: String, _ format: ValueFormat = .number, spacing: Spacing = .linear,
        from low: Double? = nil, to high: Double? = nil
    ) {
        for end in [low, high].compactMap({ $0 }) {
            precondition(end.isFinite, "the end of an axis is a finite number")
            precondition(spacing == .linear || end > 0, "a logarithmic axis has positive ends")
        }
        if let low, let high { precondition(low < high, "an axis runs upwards") }
        self.label = label
        self.format = format
        self.spacing = spacing
        self.low = low
        self.high = high
    }

    /// Whether a value has a place on the axis.
    func takes(_ value: Double) -> Bool {
        value.isFinite && (spacing == .linear || value > 0)
    }

    /// The smallest and the largest of the values that have a place here; nil: none has.
    func extent(of values: some Sequence<Double>) -> ClosedRange<Double>? {
        var extent: ClosedRange<Double>?
        for value in values where takes(value) {
            let low = min(extent?.lowerBound ?? value, value)
            extent = low...max(extent?.upperBound ?? value, value)
        }
        return extent
    }
}

/// How the ends of an axis follow from its values.
enum AxisFit {
    /// From zero (or the lowest power) to a tick at or above the largest value: heights.
    case rounded

    /// From the smallest to the largest value: positions.
    case tight
}

/// An axis whose ends and ticks are settled.
struct ResolvedAxis: Hashable {
    /// The label with the unit.
    let title: String
    let spacing: Axis.Spacing
    let low: Double
    let high: Double
    let ticks: [Tick]

    /// Settles the ends and at most `count` ticks for values in `extent` (nil: there are none).
    init(_ axis: Axis, extent: ClosedRange<Double>?, fit: AxisFit, count: Int) {
        let count = min(max(1, count), ReportingLimits.ticks)
        spacing = axis.spacing
        switch axis.spacing {
        case .linear:
            let ends = Self.linearEnds(axis, extent: extent, fit: fit)
            let largest = max(ends.lowerBound.magnitude, ends.upperBound.magnitude)
            let unit = axis.format.scaling(largest: largest)
            let steps = LinearTicks(ends, unit: unit, atMost: count)
            let rounded = fit != .tight
            low =
                rounded && axis.low == nil
                ? min(steps.roundedLow, ends.lowerBound)
                : ends.lowerBound
            high =
                rounded && axis.high == nil
                ? max(steps.roundedHigh, ends.upperBound)
                : ends.upperBound
            ticks = steps.ticks(in: low...high)
            title = Self.title(axis.label, unit: unit.name)
        case .log, .log2:
            let base = axis.spacing == .log ? 10 : 2
            let ends = Self.logEnds(axis, extent: extent, fit: fit, base: base)
            low = ends.lowerBound
            high = ends.upperBound
            ticks = LogTicks(base: base, format: axis.format).ticks(in: ends, atMost: count)
            title = Self.title(axis.label, unit: LogTicks.titleUnit(axis.format))
        }
    }

    private static func title(_ label: String, unit: String) -> String {
        // "Sequences (sequences)" says nothing more.
        if unit.isEmpty || label.lowercased() == unit.lowercased() { return label }
        return label.isEmpty ? unit : "\(label) (\(unit))"
    }

    private static func linearEnds(
        _ axis: Axis, extent: ClosedRange<Double>?, fit: AxisFit
    ) -> ClosedRange<Double> {
        var low = axis.low ?? extent?.lowerBound ?? 0
        var high = axis.high ?? extent?.upperBound ?? (axis.low.map { $0 + 1 } ?? 1)
        if fit == .rounded {
            if axis.low == nil { low = min(0, low) }
            if axis.high == nil { high = max(0, high) }
        }
        if low < high { return low...high }
        // One value: the axis keeps the given end, or makes room around the value.
        if axis.high != nil, axis.low == nil { return (high > 0 ? 0 : high - 1)...high }
        let room = max(low.magnitude, high.magnitude)
        if axis.low != nil { return low...(low + (room > 0 ? room : 1)) }
        return high == 0 ? 0...1 : (high - room / 2)...(high + room / 2)
    }

    private static func logEnds(
        _ axis: Axis, extent: ClosedRange<Double>?, fit: AxisFit, base: Int
    ) -> ClosedRange<Double> {
        var low = axis.low ?? extent?.lowerBound ?? axis.high.map { $0 / 10 } ?? 1
        var high = axis.high ?? extent?.upperBound ?? low * 10
        // Fewer than two powers on an axis say nothing about its scale.
        let powers = LogTicks.powers(base: base, from: low, to: max(low, high))
        if fit != .tight || powers.count < 2 {
            if axis.low == nil { low = LogTicks.power(base, LogTicks.floor(low, base: base)) }
            if axis.high == nil { high = LogTicks.power(base, LogTicks.ceil(high, base: base)) }
        }
        if low >= high { high = low * Double(base) }
        return low...high
    }
}
