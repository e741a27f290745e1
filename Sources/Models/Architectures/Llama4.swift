import KVCache
import Tensors

/// Llama 4 (Meta, 2025): in three of four layers queries see their own chunk of the context alone,
/// and heads are normed, without weights, once they are turned; the others know no positions, and
/// their queries grow with them. Experts are scored each by itself and read what the score lets
/// through, beside a network of every token.
enum Llama4: Architecture {
    static let names = ["llama4"]

    /// No file says which layers are not turned.
    static let layersPerUnturned = 4
    /// Tokens of a chunk, and of a step of the growth, and its factor: where the file says nothing.
    static let chunk = 8192
    static let growthScale = 0.1
    /// The experts of Maverick, whose heads are not normed.
    static let expertsOfUnnormed = 128

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .interleaved, knowsExperts: true)
        guard let (count, chosen) = try p.experts() else { throw p.missing("expert_count") }
        guard let width = try p.expertWidth("expert_feed_forward_length") else {
            throw p.missing("expert_feed_forward_length")
        }
        let router = RouterRule(experts: count, chosen: chosen, scores: .sigmoid)
        let experts = ExpertShape(router: router, width: width, weighsInputs: true)
        let period = try p.integer("interleave_moe_layer_step", in: 0...ModelLimits.maximumLayers)
        for layer in 0..<c.layerCount where period > 0 && (layer + 1).isMultiple(of: period) {
            c.layers[layer].setExperts([experts], beside: width)
        }
        c.tensors.nameSharedNetwork()
        try c.ropes[0].readFrequencyFactors(p)
        let contexts = 0...ModelLimits.maximumContext
        let chunk = try p.optionalInteger("attention.sliding_window", in: contexts) ?? Self.chunk
        for layer in 0..<c.layerCount {
            let isTurned = !(layer + 1).isMultiple(of: layersPerUnturned)
            c.layers[layer].growsQueries = !isTurned
            guard isTurned else {
                c.layers[layer].rope = nil
                continue
            }
            c.layers[layer].headNorm = count == expertsOfUnnormed ? nil : .head
            c.layers[layer].headNormHasWeights = false
            c.layers[layer].normsTurnedHeads = true
            guard chunk > 0 else { continue }
            c.layers[layer].span = .slidingWindow(chunk)
            c.layers[layer].isChunked = true
        }
        let step = try p.optionalInteger("attention.temperature_length", in: contexts) ?? Self.chunk
        let scale = try p.optionalNumber("attention.temperature_scale") ?? growthScale
        if step > 0 { c.queryGrowth = QueryGrowth(scale: scale, step: step, offset: 1) }
        return c
    }
}
