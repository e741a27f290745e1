import Tensors

/// Phi-3, 3.5, 4 and 4-mini (Microsoft, 2024): Llama with Q, K and V in one tensor, gate and up
/// projection in another, rotary positions for all or part of a head, and for long contexts one
/// divisor a pair of either of two lists (LongRoPE, Ding et al., 2024).
enum Phi3: Architecture {
    static let names = ["phi3"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        try c.ropes[0].readLongFactors(p)
        if let window = try p.window() { c.setWindow(window) }
        return c
    }
}
