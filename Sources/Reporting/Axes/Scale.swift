/// From values to places in the drawing.
struct Scale {
    private let isLog: Bool
    private let first: Double
    private let perUnit: Double
    private let from: Double

    /// The places of both ends.
    let range: (start: Double, end: Double)

    /// Values between an axis's ends become places between `start` and `end`.
    init(_ axis: ResolvedAxis, from start: Double, to end: Double) {
        isLog = axis.spacing != .linear
        first = isLog ? Elementary.log2(axis.low) : axis.low
        let last = isLog ? Elementary.log2(axis.high) : axis.high
        perUnit = (end - start) / (last - first)
        from = start
        range = (start, end)
    }

    /// The place of a value; values outside of the axis are drawn at its end.
    func callAsFunction(_ value: Double) -> Double {
        let place = from + ((isLog ? Elementary.log2(value) : value) - first) * perUnit
        return min(max(place, min(range.start, range.end)), max(range.start, range.end))
    }
}
