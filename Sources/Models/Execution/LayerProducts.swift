import Tensors

/// A layer's products, each list an input's, with where they go: made once, so that no step has to.
struct LayerProducts {
    /// Into `Scratch.queryKeyValue`, side by side.
    let queryKeyValue: ProductGroup
    /// Into `Scratch.h`.
    let attentionOutput: ProductGroup
    /// Into `LayerBuffers.gate`, if there is one, and `LayerBuffers.up`.
    let gateAndUp: ProductGroup
    /// Into `Scratch.h`.
    let down: ProductGroup
    /// The buffers of the layer's widths.
    let buffers: LayerBuffers

    /// The products of a layer.
    init(_ layer: LayerWeights, _ scratch: Scratch) {
        let (output, shape) = (scratch.queryKeyValue, layer.shape)
        buffers = scratch.buffers(of: shape)
        queryKeyValue = ProductGroup([
            .init(layer.query, into: output),
            .init(layer.key, into: output, column: shape.queryWidth),
            .init(layer.value, into: output, column: shape.queryWidth + shape.keyValueWidth),
        ])
        attentionOutput = ProductGroup([.init(layer.attentionOutput, into: scratch.h)])
        var network = [MatrixProduct(layer.up, into: buffers.up)]
        if let gate = layer.gate { network.insert(.init(gate, into: buffers.gate), at: 0) }
        gateAndUp = ProductGroup(network)
        down = ProductGroup([.init(layer.down, into: scratch.h)])
    }
}
