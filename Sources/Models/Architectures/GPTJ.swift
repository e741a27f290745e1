import Tensors

/// GPT-J (Wang and Komatsuzaki, 2021): norms by mean and variance, part of each head turned in
/// pairs of neighbours, and a plain network with GELU beside attention, with which it shares its
/// norm; the network and the output matrix have biases.
enum GPTJ: Architecture {
    static let names = ["gptj"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved, norm: .layer)
        c.forEachLayer {
            $0.activation = .plain(.gelu)
            $0.order = .parallel(sharedNorm: true)
        }
        c.tensors.biased = [.attentionNorm, .up, .down]
        return c
    }
}
