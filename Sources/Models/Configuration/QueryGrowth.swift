import Tensors

/// How queries grow with their position p, so that attention stays as sharp over long contexts:
/// they are multiplied by 1 + scale · ln(1 + ⌊p / step⌋).
struct QueryGrowth: Hashable, Sendable {
    var scale: Double
    /// In tokens.
    var step: Int

    /// The factor at a position.
    func factor(_ position: Int32) -> Float {
        Float(1 + scale * Elementary.log(Double(1 + Int(position) / step)))
    }
}
