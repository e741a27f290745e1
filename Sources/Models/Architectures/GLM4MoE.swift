import Tensors

/// GLM-4.5 and 4.6 (Zhipu AI, 2025): Llama with part of each head turned and, after some dense
/// layers, experts that are scored each by itself, chosen by a bias, beside a network of every
/// token.
enum GLM4MoE: Architecture {
    static let names = ["glm4moe"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, knowsExperts: true)
        guard let (count, chosen) = try p.experts() else { throw p.missing("expert_count") }
        c.layers.removeLast(try p.guessingLayers(of: c.layerCount))
        var router = try p.router(count, chosen: chosen, scores: .sigmoid)
        router.groupScore = .twoLargest
        guard let width = try p.expertWidth("expert_feed_forward_length") else {
            throw p.missing("expert_feed_forward_length")
        }
        let shared = try p.integer("expert_shared_count", in: 0...ModelLimits.maximumExperts)
        let dense = try p.integer("leading_dense_block_count", in: 0...c.layerCount)
        let experts = ExpertShape(router: router, width: width, hasChoiceBias: true)
        for layer in dense..<c.layerCount {
            c.layers[layer].setExperts([experts], beside: shared * width)
        }
        let normsHeads = p.hasTensor("blk.0.attn_q_norm.weight")
        c.forEachLayer { $0.headNorm = normsHeads ? .head : nil }
        c.tensors.names[.feedForwardNorm] = LayerTensor.postAttentionNorm.rawValue
        c.tensors.nameSharedNetwork()
        return c
    }
}
