import Tensors

/// GPT-NeoX (Black et al., 2022) and Pythia: norms by mean and variance, biases everywhere, part of
/// each head turned, a plain network with the exact GELU, and, in most files, attention and network
/// beside one another.
enum GPTNeoX: Architecture {
    static let names = ["gptneox"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        let isParallel = try p.optionalFlag("use_parallel_residual") ?? true
        c.forEachLayer {
            $0.activation = .plain(.geluExact)
            $0.order = isParallel ? .parallel(sharedNorm: false) : .serial
        }
        c.tensors.biased = LayerTensors.everything
        return c
    }
}
