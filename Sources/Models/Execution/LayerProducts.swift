import Tensors

/// A layer's products, each list an input's, with where they go: made once, so that no step has to.
struct LayerProducts {
    /// Into `Scratch.queryKeyValue`, side by side; of latent attention, into its buffers.
    let queryKeyValue: ProductGroup
    /// Into `Scratch.h`.
    let attentionOutput: ProductGroup
    /// Into `LayerBuffers.gate`, if there is one, and `LayerBuffers.up`; empty without a network of
    /// every token.
    let gateAndUp: ProductGroup
    /// Into `Scratch.h`.
    let down: ProductGroup
    /// The networks that tokens choose from.
    let experts: [ExpertProducts]
    /// Of latent attention; nil without it.
    let latent: LatentProducts?
    /// Of the layer's own input; nil without one.
    let ownInput: OwnInputProducts?
    /// The buffers of the layer's widths.
    let buffers: LayerBuffers

    /// The products of a layer.
    ///
    /// - Parameter panels: where products pack experts that stay in their file.
    init(_ layer: LayerWeights, _ scratch: Scratch, _ panels: PanelScratch?) {
        let (output, shape) = (scratch.queryKeyValue, layer.shape)
        buffers = scratch.buffers(of: shape)
        latent = LatentProducts(layer, scratch)
        queryKeyValue = latent?.projections ?? Self.queryKeyValue(layer, into: output)
        attentionOutput = ProductGroup([.init(layer.attentionOutput, into: scratch.h)])
        var network: [MatrixProduct] = []
        if let gate = layer.network?.gate { network.append(.init(gate, into: buffers.gate)) }
        if let up = layer.network?.up { network.append(.init(up, into: buffers.up)) }
        gateAndUp = ProductGroup(network)
        down = ProductGroup(layer.network.map { [.init($0.down, into: scratch.h)] } ?? [])
        experts = layer.experts.map { ExpertProducts($0, scratch.buffers(of: $0.shape), panels) }
        ownInput = OwnInputProducts(layer, scratch)
    }

    private static func queryKeyValue(
        _ layer: LayerWeights, into output: FloatMatrix
    ) -> ProductGroup {
        let shape = layer.shape
        var products = [MatrixProduct(layer.query, into: output)]
        if let key = layer.key {
            products.append(.init(key, into: output, column: shape.queryWidth))
        }
        if let value = layer.value {
            products.append(
                .init(value, into: output, column: shape.queryWidth + shape.keyValueWidth))
        }
        return ProductGroup(products)
    }
}

/// The products of networks that tokens choose from.
struct ExpertProducts {
    let rule: RouterRule
    /// Whether weights are factors on what experts read.
    let weighsInputs: Bool
    /// Added to what the products give; nil: nothing.
    let biases: ExpertBiases?
    /// Of the stream, and of what they give; nil: those of the network of every token.
    let norms: ExpertNorms?
    /// Into `ExpertBuffers.logits`.
    let router: ProductGroup
    /// Into `ExpertBuffers.gate` and `ExpertBuffers.up`.
    let gateAndUp: [ExpertProduct]
    /// Into `ExpertBuffers.output`.
    let down: [ExpertProduct]
    let buffers: ExpertBuffers

    init(_ weights: ExpertWeights, _ buffers: ExpertBuffers, _ panels: PanelScratch?) {
        let panels = weights.areChosen ? panels : nil
        self.buffers = buffers
        rule = weights.rule
        weighsInputs = weights.shape.weighsInputs
        biases = weights.biases
        norms = weights.norms
        router = ProductGroup([.init(weights.router, into: buffers.logits)])
        gateAndUp = [
            ExpertProduct(weights.gate, into: buffers.gate, scratch: panels),
            ExpertProduct(weights.up, into: buffers.up, scratch: panels),
        ]
        down = [ExpertProduct(weights.down, into: buffers.output, scratch: panels)]
    }

    /// Has the system read the chosen experts from their file, if they stay there.
    func fetch() {
        for product in gateAndUp { product.fetch(buffers.routing) }
        for product in down { product.fetch(buffers.routing) }
    }
}
