import Tensors

/// OLMoE (Ai2, 2024): Llama with queries and keys normed as whole rows, and experts weighed by the
/// softmax over all.
enum OLMoE: Architecture {
    static let names = ["olmoe"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, knowsExperts: true)
        guard let (count, chosen) = try p.experts() else { throw p.missing("expert_count") }
        let router = RouterRule(experts: count, chosen: chosen, scores: .softmax)
        c.forEachLayer {
            $0.headNorm = .row
            $0.setExperts([ExpertShape(router: router, width: $0.feedForwardLength)])
        }
        return c
    }
}
