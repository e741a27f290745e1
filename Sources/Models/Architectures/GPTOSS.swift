import Tensors

/// gpt-oss (OpenAI, 2025): experts with biases and a gate that is held within bounds, of which the
/// softmax of those chosen is taken; heads with a sink, a window in every other layer, from the
/// first on, and YaRN between pairs that are not rounded to whole ones.
enum GPTOSS: Architecture {
    static let names = ["gpt-oss"]

    /// Every second layer sees everything, where the file does not say otherwise.
    static let layersPerGlobal = 2

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, knowsExperts: true)
        guard let (count, chosen) = try p.experts() else { throw p.missing("expert_count") }
        let router = RouterRule(experts: count, chosen: chosen, scores: .softmaxOfChosen)
        let width = try p.expertWidth("expert_feed_forward_length")
        c.forEachLayer {
            $0.hasSinks = true
            $0.activation = .gated(.siluClamped)
            $0.setExperts([
                ExpertShape(
                    router: router, width: width ?? $0.feedForwardLength, hasBiases: true)
            ])
        }
        c.tensors.biased = [.query, .key, .value, .attentionOutput]
        c.tensors.names[.feedForwardNorm] = LayerTensor.postAttentionNorm.rawValue
        if case .yarn(var rule) = c.ropes[0].scaling {
            rule.roundsBoundaries = false
            c.ropes[0].scaling = .yarn(rule)
        }
        let window = try p.integer("attention.sliding_window", in: 1...ModelLimits.maximumContext)
        try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
        return c
    }
}
