import KVCache
import Tensors

/// OLMo 2 and 3 (Ai2, 2025): sub-layers read the residual stream as it is, and their outputs are
/// normed; queries and keys are normed as whole rows. OLMo 3 gives three of four layers a window,
/// and scales the rotation of the others alone.
enum OLMo2: Architecture {
    static let names = ["olmo2"]

    /// Every fourth layer sees everything, where there is a window and the file says nothing else.
    static let layersPerGlobal = 4

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        c.forEachLayer {
            $0.norms = .after
            $0.headNorm = .row
        }
        if let window = try p.window() {
            try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
            var local = c.ropes[0]
            local.base = try RopeParameters.base(p, "rope.freq_base_swa") ?? local.base
            local.scaling = .none
            c.ropes.append(local)
            c.forEachLayer { if $0.span != .full { $0.rope = 1 } }
        }
        return c
    }
}
