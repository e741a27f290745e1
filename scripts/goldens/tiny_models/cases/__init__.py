"""The tiny models: a configuration as the hub has it, and what differs from the usual weights."""

import dataclasses


@dataclasses.dataclass
class Case:
    """One tiny model. Most need no more than a name and a configuration."""

    name: str
    config: dict
    # Prompts: one of a token or two, one longer than the window.
    lengths: tuple = (2, 9, 21)
    # Tensors whose size the attention scores follow, where the usual names do not fit, and whether the scores grow
    # with the square of their scale or with it.
    scores: str = ""
    score_degree: int = 2
    # Whether layers norm heads without weights, so that nothing but the other layers' scores can be scaled.
    has_fixed_scores: bool = False
    # Factors on the usual scales, by patterns of names.
    gains: dict = dataclasses.field(default_factory=dict)
    embeddings: str = r"(embed_tokens|embed_in|wte|wpe|word_embeddings)\.weight$"
    transposed_experts: bool = False
    # Keys and tensors that move nothing, with the reason.
    neutral: dict = dataclasses.field(default_factory=dict)
    # Keys that usually move nothing but do here.
    reads: tuple = ()
    # Why there is no GGUF form, where there is none.
    no_gguf: str = ""
    # Metadata of GGUF that the converter takes for granted: {key: (type, value)}.
    taken_for_granted: dict = dataclasses.field(default_factory=dict)
    # The architecture in GGUF's list of names, where no converter knows it: its tensors are as they are here, and all
    # of its metadata is taken for granted.
    named_as: str = ""
    # Keys that the converter alone must see, since transformers fills them in with something that misleads it.
    for_converter: dict = dataclasses.field(default_factory=dict)

    @property
    def vocabulary(self):
        return self.config["vocab_size"]


# An odd number, so that the last panel of the output matrix is not full.
VOCABULARY = 97
# Large, so that leaving it out is seen.
EPSILON = 0.08


def hub(name, kind, **keys):
    """A configuration: what all have, then `keys`."""
    return {
        "architectures": [name], "model_type": kind, "torch_dtype": "bfloat16", "vocab_size": VOCABULARY,
        "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "tie_word_embeddings": False,
        "max_position_embeddings": 512, **keys,
    }


def llama_like(name, kind, **keys):
    """The keys that the descendants of Llama share: seven query heads of 24 to one of keys and values."""
    return hub(name, kind, **{
        "hidden_size": 96, "intermediate_size": 80, "num_hidden_layers": 3, "num_attention_heads": 7,
        "num_key_value_heads": 1, "head_dim": 24, "hidden_act": "silu", "rms_norm_eps": EPSILON,
        "rope_theta": 500.0, **keys,
    })


def less(config, *names):
    """A configuration without some keys."""
    return {key: value for key, value in config.items() if key not in names}


def every():
    from . import dense, early, experts, gemma, latent, others
    return [*dense.CASES, *gemma.CASES, *early.CASES, *experts.CASES, *latent.CASES, *others.CASES]
