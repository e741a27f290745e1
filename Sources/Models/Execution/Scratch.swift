import Tensors

/// The buffers of a forward pass, allocated once and used by every layer of every step.
///
/// With T step tokens, width D, H query and K key/value heads of d values, hidden width F,
/// V vocabulary entries and O wanted outputs.
struct Scratch {
    /// The residual stream: [T, D]
    let x: FloatMatrix
    /// A sub-layer's input or output: [T, D]
    let h: FloatMatrix
    /// Queries, keys and values of a layer: [T, H·d + 2·K·d], as wide as the widest layer's
    let queryKeyValue: FloatMatrix
    /// The residual stream of the wanted outputs alone: [O, D]
    let outputs: FloatMatrix
    /// The logits of the wanted outputs: [O, V]
    let logits: FloatMatrix
    /// The inputs of the products of Q, K and V, rounded: [T, D]
    let roundedAttentionInput: QuantizedActivations
    /// The inputs of the gate and up projection, rounded: [T, D]
    let roundedNetworkInput: QuantizedActivations
    /// The inputs of the vocabulary's projection, rounded: [O, D]
    let roundedOutputs: QuantizedActivations
    /// What experts add to what another network gives: [T, D], or nothing
    let sum: FloatMatrix
    /// The inputs that layers have of their own; nil where they have none.
    let layerInputs: LayerInputBuffers?
    /// The buffers of latent attention; nil where there is none.
    let latent: LatentBuffers?
    /// The buffers of each shape of experts.
    private let byExperts: [ExpertShape: ExpertBuffers]
    /// The buffers of each of the layers' widths.
    private let byWidths: [LayerBuffers.Widths: LayerBuffers]

    /// Allocates the buffers.
    init(_ c: ModelConfiguration, tokens: Int, outputs: Int) throws(TensorError) {
        let (width, refinement) = (c.embeddingLength, c.refinement)
        x = try FloatMatrix(rows: tokens, columns: width)
        h = try FloatMatrix(rows: tokens, columns: width)
        queryKeyValue = try FloatMatrix(rows: tokens, columns: c.widestQueryKeyValue)
        self.outputs = try FloatMatrix(rows: outputs, columns: width)
        logits = try FloatMatrix(rows: outputs, columns: c.vocabularySize)
        roundedAttentionInput = try QuantizedActivations(
            rows: tokens, columns: width, refinement: refinement.queryKeyValue)
        roundedNetworkInput = try QuantizedActivations(
            rows: tokens, columns: width, refinement: refinement.gateAndUp)
        roundedOutputs = try QuantizedActivations(rows: outputs, columns: width)
        var buffers: [LayerBuffers.Widths: LayerBuffers] = [:]
        for widths in LayerBuffers.widths(c) {
            buffers[widths] = try LayerBuffers(widths, refinement, tokens: tokens)
        }
        byWidths = buffers
        let shapes = c.expertShapes
        sum = try FloatMatrix(
            rows: shapes.isEmpty ? 0 : tokens, columns: shapes.isEmpty ? 0 : width)
        var experts: [ExpertShape: ExpertBuffers] = [:]
        for shape in shapes {
            experts[shape] = try ExpertBuffers(shape, width: width, refinement, tokens: tokens)
        }
        byExperts = experts
        layerInputs = try LayerInputBuffers(c, tokens: tokens)
        latent = try LatentBuffers(c, tokens: tokens)
    }

    /// The buffers of a layer's experts.
    func buffers(of shape: ExpertShape) -> ExpertBuffers {
        guard let buffers = byExperts[shape] else {
            preconditionFailure("experts of another model")
        }
        return buffers
    }

    /// The buffers of a layer.
    func buffers(of shape: LayerShape) -> LayerBuffers {
        guard let buffers = byWidths[.init(shape)] else {
            preconditionFailure("a layer of another model")
        }
        return buffers
    }

    /// The bytes that they take, those of the logits apart.
    static func byteCount(_ c: ModelConfiguration, tokens: Int, outputs: Int) -> Int {
        let (width, refinement) = (c.embeddingLength, c.refinement)
        let floats = (2 * width + c.widestQueryKeyValue) * tokens + width * outputs
        let layers = LayerBuffers.widths(c).reduce(0) {
            $0 + LayerBuffers.byteCount($1, refinement, tokens: tokens)
        }
        let experts = c.expertShapes.reduce(c.expertShapes.isEmpty ? 0 : 4 * width * tokens) {
            $0 + ExpertBuffers.byteCount($1, width: width, refinement, tokens: tokens)
        }
        return 4 * floats + layers + experts + LayerInputBuffers.byteCount(c, tokens: tokens)
            + LatentBuffers.byteCount(c, tokens: tokens)
            + QuantizedActivations.byteCount(
                rows: tokens, columns: width, refinement: refinement.queryKeyValue)
            + QuantizedActivations.byteCount(
                rows: tokens, columns: width, refinement: refinement.gateAndUp)
            + QuantizedActivations.byteCount(rows: outputs, columns: width)
    }
}

extension ModelConfiguration {
    /// The most values that a layer's queries, keys and values of a token have.
    fileprivate var widestQueryKeyValue: Int {
        layers.map {
            $0.queryWidth + ($0.latent == nil ? 2 * $0.keyValueWidth : 0)
        }.max() ?? 0
    }

    /// The shapes of the layers' experts, each once.
    fileprivate var expertShapes: Set<ExpertShape> { Set(layers.flatMap(\.experts)) }
}
