import Tensors

/// Hunyuan without experts (Tencent, 2025): Llama with queries and keys normed head by head, after
/// they are turned. The converter has put the scaling of its rotation into the base.
enum HunYuan: Architecture {
    static let names = ["hunyuan-dense"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox)
        c.forEachLayer {
            $0.headNorm = .head
            $0.normsTurnedHeads = true
        }
        return c
    }
}
