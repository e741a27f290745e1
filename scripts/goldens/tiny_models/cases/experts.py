"""Mixtures of experts: five, two of them chosen."""

from . import Case, hub, llama_like

ROUTER = {r"(gate|router)\.weight$": 2.5}
FIVE = {"num_experts": 5, "num_experts_per_tok": 2}

CASES = [
    Case("mixtral", llama_like(
        "MixtralForCausalLM", "mixtral", num_local_experts=5, num_experts_per_tok=2, sliding_window=None,
        num_attention_heads=6, num_key_value_heads=2), gains=ROUTER),
    Case("qwen2moe", llama_like(
        "Qwen2MoeForCausalLM", "qwen2_moe", **FIVE, moe_intermediate_size=40, shared_expert_intermediate_size=56,
        norm_topk_prob=False, decoder_sparse_step=1, mlp_only_layers=[], head_dim=16,
        num_attention_heads=6, num_key_value_heads=2), gains=ROUTER,
        neutral={"intermediate_size": "of dense layers, and there is none"}),
    Case("qwen3moe", llama_like(
        "Qwen3MoeForCausalLM", "qwen3_moe", **FIVE, moe_intermediate_size=40, norm_topk_prob=True,
        decoder_sparse_step=1, mlp_only_layers=[], attention_bias=False), gains=ROUTER,
        neutral={"intermediate_size": "of dense layers, and there is none"}),
    Case("olmoe", llama_like(
        "OlmoeForCausalLM", "olmoe", **FIVE, norm_topk_prob=False, num_attention_heads=6, num_key_value_heads=2,
        head_dim=16, clip_qkv=None, attention_bias=False, rms_norm_eps=1e-5), gains=ROUTER,
        neutral={"rms_norm_eps": "the converter writes 1e-5 whatever it is"}),
    Case("granitemoe", llama_like(
        "GraniteMoeForCausalLM", "granitemoe", num_local_experts=5, num_experts_per_tok=2, tie_word_embeddings=True,
        embedding_multiplier=3.0, attention_multiplier=0.11, residual_multiplier=0.6, logits_scaling=1.7,
        num_attention_heads=4, num_key_value_heads=2, head_dim=24, attention_bias=False),
        gains={r"router\.layer\.weight$": 2.5}),
    Case("gpt-oss", llama_like(
        "GptOssForCausalLM", "gpt_oss", num_local_experts=5, num_experts_per_tok=2, sliding_window=5,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"], attention_bias=True,
        num_attention_heads=6, num_key_value_heads=2, swiglu_limit=7.0, rope_scaling={
            "rope_type": "yarn", "factor": 4.0, "beta_fast": 8.0, "beta_slow": 1.0, "truncate": False,
            "original_max_position_embeddings": 64,
        }), neutral={"hidden_act": "transformers has the clamped SwiGLU built in"}, transposed_experts=True,
        # GGUF files do not say the limit, which is 7: hidden layers have to reach it.
        gains={r"router\.weight$": 2.5, r"gate_up_proj$": 4.0, r"experts\.down_proj$": 0.05, "sinks": 5.0}),
    # Chunks of five; the last layer but one knows no positions; every second layer has experts.
    Case("llama4", llama_like(
        "Llama4ForCausalLM", "llama4_text", num_hidden_layers=5, num_local_experts=5, num_experts_per_tok=2,
        intermediate_size=40, intermediate_size_mlp=80, interleave_moe_layer_step=2, use_qk_norm=True,
        attention_chunk_size=5, attn_temperature_tuning=True, floor_scale=2, attn_scale=1.5, attention_bias=False,
        num_attention_heads=6, num_key_value_heads=2, no_rope_layers=[1, 1, 1, 0, 1], layer_types=[
            "chunked_attention", "chunked_attention", "chunked_attention", "full_attention", "chunked_attention",
        ], rope_scaling={
            "rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 48,
        }), transposed_experts=True, has_fixed_scores=True, gains={
            r"router\.weight$": 2.5, r"layers\.3\.self_attn\.[vo]_proj\.weight$": 2.0,
        }, taken_for_granted={
            "llama4.attention.sliding_window": ("uint32", 5), "llama4.attention.temperature_length": ("uint32", 2),
            "llama4.attention.temperature_scale": ("float32", 1.5),
        }),
]
