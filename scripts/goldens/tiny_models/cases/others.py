"""Families beyond the ones that most people run."""

from . import EPSILON, Case, hub, less, llama_like

CASES = [
    Case("exaone4", llama_like(
        "Exaone4ForCausalLM", "exaone4", num_hidden_layers=5, sliding_window=5, sliding_window_pattern="LLLG",
        num_attention_heads=6, num_key_value_heads=2, head_dim=16, layer_types=[
            "sliding_attention", "sliding_attention", "sliding_attention", "full_attention", "sliding_attention",
        ]), neutral={
            "sliding_window_pattern": "layer_types says it", "sliding_window_pattern (left out)": "layer_types says it",
        }),
    Case("seed-oss", llama_like(
        "SeedOssForCausalLM", "seed_oss", attention_bias=True, attention_out_bias=False, mlp_bias=False)),
    Case("hunyuan", llama_like(
        "HunYuanDenseV1ForCausalLM", "hunyuan_v1_dense", attention_bias=False, num_attention_heads=6,
        num_key_value_heads=2, tie_word_embeddings=True)),
    Case("nemotron", less(llama_like(
        "NemotronForCausalLM", "nemotron", hidden_act="relu2", norm_eps=EPSILON, partial_rotary_factor=0.5,
        attention_bias=False, mlp_bias=False, num_attention_heads=4, num_key_value_heads=2), "rms_norm_eps")),
    Case("olmo", less(llama_like(
        "OlmoForCausalLM", "olmo", num_attention_heads=4, num_key_value_heads=2, clip_qkv=4.0,
        attention_bias=False), "rms_norm_eps", "head_dim")),
    Case("ernie4-5", llama_like(
        "Ernie4_5ForCausalLM", "ernie4_5", use_bias=False, tie_word_embeddings=True, num_attention_heads=6,
        num_key_value_heads=2)),
    Case("glm4moe", llama_like(
        "Glm4MoeForCausalLM", "glm4_moe", attention_bias=True, partial_rotary_factor=0.5, use_qk_norm=True,
        n_routed_experts=8, n_shared_experts=1, num_experts_per_tok=2, moe_intermediate_size=40, n_group=2,
        topk_group=1, first_k_dense_replace=1, norm_topk_prob=True, routed_scaling_factor=1.7,
        num_attention_heads=6, num_key_value_heads=2),
        gains={r"mlp\.gate\.weight$": 2.5, "e_score_correction_bias": 0.3}),
    Case("gptj", less(hub(
        "GPTJForCausalLM", "gptj", n_embd=96, n_layer=3, n_head=4, n_positions=64, rotary_dim=12, n_inner=None,
        activation_function="gelu_new", layer_norm_epsilon=EPSILON), "max_position_embeddings"),
        neutral={"n_positions": "a bound"}, named_as="GPTJ", taken_for_granted={
            "general.architecture": ("string", "gptj"), "gptj.context_length": ("uint32", 64),
            "gptj.embedding_length": ("uint32", 96), "gptj.block_count": ("uint32", 3),
            "gptj.feed_forward_length": ("uint32", 384), "gptj.attention.head_count": ("uint32", 4),
            "gptj.rope.dimension_count": ("uint32", 12), "gptj.attention.layer_norm_epsilon": ("float32", EPSILON),
        }),
    Case("bloom", hub(
        "BloomForCausalLM", "bloom", hidden_size=96, n_layer=3, n_head=6, layer_norm_epsilon=EPSILON,
        tie_word_embeddings=True, apply_residual_connection_post_layernorm=False)),
    Case("mpt", less(hub(
        "MPTForCausalLM", "mpt", d_model=96, n_layers=3, n_heads=6, expansion_ratio=4, max_seq_len=64,
        layer_norm_epsilon=1e-5, no_bias=True, tie_word_embeddings=True, learned_pos_emb=True, attn_config={
            "alibi": True, "alibi_bias_max": 8, "clip_qkv": 4.0, "softmax_scale": None, "qk_ln": False,
            "attn_type": "multihead_attention",
        }), "max_position_embeddings"), neutral={
            "layer_norm_epsilon": "the converter writes 1e-5 whatever it is", "max_seq_len": "a bound",
            "learned_pos_emb": "of no effect with ALiBi",
            "expansion_ratio": "taken for 4", "no_bias": "taken for true", "attn_config.alibi": "taken for true",
            "attn_config.alibi_bias_max": "taken for 8", "attn_config.qk_ln": "taken for false",
        }),
]
