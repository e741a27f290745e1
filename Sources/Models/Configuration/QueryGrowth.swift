import Tensors

/// How queries grow with their position p, so that attention stays as sharp over long contexts:
/// they are multiplied by 1 + scale · ln(1 + ⌊(p + offset) / step⌋).
struct QueryGrowth: Hashable, Sendable {
    var scale: Double
    /// In tokens.
    var step: Int
    /// Whether positions are counted from 0 or from 1.
    var offset = 0

    /// The factor at a position.
    func factor(_ position: Int32) -> Float {
        Float(1 + scale * Elementary.log(Double(1 + (Int(position) + offset) / step)))
    }
}
