import Tensors

/// StarCoder 2 (Lozhkov et al., 2024): norms by mean and variance, biases everywhere, and a plain
/// feed-forward network with GELU.
enum StarCoder2: Architecture {
    static let names = ["starcoder2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.forEachLayer { $0.activation = .plain(.gelu) }
        c.tensors.biased = LayerTensors.everything
        if let window = try p.window() { c.setWindow(window) }
        return c
    }
}
