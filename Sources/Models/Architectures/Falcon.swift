import Tensors

/// Falcon (Almazrouei et al., 2023): norms by mean and variance, no other biases, a plain network
/// with the exact GELU beside attention; in the 7B model they share a norm and all heads share one
/// key, in the others each has its own.
enum Falcon: Architecture {
    static let names = ["falcon"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        // The layout that the converter of these files names.
        try p.expect("jploski", in: "tensor_data_layout")
        let sharesNorm = !p.hasTensor("blk.0.attn_norm_2.weight")
        c.forEachLayer {
            $0.activation = .plain(.geluExact)
            $0.order = .parallel(sharedNorm: sharesNorm)
        }
        c.tensors.biased = [.attentionNorm]
        if !sharesNorm {
            c.tensors.biased.insert(.feedForwardNorm)
            c.tensors.names = [.attentionNorm: "attn_norm_2", .feedForwardNorm: "attn_norm"]
        }
        return c
    }
}
