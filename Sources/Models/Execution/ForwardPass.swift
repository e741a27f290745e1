import Scheduling
import Tensors

/// The vocabulary of the architectures: what a layer can do to the tokens of one step.
///
/// The operations name the parts of a transformer, choose buffers and precision, and leave the
/// arithmetic to `Compute`. All work on the first rows of the buffers, one row a token.
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
    /// The cosines and sines of the step's positions, for each of the model's ropes.
    let rotations: [RotaryTable]
    /// Records where the time goes; nil: it is not measured.
    let profile: StepProfile?

    private var compute: Compute { linear.compute }

    /// The residual stream: [T, D]
    var x: FloatMatrix { scratch.x }
    /// A sub-layer's input or output: [T, D]
    var h: FloatMatrix { scratch.h }

    /// The residual stream, each row scaled to a root mean square of 1 and times a weight.
    private func normed(_ weight: [Float]) -> ProductInput {
        .normed(x, weight: weight, epsilon: configuration.normEpsilon, floats: h)
    }

    /// Adds a sub-layer's output to the residual stream.
    func addOutput() {
        compute.add(x, h, rows: rows, into: x)
        profile?.mark(.residual)
    }

    /// Adds a sub-layer's output, normed, to the residual stream.
    func addOutput(norm weight: [Float]) {
        compute.addNormed(
            h, weight: weight, epsilon: configuration.normEpsilon, to: x, rows: rows)
        profile?.mark(.residual)
    }

    /// The residual stream, normed, -> queries, keys and values [T, H·d + 2·K·d].
    func projectQueryKeyValue(_ layer: LayerWeights) {
        linear.multiply(
            normed(layer.attentionNorm), scratch.quantized.queryKeyValue, tokens: rows.count,
            products[layer.index].queryKeyValue)
        profile?.mark(.queryKeyValue)
    }

    /// Adds the layer's biases to queries, keys and values, norms their heads if it has weights
    /// for that, turns queries and keys by their positions, and keeps keys and values.
    mutating func keepKeysAndValues(_ layer: LayerWeights) {
        let c = configuration
        let rope = c.ropeOfLayer[layer.index]
        var heads = HeadPreparation(
            x: scratch.queryKeyValue, heads: c.headCount, kvHeads: c.kvHeadCount,
            headDim: c.headDimension, rotary: rotations[rope], style: c.ropes[rope].pairing)
        heads.bias = layer.queryKeyValueBias
        heads.queryNorm = layer.queryNorm
        heads.keyNorm = layer.keyNorm
        heads.epsilon = c.normEpsilon
        compute.prepare(heads, keeping: cache.write(layer.index), rows: rows)
        if layer.index == c.layerCount - 1 { keepOutputs() }
        profile?.mark(.heads)
    }

    /// Lets every query attend, and projects what it found:
    /// [T, H·d + 2·K·d] -> [T, H·d] -> `h` [T, D]
    func attend(_ layer: LayerWeights) {
        cache.attend(
            layer.index, queries: scratch.queryKeyValue, into: scratch.attention, compute)
        profile?.mark(.attention)
        linear.multiply(
            .rows(scratch.attention), scratch.quantized.attentionOutput, tokens: rows.count,
            products[layer.index].attentionOutput)
        addBias(layer.attentionOutputBias, to: h)
        profile?.mark(.attentionOutput)
    }

    /// Goes on with the tokens whose logits are wanted: once the last layer has kept its keys and
    /// values, nothing reads what it makes of the others.
    private mutating func keepOutputs() {
        guard outputs.count < rows.count else { return }
        scratch.x.gather(outputs, of: scratch.x)
        scratch.queryKeyValue.gather(outputs, of: scratch.queryKeyValue)
        rows = 0..<outputs.count
    }

    /// The residual stream, normed, -> activation(gate) · up [T, F] -> `h` [T, D]
    func feedForward(_ layer: LayerWeights) {
        linear.multiply(
            normed(layer.feedForwardNorm), scratch.quantized.gateAndUp, tokens: rows.count,
            products[layer.index].gateAndUp)
        addBias(layer.gateBias, to: scratch.gate)
        addBias(layer.upBias, to: scratch.up)
        profile?.mark(.gateAndUp)
        linear.multiply(
            .gated(scratch.gate, up: scratch.up, by: configuration.gate),
            scratch.quantized.down, tokens: rows.count, products[layer.index].down)
        addBias(layer.downBias, to: h)
        profile?.mark(.down)
    }

    /// Adds a bias to what a product gave, if the layer has one.
    private func addBias(_ bias: [Float], to x: FloatMatrix) {
        if bias.isEmpty { return }
        compute.addBias(bias, to: x, rows: rows)
    }
}
