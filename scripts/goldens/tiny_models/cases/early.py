"""Decoders with biased layer norms: learned positions, parallel blocks, ungated feed-forward networks."""

from . import EPSILON, Case, hub, less

# Where the converter leaves something out, the models have what it takes for granted: a hidden width of four times
# the model's, and a rope base of 10,000.
STARCODER_NEUTRAL = {"norm_type": "transformers knows one only", "mlp_type": "transformers knows one only"}


def starcoder(**keys):
    return hub(
        "Starcoder2ForCausalLM", "starcoder2", hidden_size=96, intermediate_size=112, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, hidden_act="gelu_pytorch_tanh", norm_epsilon=EPSILON,
        rope_theta=500.0, use_bias=True, tie_word_embeddings=True, norm_type="layer_norm", mlp_type="default", **keys)


CASES = [
    Case("gpt2", less(hub(
        "GPT2LMHeadModel", "gpt2", n_embd=96, n_layer=3, n_head=4, n_positions=64, n_ctx=64, n_inner=None,
        activation_function="gelu_new", layer_norm_epsilon=EPSILON, tie_word_embeddings=True,
        scale_attn_weights=True, scale_attn_by_inverse_layer_idx=False), "max_position_embeddings"),
        neutral={"n_positions": "a bound", "n_ctx": "a bound"}),
    Case("gptneox", hub(
        "GPTNeoXForCausalLM", "gpt_neox", hidden_size=96, intermediate_size=160, num_hidden_layers=3,
        num_attention_heads=4, hidden_act="gelu", layer_norm_eps=EPSILON, rotary_pct=0.25, rotary_emb_base=10_000,
        use_parallel_residual=True, attention_bias=True)),
    Case("gptneox-serial", hub(
        "GPTNeoXForCausalLM", "gpt_neox", hidden_size=96, intermediate_size=160, num_hidden_layers=3,
        num_attention_heads=2, hidden_act="gelu", layer_norm_eps=EPSILON, rotary_pct=1.0, rotary_emb_base=10_000,
        use_parallel_residual=False, attention_bias=True)),
    Case("phi2", hub(
        "PhiForCausalLM", "phi", hidden_size=160, intermediate_size=640, num_hidden_layers=3, num_attention_heads=2,
        num_key_value_heads=2, hidden_act="gelu_new", layer_norm_eps=EPSILON, partial_rotary_factor=0.4,
        rope_theta=10_000.0, qk_layernorm=False)),
    Case("starcoder2", starcoder(sliding_window=None), neutral=STARCODER_NEUTRAL),
    Case("starcoder2-window", starcoder(sliding_window=5), neutral=STARCODER_NEUTRAL,
         no_gguf="the converter leaves the window out"),
    Case("falcon", hub(
        "FalconForCausalLM", "falcon", hidden_size=96, num_hidden_layers=3, num_attention_heads=4,
        layer_norm_epsilon=EPSILON, multi_query=True, parallel_attn=True, new_decoder_architecture=False, bias=False,
        alibi=False, rope_theta=10_000.0, tie_word_embeddings=True, activation="gelu", ffn_hidden_size=384),
        for_converter={"num_kv_heads": 1}),
    # Falcon 40B's shape: groups of heads, a norm each for attention and feed-forward network.
    Case("falcon-40b", hub(
        "FalconForCausalLM", "falcon", hidden_size=96, num_hidden_layers=3, num_attention_heads=4, num_kv_heads=2,
        layer_norm_epsilon=EPSILON, multi_query=True, parallel_attn=True, new_decoder_architecture=True, bias=False,
        alibi=False, rope_theta=10_000.0, tie_word_embeddings=False, activation="gelu", ffn_hidden_size=384),
        neutral={"multi_query": "new_decoder_architecture has groups"}),
]
