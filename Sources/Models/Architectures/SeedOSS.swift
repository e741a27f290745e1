import Tensors

/// Seed-OSS (ByteDance, 2025): Llama with biases on Q, K and V, in whose files the norm before the
/// feed-forward network is called after the attention that it follows.
enum SeedOSS: Architecture {
    static let names = ["seed_oss"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        c.tensors.biased = [.query, .key, .value]
        c.tensors.names[.feedForwardNorm] = LayerTensor.postAttentionNorm.rawValue
        return c
    }
}
