import KVCache
import Tensors

/// The Llama family: Llama 1 to 3, Mistral, SmolLM (`llama`, `mistral`) and Qwen 2 and 2.5
/// (`qwen2`).
///
/// A pre-norm transformer with rotary positions, grouped-query attention and a SwiGLU feed-forward
/// network (Touvron et al., 2023). Any projection may have a bias; Qwen's Q, K and V must. Rotary
/// positions pair the two halves of a head in Qwen files; in `llama` files, whose Q and K the
/// converter permuted, they pair neighbours.
enum Llama: Architecture {
    static let names = ["llama", "mistral", "qwen2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        let isQwen = p.architecture == "qwen2"
        var c = try ModelConfiguration(common: p, pairing: isQwen ? .neox : .interleaved)
        c.layerTensors.queryKeyValueBias = isQwen
        try c.ropes[0].readFrequencyFactors(p)
        if !isQwen { try checkLayout(p) }
        // Rounding the inputs of Q and K moves log-probabilities more than all other rounding
        // together, most of all where single activations stand out.
        c.refinement.queryKeyValue = .outliers(above: 8)
        // What the gate lets through has outliers: refining them takes a quarter of the mean
        // difference away (Qwen2.5-Coder 0.5B, six prompts), at no cost that could be measured.
        c.refinement.down = .outliers(above: 12)
        if let window = try p.optionalInteger(
            "attention.sliding_window", in: 0...ModelLimits.maximumContext), window > 0
        {
            c.spans = Array(repeating: .slidingWindow(window), count: c.layerCount)
        }
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

    /// With T tokens, model width D, H query and K key/value heads of d values, hidden width F.
    static func layer(_ layer: LayerWeights, _ pass: inout ForwardPass) {
        // [T, D] -> q [T, H·d], k [T, K·d], v [T, K·d]
        pass.projectQueryKeyValue(layer)
        pass.keepKeysAndValues(layer)
        // [T, H·d] -> [T, D]
        pass.attend(layer)
        pass.addOutput()

        // [T, D] -> silu(gate) · up [T, F] -> [T, D]
        pass.feedForward(layer)
        pass.addOutput()
    }
}
