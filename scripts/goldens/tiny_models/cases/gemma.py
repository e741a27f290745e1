"""The Gemma family: norms of `1 + weight`, scaled embeddings, norms after each part, windows, caps."""

from . import Case, less, llama_like

KEYS = {
    "hidden_activation": "gelu_pytorch_tanh", "tie_word_embeddings": True,
    "attention_bias": False,
}


def gemma(*names, **keys):
    """As llama_like, but for the activation, which has a key of its own."""
    return less(llama_like(*names, **keys), "hidden_act")


def pattern(layers, period):
    return ["full_attention" if (index + 1) % period == 0 else "sliding_attention" for index in range(layers)]


CASES = [
    Case("gemma", llama_like(
        "GemmaForCausalLM", "gemma", **{
            **KEYS, "hidden_act": "gelu_pytorch_tanh", "rope_theta": 10_000.0, "num_attention_heads": 5, "num_key_value_heads": 1,
        }), neutral={"hidden_activation": "transformers reads hidden_act"}),
    Case("gemma2", gemma(
        "Gemma2ForCausalLM", "gemma2", **KEYS, rope_theta=10_000.0, query_pre_attn_scalar=24, attn_logit_softcapping=6.0,
        final_logit_softcapping=8.0, sliding_window=5, layer_types=pattern(3, 2), num_attention_heads=6,
        num_key_value_heads=2)),
    Case("gemma2-scale", gemma(
        "Gemma2ForCausalLM", "gemma2", **KEYS, query_pre_attn_scalar=40, attn_logit_softcapping=6.0,
        final_logit_softcapping=8.0, sliding_window=5, layer_types=pattern(3, 2), num_attention_heads=6,
        num_key_value_heads=2), no_gguf="the converter leaves query_pre_attn_scalar and rope_theta out"),
    Case("gemma3", gemma(
        "Gemma3ForCausalLM", "gemma3_text", **KEYS, num_hidden_layers=7, query_pre_attn_scalar=24, sliding_window=5,
        rope_local_base_freq=80.0, layer_types=pattern(7, 6), num_attention_heads=6, num_key_value_heads=2,
        rope_scaling={"rope_type": "linear", "factor": 4.0})),
    # Full layers have heads of their own size, a quarter of which is turned; the last two layers use the keys and
    # values of layers before them and are twice as wide; every layer adds an embedding of its own.
    Case("gemma4", less(gemma(
        "Gemma4ForCausalLM", "gemma4_text", **KEYS, num_hidden_layers=5, sliding_window=5, final_logit_softcapping=8.0,
        layer_types=["sliding_attention", "full_attention", "sliding_attention", "sliding_attention", "full_attention"],
        num_attention_heads=4, num_key_value_heads=2, head_dim=24, global_head_dim=48, num_kv_shared_layers=2,
        hidden_size_per_layer_input=16, vocab_size_per_layer_input=97, use_double_wide_mlp=True,
        attention_k_eq_v=False, enable_moe_block=False, rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 80.0},
            "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.25, "rope_theta": 500.0},
        }), "rope_theta"), neutral={"layer_types[4]": "the last layer is always full"}),
    # The shape of the large ones: experts beside a network of every token, keys for values in full layers.
    Case("gemma4-experts", less(gemma(
        "Gemma4ForCausalLM", "gemma4_text", **KEYS, num_hidden_layers=3, sliding_window=5, final_logit_softcapping=8.0,
        layer_types=["sliding_attention", "full_attention", "full_attention"],
        num_attention_heads=4, num_key_value_heads=2, head_dim=24, global_head_dim=48, num_global_key_value_heads=1,
        num_kv_shared_layers=0, hidden_size_per_layer_input=0, use_double_wide_mlp=False, attention_k_eq_v=True,
        enable_moe_block=True, num_experts=5, top_k_experts=2, moe_intermediate_size=40, rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 80.0},
            "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.25, "rope_theta": 500.0},
        }), "rope_theta"), neutral={
            "layer_types[2]": "the last layer is always full",
            "use_double_wide_mlp": "of layers that read the keys of others, and there is none",
        },
        gains={r"router\.proj\.weight$": 2.5}),
]
