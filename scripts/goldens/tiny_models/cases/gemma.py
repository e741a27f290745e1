"""The Gemma family: norms of `1 + weight`, scaled embeddings, norms after each part, windows, caps."""

from . import Case, llama_like

KEYS = {
    "hidden_activation": "gelu_pytorch_tanh", "tie_word_embeddings": True,
    "attention_bias": False,
}


def gemma(*names, **keys):
    """As llama_like, but for the activation, which has a key of its own."""
    config = llama_like(*names, **keys)
    del config["hidden_act"]
    return config


def pattern(layers, period):
    return ["full_attention" if (index + 1) % period == 0 else "sliding_attention" for index in range(layers)]


CASES = [
    Case("gemma", llama_like(
        "GemmaForCausalLM", "gemma", **{
            **KEYS, "hidden_act": "gelu_pytorch_tanh", "rope_theta": 10_000.0, "num_attention_heads": 5, "num_key_value_heads": 1,
        })),
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
]
