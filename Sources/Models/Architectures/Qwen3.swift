import Tensors

/// Qwen 3 without experts (Qwen Team, 2025): Llama with queries and keys normed head by head, and
/// heads of a size of their own.
enum Qwen3: Architecture {
    static let names = ["qwen3"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        c.forEachLayer { $0.headNorm = .head }
        return c
    }
}
