import Tensors

/// SmolLM3 (Hugging Face, 2025): Llama in which every fourth layer knows no positions.
enum SmolLM3: Architecture {
    static let names = ["smollm3"]

    /// No file says which layers are not turned.
    static let layersPerUnturned = 4

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved)
        for layer in 0..<c.layerCount where (layer + 1).isMultiple(of: layersPerUnturned) {
            c.layers[layer].rope = nil
        }
        return c
    }
}
