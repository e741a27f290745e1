"""DeepSeek's latent attention, with the routers of V2 and of V3."""

from . import Case, hub, llama_like

YARN = {
    "type": "yarn", "factor": 4.0, "beta_fast": 8, "beta_slow": 1, "mscale": 0.8, "mscale_all_dim": 0.6,
    "original_max_position_embeddings": 64,
}
KEYS = {
    "num_attention_heads": 3, "num_key_value_heads": 3, "head_dim": 16, "kv_lora_rank": 40, "qk_nope_head_dim": 24,
    "qk_rope_head_dim": 16, "v_head_dim": 32, "n_routed_experts": 8, "n_shared_experts": 1, "num_experts_per_tok": 2,
    "moe_intermediate_size": 40, "first_k_dense_replace": 1, "moe_layer_freq": 1, "routed_scaling_factor": 1.7,
    "attention_bias": False,
}

CASES = [
    # V2-Lite: queries are projected at once.
    Case("deepseek2-lite", llama_like(
        "DeepseekV2ForCausalLM", "deepseek_v2", **{
            **KEYS, "q_lora_rank": None, "topk_method": "greedy", "n_group": 1, "topk_group": 1,
            "scoring_func": "softmax", "norm_topk_prob": False,
        }), gains={r"mlp\.gate\.weight$": 2.5}),
    Case("deepseek2", llama_like(
        "DeepseekV2ForCausalLM", "deepseek_v2", **{
            **KEYS, "q_lora_rank": 56, "topk_method": "group_limited_greedy", "n_group": 4, "topk_group": 2,
            "scoring_func": "softmax", "norm_topk_prob": False, "rope_scaling": YARN,
        }), gains={r"mlp\.gate\.weight$": 2.5}),
    Case("deepseek3", llama_like(
        "DeepseekV3ForCausalLM", "deepseek_v3", **{
            **KEYS, "q_lora_rank": 56, "topk_method": "noaux_tc", "n_group": 4, "topk_group": 2,
            "scoring_func": "sigmoid", "norm_topk_prob": True, "rope_scaling": YARN, "num_nextn_predict_layers": 0,
        }), gains={r"mlp\.gate\.weight$": 2.5}),
]
