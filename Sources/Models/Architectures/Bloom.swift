import Tensors

/// BLOOM (BigScience, 2022): scores fall with the distance of a key in the place of positions;
/// embeddings are normed, norms are by mean and variance, biases everywhere, and a plain
/// feed-forward network with GELU.
enum Bloom: Architecture {
    static let names = ["bloom"]

    /// No file says how steep the slopes are.
    static let slopeExponent: Float = 8

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.ropes = []
        c.normsEmbedding = true
        c.forEachLayer {
            $0.rope = nil
            $0.slopeExponent = slopeExponent
            $0.activation = .plain(.gelu)
        }
        c.tensors.biased = LayerTensors.everything
        return c
    }
}
