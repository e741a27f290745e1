import Tensors

/// Qwen 1.5 and 2 with experts (Qwen Team, 2024): Llama with biases on Q, K and V, experts weighed
/// by the softmax over all, and one that every token has, by a weight of its own.
enum Qwen2MoE: Architecture {
    static let names = ["qwen2moe"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, knowsExperts: true)
        c.tensors.biased = [.query, .key, .value]
        guard let (count, chosen) = try p.experts() else { throw p.missing("expert_count") }
        let width = try p.expertWidth("expert_feed_forward_length")
        let shared = try p.expertWidth("expert_shared_feed_forward_length")
        c.forEachLayer {
            let dense = $0.feedForwardLength
            $0.setExperts([
                ExpertShape(
                    router: RouterRule(experts: count, chosen: chosen, scores: .softmax),
                    width: width ?? dense / chosen),
                ExpertShape(
                    router: RouterRule(experts: 1, chosen: 1, scores: .sigmoid),
                    width: shared ?? dense, names: .shared),
            ])
        }
        return c
    }
}
