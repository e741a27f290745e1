import ModelFiles

/// The values of a hyper-parameter with which it changes nothing in the architectures that do not
/// read it.
enum NeutralParameter {
    /// Whatever it says: it describes the model, or a part of one that such architectures lack.
    case always
    /// A switch that is off, or a factor that is left at 1.
    case numbers([Double])
    /// A truth value.
    case flag(Bool)

    /// The hyper-parameters that a file may have although they are not read, by their names without
    /// the architecture's. What is not listed counts as changing the arithmetic.
    static let byName: [String: NeutralParameter] = [
        // How a model was made, and what its embeddings or classes are called.
        "rope.scaling.finetuned": .always,
        "pooling_type": .always,
        "classifier.output_labels": .always,
        // Parameters of rules that are read with the rule that they belong to.
        "rope.scaling.original_context_length": .always,
        "rope.scaling.yarn_beta_fast": .always,
        "rope.scaling.yarn_beta_slow": .always,
        "rope.scaling.attn_factor": .numbers([1]),
        "rope.scaling.yarn_attn_factor": .numbers([1]),
        "rope.scaling.yarn_ext_factor": .numbers([1]),
        "rope.scaling.yarn_log_multiplier": .numbers([0]),
        "rope.scaling.alpha": .numbers([0, 1]),
        "rope.dimension_sections": .numbers([0]),
        // The ε of the norms of the other kind: converters write one for any model whose
        // configuration has it, and all norms of a model are of one kind.
        "attention.layer_norm_epsilon": .always,
        "attention.layer_norm_rms_epsilon": .always,
        "attention.causal": .flag(true),
        "attention.clamp_kqv": .numbers([0]),
        "attention.max_alibi_bias": .numbers([0]),
        "attention.shared_kv_layers": .numbers([0]),
        "attention.q_lora_rank": .numbers([0]),
        "attention.kv_lora_rank": .numbers([0]),
        "attention.output_scale": .numbers([0, 1]),
        "attention.temperature_length": .numbers([0]),
        "attention.temperature_scale": .numbers([0]),
        "attn_logit_softcapping": .numbers([0]),
        "logit_scale": .numbers([0, 1]),
        "residual_scale": .numbers([0, 1]),
        "use_parallel_residual": .flag(false),
        "swin_norm": .flag(false),
        "rescale_every_n_layers": .numbers([0]),
        "nextn_predict_layers": .numbers([0]),
        "n_deepstack_layers": .numbers([0]),
        // Without experts, nothing that is said of them matters.
        "expert_used_count": .numbers([0]),
        "expert_shared_count": .numbers([0]),
        "expert_group_count": .numbers([0]),
        "expert_group_used_count": .numbers([0]),
        "expert_feed_forward_length": .numbers([0]),
        "expert_shared_feed_forward_length": .numbers([0]),
        "expert_chunk_feed_forward_length": .numbers([0]),
        "expert_weights_scale": .always,
        "expert_weights_norm": .always,
        "expert_gating_func": .always,
        "leading_dense_block_count": .numbers([0]),
        "moe_every_n_layers": .numbers([0]),
        "interleave_moe_layer_step": .numbers([0]),
        "router_logit_softcapping": .numbers([0]),
    ]

    /// Whether the value changes nothing; of an array, whether no element does.
    func admits(_ value: GGUFValue) -> Bool {
        if case .always = self { return true }
        if case .array(let array) = value {
            return (0..<array.count).allSatisfy { admits(array[$0]) }
        }
        switch self {
        case .always: return true
        case .numbers(let neutral):
            return value.number.map(neutral.contains) ?? false
        case .flag(let neutral):
            guard case .bool(let flag) = value else {
                return value.integer == (neutral ? 1 : 0)
            }
            return flag == neutral
        }
    }
}
