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
    /// Told where the time goes, if anybody is.
    let profile: StepProfile?

    private var compute: Compute { linear.compute }

    /// The residual stream: [T, D]
    var x: FloatMatrix { scratch.x }
    /// A sub-layer's input or output: [T, D]
    var h: FloatMatrix { scratch.h }

    /// Scales rows to a root mean square of 1 and multiplies by a weight.
    func norm(_ input: FloatMatrix, _ weight: [Float], into output: FloatMatrix) {
        compute.rmsNorm(
            input, weight: weight, epsilon: configuration.normEpsilon, rows: rows, into: output)
        profile?.mark(.norm)
    }

    /// Adds to the residual stream.
    func add(_ y: FloatMatrix, to x: FloatMatrix) {
        compute.add(x, y, rows: rows, into: x)
        profile?.mark(.residual)
    }

    /// [T, D] -> [T, H·d + 2·K·d]: queries, keys and values, with the layer's biases.
    func projectQueryKeyValue(_ input: FloatMatrix, _ layer: LayerWeights) {
        linear.multiply(
            input, scratch.quantized.queryKeyValue, tokens: rows.count,
            products[layer.index].queryKeyValue)
        if !layer.queryKeyValueBias.isEmpty {
            compute.addBias(layer.queryKeyValueBias, to: scratch.queryKeyValue, rows: rows)
        }
        profile?.mark(.queryKeyValue)
    }

    /// Norms every head of the queries and keys.
    func normQueriesAndKeys(_ layer: LayerWeights) {
        let c = configuration
        let (d, epsilon) = (c.headDimension, c.normEpsilon)
        compute.rmsNormHeads(
            scratch.queryKeyValue, heads: c.headCount, headDim: d, weight: layer.queryNorm,
            epsilon: epsilon, rows: rows)
        compute.rmsNormHeads(
            scratch.queryKeyValue, column: c.queryWidth, heads: c.kvHeadCount, headDim: d,
            weight: layer.keyNorm, epsilon: epsilon, rows: rows)
        profile?.mark(.rotate)
    }

    /// Turns queries and keys by their positions.
    func rotate(_ layer: LayerWeights) {
        let c = configuration
        let rope = c.ropeOfLayer[layer.index]
        // Queries and keys lie side by side: their heads are one run.
        compute.rope(
            scratch.queryKeyValue, heads: c.headCount + c.kvHeadCount, headDim: c.headDimension,
            rows: rows, table: rotations[rope], style: c.ropes[rope].pairing)
        profile?.mark(.rotate)
    }

    /// Keeps the step's keys and values, lets every query attend, and projects what it found:
    /// [T, H·d + 2·K·d] -> [T, H·d] -> `h` [T, D]
    mutating func attend(_ layer: LayerWeights) {
        let source = scratch.queryKeyValue
        cache.write(layer.index, from: source, column: configuration.queryWidth, compute)
        if layer.index == configuration.layerCount - 1 { keepOutputs() }
        profile?.mark(.writeKV)
        cache.attend(layer.index, queries: source, into: scratch.attention, compute)
        profile?.mark(.attention)
        linear.multiply(
            scratch.attention, scratch.quantized.attentionOutput, tokens: rows.count,
            products[layer.index].attentionOutput)
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

    /// [T, D] -> activation(gate) · up [T, F] -> `h` [T, D]
    func feedForward(_ input: FloatMatrix, _ layer: LayerWeights) {
        let (gate, up) = (scratch.gate, scratch.up)
        linear.multiply(
            input, scratch.quantized.gateAndUp, tokens: rows.count,
            products[layer.index].gateAndUp)
        profile?.mark(.gateAndUp)
        let width = configuration.feedForwardLength
        switch configuration.gate {
        case .silu: compute.siluMultiply(gate, up, width: width, rows: rows, into: gate)
        case .gelu: compute.geluMultiply(gate, up, width: width, rows: rows, into: gate)
        }
        profile?.mark(.activation)
        linear.multiply(
            gate, scratch.quantized.down, tokens: rows.count,
            products[layer.index].down)
        profile?.mark(.down)
    }
}
