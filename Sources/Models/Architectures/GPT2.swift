import Tensors

/// GPT-2 (Radford et al., 2019): positions are learned, each token's added to its embedding; norms
/// by mean and variance, biases everywhere, and a plain feed-forward network with GELU.
enum GPT2: Architecture {
    static let names = ["gpt2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.ropes = []
        c.hasLearnedPositions = true
        c.forEachLayer {
            $0.rope = nil
            $0.activation = .plain(.gelu)
        }
        c.tensors.biased = LayerTensors.everything
        return c
    }
}
