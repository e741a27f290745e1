import Tensors

/// Qwen 3, without experts and with them (`qwen3moe`) (Qwen Team, 2025): Llama with queries and
/// keys normed head by head, and heads of a size of their own.
enum Qwen3: Architecture {
    static let names = ["qwen3", "qwen3moe"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(
            common: p, pairing: .neox, knowsExperts: p.architecture == "qwen3moe")
        c.forEachLayer { $0.headNorm = .head }
        if let (count, chosen) = try p.experts() {
            let width = try p.expertWidth("expert_feed_forward_length")
            // The softmax over all, divided by the sum of those chosen, is the softmax over those.
            let router = RouterRule(experts: count, chosen: chosen, scores: .softmaxOfChosen)
            c.forEachLayer {
                $0.setExperts([ExpertShape(router: router, width: width ?? $0.feedForwardLength)])
            }
        }
        return c
    }
}
