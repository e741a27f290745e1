import Tensors

/// The buffers of networks that tokens choose from; lists of one shape share them.
///
/// With T step tokens, E experts of which a token chooses k, model width D, hidden width F. A place
/// is a token's choice.
final class ExpertBuffers: Sendable {
    /// Who goes where.
    let routing: ExpertRouting
    /// The router's: [T, E]
    let logits: FloatMatrix
    /// The tokens at their places: [T·k, D]
    let input: FloatMatrix
    /// The same, rounded.
    let roundedInput: QuantizedActivations
    /// [T·k, F]
    let gate: FloatMatrix
    /// [T·k, F]
    let up: FloatMatrix
    /// What the gate lets through, rounded: [T·k, F]
    let roundedHidden: QuantizedActivations
    /// What each place's expert gives: [T·k, D]
    let output: FloatMatrix

    /// Allocates the buffers.
    init(
        _ shape: ExpertShape, width: Int, _ refinement: LayerRefinement, tokens: Int
    ) throws(TensorError) {
        let places = tokens * shape.router.chosen
        routing = try ExpertRouting(tokens: tokens, chosen: shape.router.chosen)
        logits = try FloatMatrix(rows: tokens, columns: shape.router.experts)
        input = try FloatMatrix(rows: places, columns: width)
        roundedInput = try QuantizedActivations(
            rows: places, columns: width, refinement: refinement.gateAndUp)
        gate = try FloatMatrix(rows: places, columns: shape.width)
        up = try FloatMatrix(rows: places, columns: shape.width)
        roundedHidden = try QuantizedActivations(
            rows: places, columns: shape.width, refinement: refinement.down)
        output = try FloatMatrix(rows: places, columns: width)
    }

    /// The bytes that they take.
    static func byteCount(
        _ shape: ExpertShape, width: Int, _ refinement: LayerRefinement, tokens: Int
    ) -> Int {
        let places = tokens * shape.router.chosen
        let floats =
            tokens * (shape.router.experts + 4 * shape.router.chosen)
            + places * (2 * width + 2 * shape.width)
        return 4 * floats
            + QuantizedActivations.byteCount(
                rows: places, columns: width, refinement: refinement.gateAndUp)
            + QuantizedActivations.byteCount(
                rows: places, columns: shape.width, refinement: refinement.down)
    }
}
