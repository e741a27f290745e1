import Tensors

/// The buffers whose widths are a layer's own; layers of the same widths share them.
///
/// With T step tokens, H query heads of d values and a hidden width F.
final class LayerBuffers: Sendable {
    /// The widths that the buffers depend on.
    struct Widths: Hashable {
        /// H·d
        var attention: Int
        /// F
        var hidden: Int
        /// Whether there is a gate.
        var isGated: Bool

        init(_ shape: LayerShape) {
            attention = shape.attendedWidth
            hidden = shape.feedForwardLength
            isGated = shape.activation.isGated
        }

        /// Floats of a token.
        var floats: Int { attention + (isGated ? 2 : 1) * hidden }
    }

    /// The attended values: [T, H·d]
    let attention: FloatMatrix
    /// The gate of the feed-forward network, and what it lets through: [T, F], or nothing
    let gate: FloatMatrix
    /// What the gate is multiplied by, or the hidden layer itself: [T, F]
    let up: FloatMatrix
    /// The input of attention's output projection, rounded: [T, H·d]
    let roundedAttention: QuantizedActivations
    /// The input of the down projection, rounded: [T, F]
    let roundedHidden: QuantizedActivations

    /// Allocates the buffers.
    init(_ widths: Widths, _ refinement: LayerRefinement, tokens: Int) throws(TensorError) {
        attention = try FloatMatrix(rows: tokens, columns: widths.attention)
        gate = try FloatMatrix(
            rows: widths.isGated ? tokens : 0, columns: widths.isGated ? widths.hidden : 0)
        up = try FloatMatrix(rows: tokens, columns: widths.hidden)
        roundedAttention = try QuantizedActivations(
            rows: tokens, columns: widths.attention, refinement: refinement.attentionOutput)
        roundedHidden = try QuantizedActivations(
            rows: tokens, columns: widths.hidden, refinement: refinement.down)
    }

    /// The bytes that they take.
    static func byteCount(_ widths: Widths, _ refinement: LayerRefinement, tokens: Int) -> Int {
        4 * tokens * widths.floats
            + QuantizedActivations.byteCount(
                rows: tokens, columns: widths.attention, refinement: refinement.attentionOutput)
            + QuantizedActivations.byteCount(
                rows: tokens, columns: widths.hidden, refinement: refinement.down)
    }

    /// The widths of a model's layers, each once.
    static func widths(_ c: ModelConfiguration) -> Set<Widths> { Set(c.layers.map(Widths.init)) }
}
