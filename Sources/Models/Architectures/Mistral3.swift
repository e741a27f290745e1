import Tensors

/// Ministral 3 and Mistral Small 3 (Mistral AI, 2025): Llama with YaRN, but without its attention
/// temperature; in its stead queries grow with the logarithm of their position.
enum Mistral3: Architecture {
    static let names = ["mistral3"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved)
        try c.ropes[0].readFrequencyFactors(p)
        if case .yarn(var rule) = c.ropes[0].scaling {
            // The two temperatures that the reference divides by one another are equal.
            try p.expect([0, 1], in: "rope.scaling.yarn_log_multiplier")
            rule.attentionFactor = 1
            c.ropes[0].scaling = .yarn(rule)
        }
        if let scale = try p.optionalFactor("attention.temperature_scale") {
            c.queryGrowth = QueryGrowth(
                scale: scale,
                step: try p.integer(
                    "rope.scaling.original_context_length", in: 1...ModelLimits.maximumContext))
        }
        if let window = try p.window() { c.setWindow(window) }
        return c
    }
}
