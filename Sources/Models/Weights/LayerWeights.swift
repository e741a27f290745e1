import Tensors

/// The weights of one layer. Matrices are [outputs, inputs]; what is not there in every layer is
/// there or not as the layer's shape says.
struct LayerWeights: Sendable {
    /// The layer's number, from 0.
    var index: Int
    /// What the layer computes.
    var shape: LayerShape
    /// [D]; nil where attention reads the residual stream as it is.
    var attentionNorm: Norm?
    /// [H·d, D]
    var query: WeightMatrix
    /// [K·d, D]
    var key: WeightMatrix
    /// [K·d, D]
    var value: WeightMatrix
    /// The biases of Q, K and V one after another, [H·d + 2·K·d]; empty where there are none.
    var queryKeyValueBias: [Float]
    /// [d] or [H·d]; empty where queries are not normed.
    var queryNorm: [Float]
    /// [d] or [K·d]; empty where keys are not normed.
    var keyNorm: [Float]
    /// [D, H·d]
    var attentionOutput: WeightMatrix
    /// [D]; empty where there is none, like all biases.
    var attentionOutputBias: [Float]
    /// [D]; nil where the output of attention is not normed.
    var postAttentionNorm: Norm?
    /// [D]; attention's where both share it, nil where the network reads the stream as it is.
    var feedForwardNorm: Norm?
    /// [F, D]; nil where the network has no gate.
    var gate: WeightMatrix?
    /// [F]
    var gateBias: [Float]
    /// [F, D]
    var up: WeightMatrix
    /// [F]
    var upBias: [Float]
    /// [D, F]
    var down: WeightMatrix
    /// [D]
    var downBias: [Float]
    /// [D]; nil where the network's output is not normed.
    var postFeedForwardNorm: Norm?

    /// The matrices, in the order in which a step reads them.
    var matrices: [WeightMatrix] {
        [query, key, value, attentionOutput] + [gate].compactMap(\.self) + [up, down]
    }

    /// Calls `body` with every matrix, in that order.
    mutating func forEachMatrix(_ body: (inout WeightMatrix) -> Void) {
        body(&query)
        body(&key)
        body(&value)
        body(&attentionOutput)
        if var matrix = gate {
            body(&matrix)
            gate = matrix
        }
        body(&up)
        body(&down)
    }
}
