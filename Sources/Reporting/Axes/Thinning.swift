/// Fewer points and rows where there are more than a screen shows.
enum Thinning {
    /// At most `ReportingLimits.linePoints` places of a line, without moving its outline.
    static func line(_ places: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        extremes(places.map(\.y), limit: ReportingLimits.linePoints).map { places[$0] }
    }

    /// At most `limit` indices of values: of each stretch the first, the lowest, the highest and
    /// the last stay, in their order.
    static func extremes(_ values: [Double], limit: Int) -> [Int] {
        precondition(limit >= 4, "each stretch keeps four values")
        guard values.count > limit else { return Array(values.indices) }
        let stretches = limit / 4
        return (0..<stretches).flatMap { stretch in
            let start = values.count * stretch / stretches
            let end = values.count * (stretch + 1) / stretches
            let lowest = (start..<end).min { values[$0] < values[$1] } ?? start
            let highest = (start..<end).max { values[$0] < values[$1] } ?? start
            return Set([start, lowest, highest, end - 1]).sorted()
        }
    }

    /// At most `limit` evenly spaced indices below `count`, the first and the last among them.
    static func indices(_ count: Int, limit: Int) -> [Int] {
        precondition(limit >= 2, "the first and the last are kept")
        guard count > limit else { return Array(0..<count) }
        return (0..<limit).map { ($0 * (count - 1) + (limit - 1) / 2) / (limit - 1) }
    }
}
