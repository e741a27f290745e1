import Tensors

/// The weights by which a layer adds an input of its own, of P values, to the stream.
struct OwnInputWeights: Sendable {
    /// [P, D]
    var gate: WeightMatrix
    /// [D, P]
    var projection: WeightMatrix
    /// [D], of what is added.
    var norm: Norm
}

/// The weights of which the own inputs of all L layers are made (per-layer embeddings of Gemma 3n
/// and 4): a part of each is looked up by the token, another is projected from its embedding.
struct LayerInputWeights: Sendable {
    /// [V, L·P]; a token reads one row.
    var embedding: WeightMatrix
    /// [L·P, D]
    var projection: WeightMatrix
    /// [P], of what is projected.
    var norm: Norm
}

extension TensorReader {
    /// Reads the weights of the own inputs of so many layers.
    func layerInputs(
        _ c: ModelConfiguration, values: Int
    ) throws(ModelError) -> LayerInputWeights {
        let all = c.layerCount * values
        return LayerInputWeights(
            embedding: try matrix(
                "per_layer_token_embd.weight", outputs: c.vocabularySize, inputs: all),
            projection: try matrix(
                "per_layer_model_proj.weight", outputs: all, inputs: c.embeddingLength),
            norm: try norm("per_layer_proj_norm", count: values, c.norm))
    }
}
