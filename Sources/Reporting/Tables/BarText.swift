/// Small bars of characters for terminals: eighths of a cell, so that ten cells show 80 steps.
package enum BarText {
    private static let eighths = Array(" ▏▎▍▌▋▊▉█")

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
}
