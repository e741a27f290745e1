import Tensors

/// Phi-1, 1.5 and 2 (Microsoft, 2023): norms by mean and variance, biases everywhere, part of each
/// head turned, and a plain network with GELU beside attention, with which it shares its norm.
enum Phi2: Architecture {
    static let names = ["phi2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.forEachLayer {
            $0.activation = .plain(.gelu)
            $0.order = .parallel(sharedNorm: true)
        }
        c.tensors.biased = LayerTensors.everything
        return c
    }
}
