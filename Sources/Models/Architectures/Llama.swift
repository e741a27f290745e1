import Tensors

/// The Llama family: Llama 1 to 3, Mistral, SmolLM (`llama`, `mistral`), InternLM 2 (`internlm2`),
/// ERNIE 4.5 without experts (`ernie4_5`), Qwen 2 and 2.5 (`qwen2`).
///
/// A pre-norm transformer with rotary positions, grouped-query attention and a SwiGLU feed-forward
/// network (Touvron et al., 2023). Any projection may have a bias; Qwen's Q, K and V must. Rotary
/// positions pair the two halves of a head in Qwen files; in the others, whose Q and K the
/// converter permuted if need be, they pair neighbours.
enum Llama: Architecture {
    static let names = ["llama", "mistral", "internlm2", "ernie4_5", "qwen2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        let isQwen = p.architecture == "qwen2"
        var c = try ModelConfiguration(common: p, pairing: isQwen ? .neox : .interleaved)
        if isQwen { c.tensors.biased = [.query, .key, .value] } else { try checkLayout(p) }
        try c.ropes[0].readFrequencyFactors(p)
        if let window = try p.window() { c.setWindow(window) }
        return c
    }

    /// Refuses a layout of Q and K that is not the pairing of neighbours.
    ///
    /// The first converters named the layout of Meta's own files, which is that one.
    private static func checkLayout(_ p: HyperParameters) throws(ModelError) {
        let key = "tensor_data_layout"
        guard let layout = try p.optionalString(key), layout != "Meta AI original pth" else {
            return
        }
        throw ModelError(
            .unsupportedFeature, subject: p.key(key),
            "'\(layout.prefix(ModelLimits.quotedNameLength))' is not supported; convert the model "
                + "with a converter of today")
    }
}
