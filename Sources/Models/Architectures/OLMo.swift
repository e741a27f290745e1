import Tensors

/// OLMo (Ai2, 2024): Llama with norms by mean and variance that have no weights; queries, keys and
/// values may be held within a bound.
enum OLMo: Architecture {
    static let names = ["olmo"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved, norm: .layer)
        c.norm.hasWeights = false
        let bound = try p.optionalFactor("attention.clamp_kqv").map { Float($0) }
        c.forEachLayer { $0.queryKeyValueBound = bound }
        return c
    }
}
