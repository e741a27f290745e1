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
    /// Queries, keys and values of a layer: [T, H·d + 2·K·d]
    let queryKeyValue: FloatMatrix
    /// The attended values: [T, H·d]
    let attention: FloatMatrix
    /// The gate of the feed-forward network, and what it lets through: [T, F]
    let gate: FloatMatrix
    /// The input of the feed-forward network's gate: [T, F]
    let up: FloatMatrix
    /// The residual stream of the wanted outputs alone: [O, D]
    let outputs: FloatMatrix
    /// The logits of the wanted outputs: [O, V]
    let logits: FloatMatrix
    /// The inputs of products, rounded.
    let quantized: QuantizedInputs

    /// Allocates the buffers.
    init(_ c: ModelConfiguration, tokens: Int, outputs: Int) throws(TensorError) {
        x = try FloatMatrix(rows: tokens, columns: c.embeddingLength)
        h = try FloatMatrix(rows: tokens, columns: c.embeddingLength)
        queryKeyValue = try FloatMatrix(
            rows: tokens, columns: c.queryWidth + 2 * c.keyValueWidth)
        attention = try FloatMatrix(rows: tokens, columns: c.queryWidth)
        gate = try FloatMatrix(rows: tokens, columns: c.feedForwardLength)
        up = try FloatMatrix(rows: tokens, columns: c.feedForwardLength)
        self.outputs = try FloatMatrix(rows: outputs, columns: c.embeddingLength)
        logits = try FloatMatrix(rows: outputs, columns: c.vocabularySize)
        quantized = try QuantizedInputs(c, tokens: tokens, outputs: outputs)
    }
}

/// The inputs of a layer's products as bytes, each refined as the architecture wants it.
struct QuantizedInputs {
    /// [T, D]
    let queryKeyValue: QuantizedActivations
    /// [T, H·d]
    let attentionOutput: QuantizedActivations
    /// [T, D]
    let gateAndUp: QuantizedActivations
    /// [T, F]
    let down: QuantizedActivations
    /// The inputs of the vocabulary's projection: [O, D]
    let outputs: QuantizedActivations

    /// Allocates the buffers.
    init(_ c: ModelConfiguration, tokens: Int, outputs: Int) throws(TensorError) {
        let (refinement, width) = (c.refinement, c.embeddingLength)
        queryKeyValue = try QuantizedActivations(
            rows: tokens, columns: width, refinement: refinement.queryKeyValue)
        attentionOutput = try QuantizedActivations(
            rows: tokens, columns: c.queryWidth, refinement: refinement.attentionOutput)
        gateAndUp = try QuantizedActivations(
            rows: tokens, columns: width, refinement: refinement.gateAndUp)
        down = try QuantizedActivations(
            rows: tokens, columns: c.feedForwardLength, refinement: refinement.down)
        self.outputs = try QuantizedActivations(rows: outputs, columns: width)
    }

    /// The bytes that it takes.
    static func byteCount(_ c: ModelConfiguration, tokens: Int, outputs: Int) -> Int {
        func bytes(_ width: Int, _ refinement: Refinement) -> Int {
            QuantizedActivations.byteCount(rows: tokens, columns: width, refinement: refinement)
        }
        let refinement = c.refinement
        return bytes(c.embeddingLength, refinement.queryKeyValue)
            + bytes(c.queryWidth, refinement.attentionOutput)
            + bytes(c.embeddingLength, refinement.gateAndUp)
            + bytes(c.feedForwardLength, refinement.down)
            + QuantizedActivations.byteCount(rows: outputs, columns: c.embeddingLength)
    }
}
