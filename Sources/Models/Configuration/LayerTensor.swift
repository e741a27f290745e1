/// The tensors of a layer by what they are, and their names: `blk.<layer>.<name>.weight`, and
/// `.bias` beside it.
enum LayerTensor: String, Hashable, Sendable, CaseIterable {
    case attentionNorm = "attn_norm"
    case query = "attn_q"
    case key = "attn_k"
    case value = "attn_v"
    /// Queries, keys and values one after another, where a file has no tensor of each.
    case queryKeyValue = "attn_qkv"
    case queryNorm = "attn_q_norm"
    case keyNorm = "attn_k_norm"
    /// What queries are expanded from, where they are not projected at once.
    case compressedQuery = "attn_q_a"
    case compressedQueryNorm = "attn_q_a_norm"
    case expandedQuery = "attn_q_b"
    /// The latent vector that keys and values are computed from, and what is beside it.
    case latent = "attn_kv_a_mqa"
    case latentNorm = "attn_kv_a_norm"
    /// What takes each head's queries to the latent vector, and the latent vector to its values.
    case latentKeys = "attn_k_b"
    case latentValues = "attn_v_b"
    /// Each head's keys and then its values, of the latent vector, where a file has no tensor of
    /// each.
    case latentKeysAndValues = "attn_kv_b"
    case sinks = "attn_sinks"
    case attentionOutput = "attn_output"
    case postAttentionNorm = "post_attention_norm"
    case feedForwardNorm = "ffn_norm"
    case gate = "ffn_gate"
    case up = "ffn_up"
    case down = "ffn_down"
    case postFeedForwardNorm = "post_ffw_norm"
    /// What the stream lets through of the layer's own input.
    case ownGate = "inp_gate"
    case ownProjection = "proj"
    case ownNorm = "post_norm"
    case streamScale = "layer_output_scale"
}

/// How the layers' tensors of an architecture differ from what their shape says of them.
struct LayerTensors: Hashable, Sendable {
    /// The tensors that have another name in this architecture.
    var names: [LayerTensor: String] = [:]
    /// The tensors that have another name in layers with experts.
    var besideExperts: [LayerTensor: String] = [:]
    /// The tensors that must have a bias; others may have one.
    var biased: Set<LayerTensor> = []
    /// All tensors, of models that have a bias wherever there can be one.
    static let everything = Set(LayerTensor.allCases)

    /// The name of a layer's tensor, without `.weight` or `.bias`.
    func name(_ tensor: LayerTensor, layer: Int, hasExperts: Bool) -> String {
        let special = hasExperts ? besideExperts[tensor] : nil
        return "blk.\(layer)." + (special ?? names[tensor] ?? tensor.rawValue)
    }

    /// Calls the network that every token has beside the experts that it chooses by its names.
    mutating func nameSharedNetwork() {
        let shared = ExpertNames.shared
        besideExperts = [.gate: shared.gate, .up: shared.up, .down: shared.down]
    }
}
