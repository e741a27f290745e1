import Tensors

/// Gemma (Gemma Team, 2024): Llama with embeddings scaled by √D and a GELU gate. The embedding is
/// also the output matrix. The converter has added the 1 of Gemma's `1 + weight` norms to the
/// stored weights.
enum Gemma: Architecture {
    static let names = ["gemma"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        try ModelConfiguration(gemma: p)
    }
}

extension ModelConfiguration {
    /// What all Gemmas have in common.
    init(gemma p: HyperParameters, knowsExperts: Bool = false) throws(ModelError) {
        try self.init(common: p, pairing: .neox, knowsExperts: knowsExperts)
        forEachLayer { $0.activation = .gated(.gelu) }
        if try p.optionalFactor("embedding_scale") == nil {
            embeddingScale = Float(embeddingLength).squareRoot()
        }
        // Norm weights far above 1 give single activations a hundred times the others: eight bits
        // lose the others. What the gate lets through has such ones too, here and there.
        refinement.queryKeyValue = .outliers(above: 8)
        refinement.attentionOutput = .outliers(above: 20)
        refinement.gateAndUp = .outliers(above: 8)
        refinement.down = .outliers(above: 12)
    }

    /// Scales scores by the width that queries would have if they shared out the model's, and not
    /// by that of a head: what the largest model of a series does, without saying so in its file.
    mutating func scaleAttentionByWidth(_ p: HyperParameters) throws(ModelError) {
        guard try p.optionalFactor("attention.scale") == nil else { return }
        let width = Float(embeddingLength)
        forEachLayer { $0.attentionScale = 1 / (width / Float($0.headCount)).squareRoot() }
    }
}
