import Tensors

/// Granite 3 (IBM, 2024), without experts and with them (`granitemoe`), and MiniCPM (OpenBMB,
/// 2024): Llama with factors on embeddings, scores, what sub-layers add to the residual stream, and
/// logits, which are divided. Beside the experts there may be a network of every token.
enum Granite: Architecture {
    static let names = ["granite", "granitemoe", "minicpm"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(
            common: p, pairing: .interleaved, knowsExperts: p.architecture == "granitemoe")
        if let (count, chosen) = try p.experts() {
            let router = RouterRule(experts: count, chosen: chosen, scores: .softmaxOfChosen)
            let shared = try p.expertWidth("expert_shared_feed_forward_length")
            c.forEachLayer {
                let experts = ExpertShape(router: router, width: $0.feedForwardLength)
                $0.setExperts([experts], beside: shared ?? 0)
            }
            c.tensors.nameSharedNetwork()
        }
        c.logitScale = 1 / Float(try p.number("logit_scale"))
        if let scale = try p.optionalFactor("residual_scale").map({ Float($0) }) {
            c.forEachLayer { $0.outputScale = scale }
        }
        try c.ropes[0].readFrequencyFactors(p)
        try c.ropes[0].readLongFactors(p)
        // Files of this family without positions say so by this key.
        if try p.optionalFlag("rope.scaling.finetuned") == false {
            c.forEachLayer { $0.rope = nil }
        }
        return c
    }
}
