import Tensors

/// A layer's products, each list an input's, with where they go: made once, so that no step has to.
struct LayerProducts {
    /// Into `Scratch.queryKeyValue`, side by side.
    let queryKeyValue: ProductGroup
    /// Into `Scratch.h`.
    let attentionOutput: ProductGroup
    /// Into `Scratch.gate` and `Scratch.up`.
    let gateAndUp: ProductGroup
    /// Into `Scratch.h`.
    let down: ProductGroup

    /// The products of a layer.
    init(_ layer: LayerWeights, _ c: ModelConfiguration, _ scratch: Scratch) {
        let output = scratch.queryKeyValue
        queryKeyValue = ProductGroup([
            .init(layer.query, into: output),
            .init(layer.key, into: output, column: c.queryWidth),
            .init(layer.value, into: output, column: c.queryWidth + c.keyValueWidth),
        ])
        attentionOutput = ProductGroup([.init(layer.attentionOutput, into: scratch.h)])
        gateAndUp = ProductGroup([
            .init(layer.gate, into: scratch.gate), .init(layer.up, into: scratch.up),
        ])
        down = ProductGroup([.init(layer.down, into: scratch.h)])
    }
}
