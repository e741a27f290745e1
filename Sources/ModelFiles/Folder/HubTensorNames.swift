/// The names of tensors in GGUF for those that a family of the hub gives them.
struct HubTensorNames {
    private let layer: [String: String]

    init(_ family: HubFamily) {
        layer = Self.common.merging(family.tensors) { _, own in own }
    }

    /// What a tensor is.
    enum Meaning: Hashable {
        /// One of the model's, by its name in GGUF.
        case tensor(String)
        /// Numbers that follow from the configuration, which old files have beside the weights.
        case derived
        /// A part of the model that sees or hears.
        case otherModality
        /// None that the family has.
        case unknown
    }

    /// What the tensor of a name is.
    func meaning(of name: String) -> Meaning {
        if Self.otherModalities.contains(where: name.hasPrefix) { return .otherModality }
        var rest = Substring(name)
        for prefix in Self.prefixes where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            break
        }
        for suffix in [".weight", ".bias"] where rest.hasSuffix(suffix) {
            let stem = rest.dropLast(suffix.count)
            if let found = canonical(stem) { return .tensor(found + suffix) }
        }
        return rest.hasSuffix("rotary_emb.inv_freq") ? .derived : .unknown
    }

    private func canonical(_ stem: Substring) -> String? {
        if let found = Self.outer[String(stem)] { return found }
        guard stem.hasPrefix("layers.") else { return nil }
        let parts = stem.dropFirst("layers.".count).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), String(number) == parts[0],
            number >= 0, let name = layer[String(parts[1])]
        else { return nil }
        return "blk.\(number).\(name)"
    }

    /// The longest first; the model's own part of one that sees too has a name of its own.
    private static let prefixes = [
        "model.language_model.", "language_model.model.", "language_model.", "model.",
    ]

    private static let otherModalities = [
        "vision_tower.", "multi_modal_projector.", "model.vision_tower.",
        "model.multi_modal_projector.",
    ]

    private static let outer = [
        "embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output",
    ]

    private static let common = [
        "input_layernorm": "attn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.q_norm": "attn_q_norm",
        "self_attn.k_norm": "attn_k_norm",
        "self_attn.o_proj": "attn_output",
        "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    ]
}
