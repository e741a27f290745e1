import KVCache
import Tensors

/// Command R and R+ (`command-r`), and Command R7B and A (`cohere2`) (Cohere, 2024): norms by mean
/// and variance without biases, a SwiGLU network beside attention, with which it shares its norm,
/// and a factor on logits. In `command-r` heads may be normed, each by weights of its own; in
/// `cohere2` three of four layers have a window, and the others know no positions.
enum Cohere: Architecture {
    static let names = ["command-r", "cohere2"]

    /// Every fourth layer of `cohere2` sees everything, where the file says nothing else.
    static let layersPerGlobal = 4

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved, norm: .layer)
        c.logitScale = Float(try p.number("logit_scale"))
        let normsHeads = p.hasTensor("blk.0.attn_q_norm.weight")
        c.forEachLayer {
            $0.order = .parallel(sharedNorm: true)
            $0.headNorm = normsHeads ? .ownHead : nil
        }
        if p.architecture == "cohere2" {
            let window = try p.integer(
                "attention.sliding_window", in: 1...ModelLimits.maximumContext)
            try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
            c.forEachLayer { if $0.span == .full { $0.rope = nil } }
        }
        return c
    }
}
