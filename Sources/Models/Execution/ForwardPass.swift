import Tensors

/// The vocabulary of the architectures: what a layer can do to the tokens of one step.
///
/// The operations name the parts of a transformer, choose buffers and precision, and leave the
/// arithmetic to `Compute`. All work on the first rows of the buffers, one row a token.
struct ForwardPass {
    let configuration: ModelConfiguration
    let linear: Linear
    let scratch: Scratch
    let cache: CacheStep
    /// The rows of the buffers that the step uses.
    let rows: Range<Int>
    /// The cosines and sines of the step's positions, for each of the model's ropes.
    let rotations: [RotaryTable]

    private var compute: Compute { linear.compute }

    /// The residual stream: [T, D]
    var x: FloatMatrix { scratch.x }
    /// A sub-layer's input or output: [T, D]
    var h: FloatMatrix { scratch.h }

    /// Scales rows to a root mean square of 1 and multiplies by a weight.
    func norm(_ input: FloatMatrix, _ weight: [Float], into output: FloatMatrix) {
        compute.rmsNorm(
            input, weight: weight, epsilon: configuration.normEpsilon, rows: rows, into: output)
    }

    /// Adds to the residual stream.
    func add(_ y: FloatMatrix, to x: FloatMatrix) {
        compute.add(x, y, rows: rows, into: x)
    }

    /// [T, D] -> [T, H·d + 2·K·d]: queries, keys and values, with the layer's biases.
    func projectQueryKeyValue(_ input: FloatMatrix, _ layer: LayerWeights) {
        let c = configuration
        let output = scratch.queryKeyValue
        linear.multiply(
            input, scratch.quantizedWidth, tokens: rows.count,
            twoPlanes: c.twoPlanes.contains(.queryKeyValue),
            [
                .init(layer.query, into: output),
                .init(layer.key, into: output, column: c.queryWidth),
                .init(layer.value, into: output, column: c.queryWidth + c.keyValueWidth),
            ])
        if !layer.queryKeyValueBias.isEmpty {
            compute.addBias(layer.queryKeyValueBias, to: output, rows: rows)
        }
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
    }

    /// Turns queries and keys by their positions.
    func rotate(_ layer: LayerWeights) {
        let c = configuration
        let rope = c.ropeOfLayer[layer.index]
        // Queries and keys lie side by side: their heads are one run.
        compute.rope(
            scratch.queryKeyValue, heads: c.headCount + c.kvHeadCount, headDim: c.headDimension,
            rows: rows, table: rotations[rope], style: c.ropes[rope].pairing)
    }

    /// Keeps the step's keys and values, lets every query attend, and projects what it found:
    /// [T, H·d + 2·K·d] -> [T, H·d] -> [T, D]
    func attend(_ layer: LayerWeights, into output: FloatMatrix) {
        let source = scratch.queryKeyValue
        cache.write(layer.index, from: source, column: configuration.queryWidth, compute)
        cache.attend(layer.index, queries: source, into: scratch.attention, compute)
        linear.multiply(
            scratch.attention, scratch.quantizedAttention, tokens: rows.count,
            twoPlanes: configuration.twoPlanes.contains(.attentionOutput),
            [.init(layer.attentionOutput, into: output)])
    }

    /// [T, D] -> activation(gate) · up [T, F] -> [T, D]
    func feedForward(_ input: FloatMatrix, _ layer: LayerWeights, into output: FloatMatrix) {
        let (gate, up) = (scratch.gate, scratch.up)
        linear.multiply(
            input, scratch.quantizedWidth, tokens: rows.count,
            twoPlanes: configuration.twoPlanes.contains(.gateAndUp),
            [.init(layer.gate, into: gate), .init(layer.up, into: up)])
        let width = configuration.feedForwardLength
        switch configuration.gate {
        case .silu: compute.siluMultiply(gate, up, width: width, rows: rows, into: gate)
        case .gelu: compute.geluMultiply(gate, up, width: width, rows: rows, into: gate)
        }
        linear.multiply(
            gate, scratch.quantizedHidden, tokens: rows.count,
            twoPlanes: configuration.twoPlanes.contains(.down), [.init(layer.down, into: output)])
    }
}
