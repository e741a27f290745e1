import KVCache
import Tensors

/// Gemma 3, text part (Gemma Team, 2025): Gemma with queries and keys normed head by head, norms
/// after as well as before each sub-layer, and five layers of sliding-window attention with their
/// own rope base to each layer of full attention.
enum Gemma3: Architecture {
    static let names = ["gemma3"]

    /// Every sixth layer sees everything, where the file does not say otherwise.
    static let layersPerGlobal = 6
    /// The rope base of the local layers, where the file gives none.
    static let localRopeBase = 10_000.0
    /// The layers of the 27B model, the one whose attention is scaled by D/H and not by d.
    static let layersOf27B = 62

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(gemma: p)
        c.forEachLayer {
            $0.headNorm = .head
            $0.norms = .both
        }
        if c.layerCount == layersOf27B { try c.scaleAttentionByWidth(p) }
        if !p.has("rope.freq_base") { c.ropes[0].base = 1_000_000 }
        var local = c.ropes[0]
        local.base = try RopeParameters.base(p, "rope.freq_base_swa") ?? localRopeBase
        local.scaling = .none
        c.ropes.append(local)
        let window = try p.integer("attention.sliding_window", in: 1...ModelLimits.maximumContext)
        try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
        c.forEachLayer { if $0.span != .full { $0.rope = 1 } }
        return c
    }
}
