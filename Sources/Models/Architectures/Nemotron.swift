import Tensors

/// Nemotron 3, 4 and Minitron (NVIDIA, 2024): norms by mean and variance, part of each head turned,
/// and a plain network with the square of ReLU. The converter has added the 1 of its `1 + weight`
/// norms to the stored weights.
enum Nemotron: Architecture {
    static let names = ["nemotron"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.forEachLayer { $0.activation = .plain(.reluSquared) }
        c.tensors.biased = [.attentionNorm, .feedForwardNorm]
        return c
    }
}
