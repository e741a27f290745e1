import Scheduling
import Tensors

/// One forward pass: computes what the shapes of a model's layers say, for the tokens of one step.
///
/// The operations name the parts of a transformer, choose buffers and precision, and leave the
/// arithmetic to `Compute`. All work on the first rows of the buffers, one row a token.
///
/// With T tokens, model width D, H query and K key/value heads of d values, hidden width F.
struct ForwardPass {
    let configuration: ModelConfiguration
    let linear: Linear
    let scratch: Scratch
    /// The products of every layer.
    let products: [LayerProducts]
    let cache: CacheStep
    /// The rows of the buffers that the step uses.
    private(set) var rows: Range<Int>
    /// The rows whose logits are wanted, ascending.
    let outputs: [Int32]
    /// What each row's queries are multiplied by; empty: 1.
    private(set) var queryScales: [Float]
    /// The cosines and sines of the step's positions, for each of the model's ropes.
    let rotations: [RotaryTable]
    /// Records where the time goes; nil: it is not measured.
    let profile: StepProfile?

    var compute: Compute { linear.compute }

    /// The residual stream: [T, D]
    var x: FloatMatrix { scratch.x }
    /// A sub-layer's input or output: [T, D]
    var h: FloatMatrix { scratch.h }

    /// Adds one layer to the residual stream: attention and a feed-forward network.
    mutating func run(_ layer: LayerWeights) {
        let isParallel = layer.shape.order.isParallel
        projectQueryKeyValue(layer)
        keepKeysAndValues(layer)
        // A network beside attention reads the stream before attention has added to it.
        if isParallel { projectGateAndUp(layer) }
        attend(layer)
        addOutput(layer, norm: layer.postAttentionNorm)
        if !isParallel { projectGateAndUp(layer) }
        projectDown(layer)
        addOutput(layer, norm: layer.postFeedForwardNorm)
        if let own = products[layer.index].ownInput { addOwnInput(layer, own) }
        if layer.streamScale != 1 { compute.scale(x, by: layer.streamScale, rows: rows) }
    }

    /// The residual stream, normed -> queries, keys and values [T, H·d + 2·K·d], those that the
    /// layer has of its own
    private func projectQueryKeyValue(_ layer: LayerWeights) {
        linear.multiply(
            normed(layer.attentionNorm), scratch.roundedAttentionInput, tokens: rows.count,
            products[layer.index].queryKeyValue)
        profile?.mark(.queryKeyValue)
    }

    /// Adds the layer's biases to queries, keys and values, norms and turns queries and keys if
    /// the layer does so, and keeps keys and values.
    private mutating func keepKeysAndValues(_ layer: LayerWeights) {
        let shape = layer.shape
        var heads = HeadPreparation(
            x: scratch.queryKeyValue, heads: shape.headCount, kvHeads: shape.keptHeadCount,
            headDim: shape.headDimension, rotary: shape.rope.map { rotations[$0] },
            style: shape.rope.map { configuration.ropes[$0].pairing } ?? .neox)
        heads.bias = layer.queryKeyValueBias
        heads.clamp = shape.queryKeyValueBound
        heads.queryNorm = layer.queryNorm
        heads.keyNorm = layer.keyNorm
        heads.normSpan = shape.headNorm ?? .head
        heads.normsTurned = shape.normsTurnedHeads
        heads.valuesAreKeys = shape.valuesAreKeys
        heads.normsValues = shape.normsValues
        heads.normKind = configuration.norm.kind
        heads.epsilon = configuration.norm.epsilon
        heads.queryScales = shape.growsQueries ? queryScales : []
        compute.prepare(heads, keeping: cache.write(layer.index), rows: rows)
        if layer.index == configuration.lastOwnLayer { keepOutputs() }
        profile?.mark(.heads)
    }

    /// Goes on with the tokens whose logits are wanted: once the last layer that has keys and
    /// values has kept them, nothing reads what is made of the others.
    mutating func keepOutputs() {
        guard outputs.count < rows.count else { return }
        scratch.x.gather(outputs, of: scratch.x)
        scratch.queryKeyValue.gather(outputs, of: scratch.queryKeyValue)
        rows = 0..<outputs.count
        if let inputs = scratch.layerInputs?.inputs { inputs.gather(outputs, of: inputs) }
        guard configuration.lastOwnLayer < configuration.layerCount - 1 else { return }
        for rotation in rotations { rotation.gather(outputs) }
        if !queryScales.isEmpty { queryScales = outputs.map { queryScales[Int($0)] } }
    }

    /// Lets every query attend, and projects what it found:
    /// [T, H·d + 2·K·d] -> [T, H·d] -> `h` [T, D]
    private func attend(_ layer: LayerWeights) {
        let buffers = products[layer.index].buffers
        cache.attend(
            layer.index, queries: scratch.queryKeyValue, into: buffers.attention, compute)
        profile?.mark(.attention)
        linear.multiply(
            .rows(buffers.attention), buffers.roundedAttention, tokens: rows.count,
            products[layer.index].attentionOutput)
        addBias(layer.attentionOutputBias, to: h)
        profile?.mark(.attentionOutput)
    }

