import Tensors

/// The Llama family: Llama 1 to 3, Mistral, SmolLM (`llama`, `mistral`), InternLM 2 (`internlm2`),
/// ERNIE 4.5 without experts (`ernie4_5`), Qwen 2 and 2.5 (`qwen2`); with experts, Mixtral.
///
/// A pre-norm transformer with rotary positions, grouped-query attention and a SwiGLU feed-forward
/// network (Touvron et al., 2023). Any projection may have a bias; Qwen's Q, K and V must. Rotary
/// positions pair the two halves of a head in Qwen files; in the others, whose Q and K the
/// converter permuted if need be, they pair neighbours.
enum Llama: Architecture {
    static let names = ["llama", "mistral", "internlm2", "ernie4_5", "qwen2"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        let isQwen = p.architecture == "qwen2"
        var c = try ModelConfiguration(
            common: p, pairing: isQwen ? .neox : .interleaved, knowsExperts: true)
        if let (count, chosen) = try p.experts() {
            let router = RouterRule(experts: count, chosen: chosen, scores: .softmaxOfChosen)
            c.forEachLayer {
                $0.setExperts([ExpertShape(router: router, width: $0.feedForwardLength)])
            }
        }
        if isQwen { c.tensors.biased = [.query, .key, .value] }
        try c.ropes[0].readFrequencyFactors(p)
        if let window = try p.window() { c.setWindow(window) }
        return c
    }
}
