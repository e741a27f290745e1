import KVCache
import Tensors

/// Gemma 4, text part (Gemma Team, 2026): Gemma with queries, keys and values normed head by head,
/// norms after as well as before each sub-layer, and layers of full attention whose heads have a
/// size of their own and may have keys for values. The last layers read the keys and values of
/// layers before them; small models have an input for each layer, and the stream is scaled after
/// it. There may be experts beside the network of every token, with norms of their own.
enum Gemma4: Architecture {
    static let names = ["gemma4"]

    /// Every sixth layer sees everything, where the file does not say otherwise.
    static let layersPerGlobal = 6

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(gemma: p, knowsExperts: true)
        let window = try p.integer("attention.sliding_window", in: 1...ModelLimits.maximumContext)
        try c.setWindow(window, p, layersPerGlobal: layersPerGlobal)
        let width = try p.optionalInteger(
            "embedding_length_per_layer_input", in: 0...ModelLimits.maximumWidth)
        let scale = try p.optionalFactor("attention.scale").map { Float($0) }
        c.forEachLayer {
            $0.headNorm = .head
            $0.normsValues = true
            $0.norms = .both
            $0.attentionScale = scale ?? 1
            $0.ownInput = width == 0 ? nil : width
        }
        for layer in c.layers.indices {
            let name = "blk.\(layer)."
            c.layers[layer].scalesStream = p.hasTensor(name + "layer_output_scale.weight")
            c.layers[layer].valuesAreKeys = !p.hasTensor(name + "attn_v.weight")
        }
        if let (count, chosen) = try p.experts() {
            let router = RouterRule(experts: count, chosen: chosen, scores: .softmaxOfChosen)
            guard let width = try p.expertWidth("expert_feed_forward_length") else {
                throw p.missing("expert_feed_forward_length")
            }
            let experts = ExpertShape(router: router, width: width, hasNorms: true)
            c.forEachLayer { $0.setExperts([experts], beside: $0.feedForwardLength) }
        }
        try c.ropes[0].readFrequencyFactors(p)
        try c.setLocalHeads(p)
        try c.shareKeysAndValues(p)
        return c
    }
}

extension ModelConfiguration {
    /// Gives the layers with a window the heads and the rotation that they have of their own.
    fileprivate mutating func setLocalHeads(_ p: HyperParameters) throws(ModelError) {
        let dimensions = 1...ModelLimits.maximumHeadDimension
        let key = try p.integer("attention.key_length_swa", in: dimensions)
        try p.expect([Double(key)], in: "attention.value_length_swa")
        ropes.append(
            try RopeParameters(
                p, headDimension: key, pairing: .neox, base: 10_000, suffix: "_swa"))
        forEachLayer {
            if $0.span == .full { return }
            $0.headDimension = key
            $0.rope = 1
        }
    }

    /// Lets the last layers, as many as the file says, read the keys and values of the last one
    /// before them that sees as much.
    fileprivate mutating func shareKeysAndValues(_ p: HyperParameters) throws(ModelError) {
        let name = "attention.shared_kv_layers"
        let first = layerCount - (try p.optionalInteger(name, in: 0...layerCount - 1) ?? 0)
        for layer in first..<layerCount {
            let own = layers[..<first].lastIndex {
                $0.span == layers[layer].span && $0.kvHeadCount == layers[layer].kvHeadCount
            }
            guard let own else {
                throw ModelError(
                    .invalidParameter, subject: p.key(name),
                    "leaves no layer whose keys and values layer \(layer) could read; "
                        + HyperParameters.convertAnew)
            }
            layers[layer].keyValueLayer = own
            layers[layer].valuesAreKeys = false
            // Files may have what such a layer was trained without.
            for part in ["attn_k", "attn_v", "attn_k_norm"] {
                p.log.note(tensor: "blk.\(layer).\(part).weight")
            }
        }
    }
}
