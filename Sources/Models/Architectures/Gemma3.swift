import KVCache
import Tensors

/// Gemma 3, text part (Gemma Team, 2025).
///
/// Against Llama: embeddings scaled by √D, queries and keys normed head by head, norms after as
/// well as before each sub-layer, a GELU gate, and five layers of sliding-window attention with
/// their own rope base to each layer of full attention. The embedding is also the output matrix.
/// The converter has added the 1 of Gemma's `1 + weight` norms to the stored weights.
enum Gemma3: Architecture {
    static let names = ["gemma3"]

    /// Every sixth layer sees everything, where the file does not say otherwise.
    static let layersPerGlobal = 6
    /// The rope base of the local layers, where the file gives none.
    static let localRopeBase = 10_000.0
    /// The layers of the 27B model, the one whose attention is scaled by D/H and not by d.
    static let layersOf27B = 62

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        let window = try p.integer(
            "attention.sliding_window", in: 1...ModelLimits.maximumContext)
        c.gate = .gelu
        if try p.optionalFactor("embedding_scale") == nil {
            c.embeddingScale = Float(c.embeddingLength).squareRoot()
        }
        let statedScale = try p.optionalFactor("attention.scale")
        if c.layerCount == layersOf27B && statedScale == nil {
            c.attentionScale = 1 / (Float(c.embeddingLength) / Float(c.headCount)).squareRoot()
        }
        c.layerTensors = .init(queryKeyNorm: true, outputNorms: true)
        // Norm weights far above 1 give single activations a hundred times the others: eight bits
        // lose the others. What the gate lets through has such ones too, here and there.
        c.refinement.queryKeyValue = .outliers(above: 8)
        c.refinement.attentionOutput = .outliers(above: 20)
        c.refinement.gateAndUp = .outliers(above: 8)
        c.refinement.down = .outliers(above: 12)

        var global = c.ropes[0]
        if !p.has("rope.freq_base") { global.base = 1_000_000 }
        var local = global
        local.base = try RopeParameters.base(p, "rope.freq_base_swa") ?? localRopeBase
        local.scaling = .none
        c.ropes = [global, local]
        let isLocal = try p.layerFlags("attention.sliding_window_pattern", layers: c.layerCount)
        for layer in 0..<c.layerCount
        where isLocal?[layer] ?? !(layer + 1).isMultiple(of: layersPerGlobal) {
            c.spans[layer] = .slidingWindow(window)
            c.ropeOfLayer[layer] = 1
        }
        return c
    }

    /// With T tokens, model width D, H query and K key/value heads of d values, hidden width F.
    static func layer(_ layer: LayerWeights, _ pass: inout ForwardPass) {
        // [T, D] -> q [T, H·d], k [T, K·d], v [T, K·d]
        pass.projectQueryKeyValue(layer)
        pass.keepKeysAndValues(layer)
        // [T, H·d] -> [T, D]
        pass.attend(layer)
        pass.addOutput(norm: layer.postAttentionNorm)

        // [T, D] -> gelu(gate) · up [T, F] -> [T, D]
        pass.feedForward(layer)
        pass.addOutput(norm: layer.postFeedForwardNorm)
    }
}
