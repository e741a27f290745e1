"""Llama and its dense descendants: norms before, rotary positions, a gated feed-forward network."""

from . import EPSILON, Case, hub, less, llama_like

CASES = [
    # Tied, all biases, and Llama 3.1's rope: some pairs of a head fall in each of its three bands.
    Case("llama", llama_like(
        "LlamaForCausalLM", "llama", num_attention_heads=6, num_key_value_heads=2, attention_bias=True, mlp_bias=True, tie_word_embeddings=True,
        rope_scaling={
            "rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 48,
        })),
    # Untied, no bias, heads of 48 in groups of three, and a linear rope.
    Case("llama-untied", llama_like(
        "LlamaForCausalLM", "llama", num_attention_heads=6, num_key_value_heads=2, head_dim=48,
        attention_bias=False, mlp_bias=False, rope_scaling={"rope_type": "linear", "factor": 3.0})),
    Case("mistral", llama_like(
        "MistralForCausalLM", "mistral", sliding_window=5, num_attention_heads=6, num_key_value_heads=2, head_dim=24),
        no_gguf="the converter leaves the window out"),
    Case("ministral3", less(llama_like(
        "Ministral3ForCausalLM", "ministral3", rope_parameters={
            "rope_type": "yarn", "rope_theta": 500.0, "factor": 4.0, "beta_fast": 0.6, "beta_slow": 0.08,
            "mscale": 1.0, "mscale_all_dim": 1.0, "original_max_position_embeddings": 8, "llama_4_scaling_beta": 0.3,
        }), "rope_theta"), for_converter={"rope_parameters.type": "yarn"}),
    Case("qwen2", llama_like("Qwen2ForCausalLM", "qwen2", head_dim=16,
                             num_attention_heads=6, num_key_value_heads=2)),
    Case("qwen2-tied", llama_like(
        "Qwen2ForCausalLM", "qwen2", tie_word_embeddings=True, head_dim=48,
        num_attention_heads=2, num_key_value_heads=1, rope_scaling={
            "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64,
        })),
    Case("qwen3", llama_like("Qwen3ForCausalLM", "qwen3", attention_bias=False, tie_word_embeddings=True)),
    Case("smollm3", llama_like(
        "SmolLM3ForCausalLM", "smollm3", num_hidden_layers=5, no_rope_layers=[1, 1, 1, 0, 1],
        no_rope_layer_interval=4, tie_word_embeddings=True, head_dim=16,
        num_attention_heads=6, num_key_value_heads=2), neutral={"no_rope_layer_interval": "no_rope_layers says it"}),
    Case("granite", llama_like(
        "GraniteForCausalLM", "granite", attention_bias=False, mlp_bias=False, tie_word_embeddings=True,
        embedding_multiplier=3.0, attention_multiplier=0.11, residual_multiplier=0.6, logits_scaling=1.7,
        num_attention_heads=4, num_key_value_heads=2, head_dim=24)),
    Case("olmo2", llama_like(
        "Olmo2ForCausalLM", "olmo2", num_attention_heads=6, num_key_value_heads=2, head_dim=16,
        attention_bias=False)),
    Case("cohere", hub(
        "CohereForCausalLM", "cohere", hidden_size=96, intermediate_size=80, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, hidden_act="silu", layer_norm_eps=EPSILON, rope_theta=500.0,
        logit_scale=0.25, use_qk_norm=False, attention_bias=False, tie_word_embeddings=True)),
    Case("cohere2", hub(
        "Cohere2ForCausalLM", "cohere2", hidden_size=96, intermediate_size=80, num_hidden_layers=5,
        num_attention_heads=4, num_key_value_heads=2, head_dim=24, hidden_act="silu", layer_norm_eps=EPSILON,
        rope_theta=500.0, rotary_pct=1.0, logit_scale=0.25, sliding_window=5, attention_bias=False, tie_word_embeddings=True,
        layer_types=["sliding_attention", "sliding_attention", "sliding_attention", "full_attention",
                     "sliding_attention"], sliding_window_pattern=4),
        neutral={
            "rotary_pct": "of the converter; transformers turns whole heads",
            "sliding_window_pattern": "layer_types says it", "sliding_window_pattern (left out)": "layer_types says it",
        }),
    Case("glm4", llama_like(
        "Glm4ForCausalLM", "glm4", attention_bias=True, partial_rotary_factor=0.5, num_attention_heads=6,
        num_key_value_heads=2, head_dim=24)),
    # Longer than it was trained for: the long factors, with every prompt beyond the original length.
    Case("phi3-long", llama_like(
        "Phi3ForCausalLM", "phi3", num_attention_heads=4, num_key_value_heads=2, head_dim=24, sliding_window=None,
        partial_rotary_factor=0.75, original_max_position_embeddings=4, max_position_embeddings=128,
        rope_scaling={
            "type": "longrope", "short_factor": [1.0, 1.1, 1.2, 1.4, 1.6, 1.9, 2.2, 2.6, 3.0],
            "long_factor": [1.0, 1.5, 2.0, 2.5, 3.5, 5.0, 7.0, 9.0, 12.0],
        }), lengths=(6, 9, 21), reads=("max_position_embeddings",),
        neutral={"rope_scaling.short_factor": "every prompt is beyond the original length"}),
    # Phi-3 with its window, and within the length that it was trained for.
    Case("phi3", llama_like(
        "Phi3ForCausalLM", "phi3", num_attention_heads=4, num_key_value_heads=4, head_dim=24, sliding_window=5,
        original_max_position_embeddings=512, rope_scaling=None),
        neutral={"original_max_position_embeddings": "of a scaling, and there is none"}),
    Case("stablelm", hub(
        "StableLmForCausalLM", "stablelm", hidden_size=96, intermediate_size=80, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, hidden_act="silu", layer_norm_eps=EPSILON, rope_theta=10_000.0,
        partial_rotary_factor=0.25, use_qkv_bias=True, qk_layernorm=False, use_parallel_residual=False)),
    # StableLM 2 12B's shape: norms of each head, and attention beside the feed-forward network.
    Case("stablelm-parallel", hub(
        "StableLmForCausalLM", "stablelm", hidden_size=96, intermediate_size=80, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, hidden_act="silu", layer_norm_eps=EPSILON, rope_theta=10_000.0,
        partial_rotary_factor=0.25, use_qkv_bias=False, qk_layernorm=True, use_parallel_residual=True),
        no_gguf="the converter loses the norms of the heads"),
]
