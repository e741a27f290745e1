"""DeepSeek's latent attention, with the routers of V2 and of V3."""

from . import Case, less, llama_like

# Equal, as in all that were published: GGUF has one number for both.
YARN = {
    "type": "yarn", "factor": 4.0, "beta_fast": 4.0, "beta_slow": 0.9, "mscale": 0.8, "mscale_all_dim": 0.8,
    "original_max_position_embeddings": 64,
}
ROUTER = {r"mlp\.gate\.weight$": 2.5}
KEYS = {
    "num_attention_heads": 3, "num_key_value_heads": 3, "kv_lora_rank": 40, "qk_nope_head_dim": 24,
    "qk_rope_head_dim": 16, "v_head_dim": 32, "n_routed_experts": 8, "n_shared_experts": 1, "num_experts_per_tok": 2,
    "moe_intermediate_size": 40, "first_k_dense_replace": 1, "moe_layer_freq": 1, "routed_scaling_factor": 1.7,
    "attention_bias": False,
}

# What transformers does not read: it computes one way only.
FIXED = {
    "moe_layer_freq": "taken for 1", "scoring_func": "one function a version",
}
V2 = {**FIXED, "norm_topk_prob": "not of V2"}
GROUPS = {"n_group": "a greedy choice has no groups", "topk_group": "a greedy choice has no groups"}


def latent(name, kind, **keys):
    return less(llama_like(name, kind, **{**KEYS, **keys}), "head_dim")


CASES = [
    # V2-Lite: queries are projected at once.
    Case("deepseek2-lite", latent(
        "DeepseekV2ForCausalLM", "deepseek_v2", q_lora_rank=None, topk_method="greedy", n_group=1, topk_group=1,
        scoring_func="softmax", norm_topk_prob=False), gains=ROUTER,
        neutral={**V2, **GROUPS, "topk_method": "the same as groups, where there is one"}),
    Case("deepseek2", latent(
        "DeepseekV2ForCausalLM", "deepseek_v2", n_routed_experts=6, q_lora_rank=56, topk_method="group_limited_greedy", n_group=2,
        topk_group=1, scoring_func="softmax", norm_topk_prob=False, rope_scaling=YARN), gains={r"mlp\.gate\.weight$": 1.5}, neutral=V2),
    Case("deepseek3", latent(
        "DeepseekV3ForCausalLM", "deepseek_v3", q_lora_rank=56, topk_method="noaux_tc", n_group=4, topk_group=2,
        scoring_func="sigmoid", norm_topk_prob=True, rope_scaling=YARN),
        gains={**ROUTER, "e_score_correction_bias": 0.3}, neutral={**FIXED, "topk_method": "one method a version"}),
]
