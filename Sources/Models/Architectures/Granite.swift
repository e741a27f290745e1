import Tensors

/// Granite 3 without experts (IBM, 2024) and MiniCPM (OpenBMB, 2024): Llama with factors on
/// embeddings, scores, what sub-layers add to the residual stream, and logits, which are divided.
enum Granite: Architecture {
    static let names = ["granite", "minicpm"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved)
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
