import KVCache
import Tensors

/// EXAONE 4 (LG AI Research, 2025): sub-layers read the residual stream as it is, and their outputs
/// are normed; queries and keys are normed head by head. Where three of four layers have a window,
/// the others know no positions.
enum EXAONE4: Architecture {
    static let names = ["exaone4"]

    /// Every fourth layer sees everything, where there is a window and the file says nothing else.
    static let layersPerGlobal = 4

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        c.forEachLayer {
            $0.norms = .after
            $0.headNorm = .head
        }
        try c.ropes[0].readFrequencyFactors(p)
        if let window = try p.window() {
            try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
            c.forEachLayer { if $0.span == .full { $0.rope = nil } }
        }
        return c
    }
}
