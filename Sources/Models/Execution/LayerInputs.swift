import QuireIdentifiers
import Tensors

/// The inputs that layers have of their own, and the buffers by which they join the stream.
///
/// With T step tokens, L layers and P values of each layer.
final class LayerInputBuffers: Sendable {
    /// P
    let values: Int
    /// The inputs of all layers side by side: [T, L·P]
    let inputs: FloatMatrix
    /// Their parts that the tokens have: [T, L·P]
    let lookedUp: FloatMatrix
    /// What the stream lets through of one: [T, P]
    let gate: FloatMatrix
    /// The same, rounded.
    let roundedGate: QuantizedActivations

    /// Allocates the buffers; nil where layers have no inputs.
    init?(_ c: ModelConfiguration, tokens: Int) throws(TensorError) {
        guard let values = c.layers[0].ownInput else { return nil }
        self.values = values
        inputs = try FloatMatrix(rows: tokens, columns: c.layerCount * values)
        lookedUp = try FloatMatrix(rows: tokens, columns: c.layerCount * values)
        gate = try FloatMatrix(rows: tokens, columns: values)
        roundedGate = try QuantizedActivations(
            rows: tokens, columns: values, refinement: c.refinement.down)
    }

    /// The bytes that they take.
    static func byteCount(_ c: ModelConfiguration, tokens: Int) -> Int {
        guard let values = c.layers[0].ownInput else { return 0 }
        return 4 * tokens * values * (2 * c.layerCount + 1)
            + QuantizedActivations.byteCount(
                rows: tokens, columns: values, refinement: c.refinement.down)
    }
}

/// The products of a layer's own input.
struct OwnInputProducts {
    /// Into `LayerInputBuffers.gate`.
    let gate: ProductGroup
    /// Into `Scratch.h`.
    let projection: ProductGroup
    /// Of what is added.
    let norm: Norm
    let buffers: LayerInputBuffers

    /// Nil where the layer has none.
    init?(_ layer: LayerWeights, _ scratch: Scratch) {
        guard let weights = layer.ownInput, let buffers = scratch.layerInputs else { return nil }
        self.buffers = buffers
        gate = ProductGroup([.init(weights.gate, into: buffers.gate)])
        projection = ProductGroup([.init(weights.projection, into: scratch.h)])
        norm = weights.norm
    }
}

/// What makes the layers' own inputs of a step's tokens and their embeddings:
/// (norm(projection · x / √D) + √P · row of the token) / √2, the norm layer by layer.
struct LayerInputMaker {
    private let projection: ProductGroup
    private let embedding: WeightMatrix
    private let norm: Norm
    private let layers: Int
    private let buffers: LayerInputBuffers

    init?(_ model: CPUModel, _ scratch: Scratch) {
        guard let weights = model.layerInputs, let buffers = scratch.layerInputs else { return nil }
        self.buffers = buffers
        projection = ProductGroup([.init(weights.projection, into: buffers.inputs)])
        embedding = weights.embedding
        norm = weights.norm.scaled(by: Float(0.5).squareRoot())
        layers = model.configuration.layerCount
    }

    /// Makes them; the embeddings are in the scratch's residual stream.
    func make(_ tokens: [TokenID], _ scratch: Scratch, _ linear: Linear) {
        let (compute, rows, values) = (linear.compute, 0..<tokens.count, buffers.values)
        linear.multiply(
            .rows(scratch.x), scratch.roundedNetworkInput, tokens: tokens.count, projection)
        let width = Float(scratch.x.columns)
        compute.scale(buffers.inputs, by: 1 / width.squareRoot(), rows: rows)
        compute.normalizeHeads(
            buffers.inputs, heads: layers, headDim: values, by: norm, rows: rows)
        compute.pool.run(
            tasks: tokens.count,
            EmbedRows(tokens: tokens, embedding: embedding, x: buffers.lookedUp))
        compute.scale(buffers.lookedUp, by: (Float(values) / 2).squareRoot(), rows: rows)
        compute.add(buffers.inputs, buffers.lookedUp, rows: rows, into: buffers.inputs)
    }
}
