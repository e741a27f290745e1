import Tensors

/// The weights of one layer. Matrices are [outputs, inputs]; the optional ones are there or not
/// as `ModelConfiguration.LayerTensors` says.
struct LayerWeights: Sendable {
    /// The layer's number, from 0.
    var index: Int
    /// [D]
    var attentionNorm: [Float]
    /// [H·d, D]
    var query: WeightMatrix
    /// [K·d, D]
    var key: WeightMatrix
    /// [K·d, D]
    var value: WeightMatrix
    /// The biases of Q, K and V one after another, [H·d + 2·K·d]; empty where there are none.
    var queryKeyValueBias: [Float]
    /// [d]; empty where queries are not normed.
    var queryNorm: [Float]
    /// [d]; empty where keys are not normed.
    var keyNorm: [Float]
    /// [D, H·d]
    var attentionOutput: WeightMatrix
    /// [D]; empty where there is none, like all biases.
    var attentionOutputBias: [Float]
    /// [D]; empty where outputs are not normed.
    var postAttentionNorm: [Float]
    /// [D]
    var feedForwardNorm: [Float]
    /// [F, D]
    var gate: WeightMatrix
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
    /// [D]; empty where outputs are not normed.
    var postFeedForwardNorm: [Float]

    /// The matrices, in the order in which a step reads them.
    var matrices: [WeightMatrix] {
        [query, key, value, attentionOutput, gate, up, down]
    }

    /// Calls `body` with every matrix, in that order.
    mutating func forEachMatrix(_ body: (inout WeightMatrix) -> Void) {
        body(&query)
        body(&key)
        body(&value)
        body(&attentionOutput)
        body(&gate)
        body(&up)
        body(&down)
    }
}
