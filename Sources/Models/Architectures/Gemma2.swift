/// Gemma 2 (Gemma Team, 2024): Gemma with norms after as well as before each sub-layer, soft caps
/// of scores and logits, and a window in every other layer, from the first on.
enum Gemma2: Architecture {
    static let names = ["gemma2"]

    /// Every second layer sees everything, where the file does not say otherwise.
    static let layersPerGlobal = 2
    /// The layers of the 27B model, the one whose attention is scaled by D/H and not by d.
    static let layersOf27B = 46

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(gemma: p)
        let cap = try p.optionalFactor("attn_logit_softcapping").map { Float($0) }
        c.forEachLayer {
            $0.norms = .both
            $0.scoreCap = cap
        }
        if c.layerCount == layersOf27B { try c.scaleAttentionByWidth(p) }
        let window = try p.integer("attention.sliding_window", in: 1...ModelLimits.maximumContext)
        try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
        return c
    }
}
