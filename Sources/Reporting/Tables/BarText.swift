/// Small bars of characters for terminals: eighths of a cell, so that ten cells show 80 steps.
package enum BarText {
    private static let eighths = Array(" ▏▎▍▌▋▊▉█")
    private static let heights = Array("▁▂▃▄▅▆▇█")

    /// A bar from the left, `width` cells wide, filled up with blanks.
    ///
    /// - Parameter fraction: how much is full; outside of 0...1 the nearer end, and nothing where
    ///   it is no number. Anything above zero shows at least an eighth.
    package static func bar(_ fraction: Double, width: Int = 10) -> String {
        precondition(width > 0, "a bar has a width")
        guard fraction > 0 else { return String(repeating: " ", count: width) }
        let steps = max(1, Int((min(fraction, 1) * Double(width * 8)).rounded()))
        var text = String(repeating: "█", count: steps / 8)
        if steps % 8 > 0 { text.append(eighths[steps % 8]) }
        return text + String(repeating: " ", count: width - text.count)
    }

    /// A bar of several parts, each in its own character: `█` computed, `▓` reused, `▒` reserved,
    /// `░` idle, `·` the rest.
    ///
    /// - Parameter fractions: the parts from the left, not negative; together at most 1. Borders
    ///   are rounded, so that the parts add up.
    package static func stacked(_ fractions: [Double], width: Int = 20) -> String {
        precondition(width > 0, "a bar has a width")
        let signs = Array("█▓▒░")
        var text = ""
        var sum = 0.0
        for (index, fraction) in fractions.enumerated() {
            sum += fraction.isFinite ? max(0, fraction) : 0
            let end = Int((min(sum, 1) * Double(width)).rounded())
            text += String(repeating: signs[index % signs.count], count: end - text.count)
        }
        return text + String(repeating: "·", count: width - text.count)
    }

    /// A line of heights, one character a value, from zero to the largest value. What is no number
    /// or negative is a blank.
    package static func spark(_ values: [Double]) -> String {
        let largest = values.filter(\.isFinite).max() ?? 0
        return String(
            values.map { value in
                guard value.isFinite, value >= 0 else { return " " }
                guard largest > 0 else { return heights[0] }
                return heights[min(7, Int(value / largest * 8))]
            })
    }
}
