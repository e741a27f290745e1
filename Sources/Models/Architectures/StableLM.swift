import Tensors

/// StableLM 2 (Stability AI, 2024): Llama with norms by mean and variance and part of each head
/// turned; in the 12B model, attention and network beside one another, and heads normed each by
/// weights of its own.
enum StableLM: Architecture {
    static let names = ["stablelm"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.tensors.biased = [.attentionNorm]
        let isParallel = try p.optionalFlag("use_parallel_residual") ?? false
        let normsHeads = p.hasTensor("blk.0.attn_q_norm.weight")
        c.forEachLayer {
            $0.order = isParallel ? .parallel(sharedNorm: true) : .serial
            $0.headNorm = normsHeads ? .ownHead : nil
        }
        if !isParallel { c.tensors.biased.insert(.feedForwardNorm) }
        return c
    }
}
