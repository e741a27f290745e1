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
    /// A sub-layer's input, quantised: [T, D]
    let quantizedWidth: QuantizedActivations
    /// The attended values, quantised: [T, H·d]
    let quantizedAttention: QuantizedActivations
    /// What the gate lets through, quantised: [T, F]
    let quantizedHidden: QuantizedActivations

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
        let rows = max(tokens, outputs)
        quantizedWidth = try QuantizedActivations(rows: rows, columns: c.embeddingLength)
        quantizedAttention = try QuantizedActivations(rows: tokens, columns: c.queryWidth)
        quantizedHidden = try QuantizedActivations(rows: tokens, columns: c.feedForwardLength)
    }
}
