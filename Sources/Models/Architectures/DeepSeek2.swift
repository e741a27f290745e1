import Tensors

/// DeepSeek V2, V2-Lite and V3 (DeepSeek-AI, 2024), and models of their kind: keys and values
/// computed from latent vectors, neighbours turned, and after some dense layers experts beside a
/// network of every token.
///
/// V2's experts are weighed by the softmax over all and chosen from the groups with the best one,
/// V3's by sigmoids, chosen with a bias from the groups with the best two.
enum DeepSeek2: Architecture {
    static let names = ["deepseek2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        let latent = try p.latentShape()
        var c = try ModelConfiguration(
            common: p, pairing: .interleaved, knowsExperts: true, headDimension: latent.projected)
        c.layers.removeLast(try p.guessingLayers(of: c.layerCount))
        try c.readLatentScaling(p)
        c.forEachLayer {
            $0.latent = latent
            $0.kvHeadCount = 1
            $0.headDimension = latent.kept
        }
        try setExperts(p, in: &c)
        return c
    }

    private static func setExperts(
        _ p: HyperParameters, in c: inout ModelConfiguration
    ) throws(ModelError) {
        guard let (count, chosen) = try p.experts() else { return }
        var router = try p.router(count, chosen: chosen, scores: .softmax)
        if router.scores == .sigmoid { router.groupScore = .twoLargest }
        guard let width = try p.expertWidth("expert_feed_forward_length") else {
            throw p.missing("expert_feed_forward_length")
        }
        let shared = try p.integer("expert_shared_count", in: 0...ModelLimits.maximumExperts)
        let dense = try p.integer("leading_dense_block_count", in: 0...c.layerCount)
        for layer in dense..<c.layerCount {
            let experts = ExpertShape(
                router: router, width: width,
                hasChoiceBias: p.hasTensor("blk.\(layer).exp_probs_b.bias"))
            c.layers[layer].setExperts([experts], beside: shared * width)
        }
        c.tensors.nameSharedNetwork()
    }
}