    /// The residual stream, normed -> gate and up [T, F], and those of the experts that each token
    /// chooses
    func projectGateAndUp(_ layer: LayerWeights) {
        let input = normed(layer.feedForwardNorm)
        if let network = layer.network {
            let buffers = products[layer.index].buffers
            linear.multiply(
                input, scratch.roundedNetworkInput, tokens: rows.count,
                products[layer.index].gateAndUp)
            addBias(network.gateBias, to: buffers.gate)
            addBias(network.upBias, to: buffers.up)
        }
        for experts in products[layer.index].experts {
            let buffers = experts.buffers
            linear.multiply(
                experts.norms.map { normed($0.router) } ?? input, scratch.roundedNetworkInput,
                tokens: rows.count, experts.router)
            addBias(experts.biases?.router ?? [], to: buffers.logits)
            compute.route(
                buffers.logits, tokens: rows.count, by: experts.rule, into: buffers.routing)
            experts.fetch()
            linear.multiply(
                experts.norms.map { normed($0.input) } ?? input, scratch.roundedNetworkInput,
                tokens: rows.count, experts)
            if let biases = experts.biases {
                compute.addBias(biases.gate, to: buffers.gate, by: buffers.routing)
                compute.addBias(biases.up, to: buffers.up, by: buffers.routing)
            }
            if experts.weighsInputs {
                // Both projections are linear in what they read.
                compute.weigh(buffers.gate, by: buffers.routing)
                compute.weigh(buffers.up, by: buffers.routing)
            }
        }
        profile?.mark(.gateAndUp)
    }

    /// activation(gate) ⊙ up [T, F] -> `h` [T, D], and what the experts give added up
    func projectDown(_ layer: LayerWeights) {
        let activation = layer.shape.activation
        if let network = layer.network {
            let buffers = products[layer.index].buffers
            linear.multiply(
                hidden(activation, buffers.gate, buffers.up), buffers.roundedHidden,
                tokens: rows.count, products[layer.index].down)
            addBias(network.downBias, to: h)
            if let norm = network.outputNorm { compute.normalize(h, by: norm, rows: rows, into: h) }
        }
        var isFirst = layer.network == nil
        for experts in products[layer.index].experts {
            let buffers = experts.buffers
            linear.multiply(hidden(activation, buffers.gate, buffers.up), experts)
            if let biases = experts.biases {
                compute.addBias(biases.down, to: buffers.output, by: buffers.routing)
            }
            let sum = isFirst ? h : scratch.sum
            compute.combine(
                buffers.output, by: buffers.routing, isWeighted: !experts.weighsInputs, into: sum)
            if let norm = experts.norms?.output {
                compute.normalize(sum, by: norm, rows: rows, into: sum)
            }
            if !isFirst { compute.add(h, sum, rows: rows, into: h) }
            isFirst = false
        }
        profile?.mark(.down)
    }

    private func hidden(
        _ activation: LayerShape.Activation, _ gate: FloatMatrix, _ up: FloatMatrix
    ) -> ProductInput {
        switch activation {
        case .gated(let kind): .gated(gate, up: up, by: kind)
        case .plain(let kind): .activated(up, by: kind)
        }
    }

    /// Adds a sub-layer's output to the residual stream, normed or scaled where the layer does so.
    func addOutput(_ layer: LayerWeights, norm: Norm?) {
        let scale = layer.shape.outputScale
        if let norm {
            compute.addNormed(h, by: norm, to: x, rows: rows)
        } else {
            if scale != 1 { compute.scale(h, by: scale, rows: rows) }
            compute.add(x, h, rows: rows, into: x)
        }
        profile?.mark(.residual)
    }

    /// Adds to the residual stream what it lets through of the layer's own input.
    private func addOwnInput(_ layer: LayerWeights, _ own: OwnInputProducts) {
        let buffers = own.buffers
        linear.multiply(.rows(x), scratch.roundedNetworkInput, tokens: rows.count, own.gate)
        compute.gateMultiply(
            buffers.gate, buffers.inputs, upColumn: layer.index * buffers.values,
            by: layer.shape.activation.kind, width: buffers.values, rows: rows,
            into: buffers.gate)
        linear.multiply(
            .rows(buffers.gate), buffers.roundedGate, tokens: rows.count, own.projection)
        compute.addNormed(h, by: own.norm, to: x, rows: rows)
        profile?.mark(.residual)
    }

    /// The residual stream as a sub-layer reads it.
    func normed(_ norm: Norm?) -> ProductInput {
        guard let norm else { return .rows(x) }
        return .normed(x, by: norm, floats: h)
    }

    /// Adds a bias to what a product gave, if the layer has one.
    func addBias(_ bias: [Float], to x: FloatMatrix) {
        if bias.isEmpty { return }
        compute.addBias(bias, to: x, rows: rows)
    }
}
