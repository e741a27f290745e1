import Tensors

/// GLM-4 of 2025 (Zhipu AI): Llama with norms after as well as before each sub-layer, gate and up
/// projection in one tensor, and half of each head turned.
enum GLM4: Architecture {
    static let names = ["glm4"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved)
        c.forEachLayer { $0.norms = .both }
        return c
    }
}
