import Tensors

/// The buffers of a forward pass, allocated once and used by every layer of every step.
///
/// With T step tokens, width D, H query and K key/value heads of d values, hidden width F,
/// V vocabulary entries and O wanted outputs.
struct Scratch {
    /// The residual stream: [T, D]
    let x: FloatMatrix
    /// A sub-layer's input or output: [T, D], or [2·T, D] while a product has two planes
    let h: FloatMatrix
    /// Queries, keys and values of a layer: [T, H·d + 2·K·d], or twice the rows as `h`
    let queryKeyValue: FloatMatrix
    /// The attended values: [T, H·d]
    let attention: FloatMatrix
    /// The gate of the feed-forward network, and what it lets through: [T, F], or as `h`
    let gate: FloatMatrix
    /// The input of the feed-forward network's gate: [T, F], or as `h`
    let up: FloatMatrix
    /// The residual stream of the wanted outputs alone: [O, D]
    let outputs: FloatMatrix
    /// The logits of the wanted outputs: [O, V]
    let logits: FloatMatrix
    /// A sub-layer's input, in up to two planes: [2·T, D]
    let quantizedWidth: QuantizedActivations
    /// The attended values, in up to two planes: [2·T, H·d]
    let quantizedAttention: QuantizedActivations
    /// What the gate lets through, in up to two planes: [2·T, F]
    let quantizedHidden: QuantizedActivations

    /// Allocates the buffers.
    init(_ c: ModelConfiguration, tokens: Int, outputs: Int) throws(TensorError) {
        let rows = ScratchRows(c, tokens: tokens)
        x = try FloatMatrix(rows: tokens, columns: c.embeddingLength)
        h = try FloatMatrix(rows: rows.width, columns: c.embeddingLength)
        queryKeyValue = try FloatMatrix(
            rows: rows.queryKeyValue, columns: c.queryWidth + 2 * c.keyValueWidth)
        attention = try FloatMatrix(rows: tokens, columns: c.queryWidth)
        gate = try FloatMatrix(rows: rows.hidden, columns: c.feedForwardLength)
        up = try FloatMatrix(rows: rows.hidden, columns: c.feedForwardLength)
        self.outputs = try FloatMatrix(rows: outputs, columns: c.embeddingLength)
        logits = try FloatMatrix(rows: outputs, columns: c.vocabularySize)
        quantizedWidth = try QuantizedActivations(
            rows: 2 * tokens, columns: c.embeddingLength)
        quantizedAttention = try QuantizedActivations(rows: 2 * tokens, columns: c.queryWidth)
        quantizedHidden = try QuantizedActivations(
            rows: 2 * tokens, columns: c.feedForwardLength)
    }
}

/// The rows of the buffers that products write: twice the tokens where a product has two planes.
struct ScratchRows {
    /// The rows of `Scratch.h`.
    let width: Int
    /// The rows of `Scratch.queryKeyValue`.
    let queryKeyValue: Int
    /// The rows of `Scratch.gate` and `Scratch.up`.
    let hidden: Int

    /// Counts the rows for steps of up to `tokens` tokens.
    init(_ c: ModelConfiguration, tokens: Int) {
        func rows(_ products: TwoPlanes) -> Int {
            c.twoPlanes.isDisjoint(with: products) ? tokens : 2 * tokens
        }
        width = rows([.attentionOutput, .down])
        queryKeyValue = rows(.queryKeyValue)
        hidden = rows(.gateAndUp)
    }
}
