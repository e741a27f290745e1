import Tensors

/// A layer's products, each list an input's, with where they go: made once, so that no step has to.
struct LayerProducts {
    /// Into `Scratch.queryKeyValue`, side by side.
    let queryKeyValue: [MatrixProduct]
    /// Into `Scratch.h`.
    let attentionOutput: [MatrixProduct]
    /// Into `Scratch.gate` and `Scratch.up`.
    let gateAndUp: [MatrixProduct]
    /// Into `Scratch.h`.
    let down: [MatrixProduct]

    /// The products of a layer.
    init(_ layer: LayerWeights, _ c: ModelConfiguration, _ scratch: Scratch) {
        let output = scratch.queryKeyValue
        queryKeyValue = [
            .init(layer.query, into: output),
            .init(layer.key, into: output, column: c.queryWidth),
            .init(layer.value, into: output, column: c.queryWidth + c.keyValueWidth),
        ]
        attentionOutput = [.init(layer.attentionOutput, into: scratch.h)]
        gateAndUp = [.init(layer.gate, into: scratch.gate), .init(layer.up, into: scratch.up)]
        down = [.init(layer.down, into: scratch.h)]
    }
}
