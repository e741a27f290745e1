"""Shows that a fixture can tell: whatever is changed moves some log-probability by more than 0.05.

Changed are every key of config.json, one at a time (a key whose change is an error tells as well: by a shape), every
tensor, which is left out (a norm becomes its centre, anything else zeros; a fused tensor expert by expert), and the
causal mask. A key that may move nothing is named with its reason, in `NEUTRAL` or in the case.
"""

import copy

import numpy as np
import torch

from . import checkpoint, reference

LEAST = 0.05

# Keys that the forward pass does not read.
NEUTRAL = {
    "architectures": "names the class",
    "model_type": "names the class",
    "torch_dtype": "the type is chosen at load",
    "dtype": "the type is chosen at load",
    "bos_token_id": "the tokenizer's", "eos_token_id": "the tokenizer's", "pad_token_id": "the tokenizer's",
    "use_cache": "how, not what",
    "max_position_embeddings": "a bound, unless a rope scaling reads it",
    "tie_word_embeddings": "an output matrix is in the file, or is not",
}
FLIPS = {
    "silu": "gelu", "gelu": "silu", "gelu_pytorch_tanh": "silu", "gelu_new": "silu", "gelu_fast": "silu",
    "relu2": "silu", "full_attention": "sliding_attention", "sliding_attention": "full_attention",
    "chunked_attention": "full_attention", "sparse": "dense", "dense": "sparse",
    "softmax": "sigmoid", "sigmoid": "softmax", "greedy": "group_limited_greedy",
    "group_limited_greedy": "greedy", "noaux_tc": "greedy",
}


def changes(value, path):
    """Other values for a key: (what it is called, the value)."""
    if isinstance(value, dict):
        for key in value:
            for name, other in changes(value[key], f"{path}.{key}"):
                yield name, {**value, key: other}
    elif isinstance(value, list):
        if value and all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in value):
            yield path, [item * 1.5 if isinstance(item, float) else item + 1 for item in value]
        else:
            for index, item in enumerate(value):
                for name, other in changes(item, f"{path}[{index}]"):
                    yield name, value[:index] + [other] + value[index + 1:]
    elif isinstance(value, bool):
        yield path, not value
    elif isinstance(value, int):
        # A step of one in a large number may be too small to see.
        yield path, value + 1 if value < 16 else 2 * value
        if "window" in path or "chunk" in path:
            yield f"{path} (left out)", 1 << 20
    elif isinstance(value, float):
        yield path, value * 1.5 if value else 0.5
    elif isinstance(value, str):
        if value in FLIPS:
            yield path, FLIPS[value]
        elif path.endswith("type") and value != "default":
            yield path, "default"


def distance(found, expected):
    if any(a.shape != b.shape for a, b in zip(found, expected)):
        return float("inf")
    worst = max(float(np.abs(a - b).max()) for a, b in zip(found, expected))
    return float("inf") if np.isnan(worst) else worst


def of_config(folder, case, lists, expected):
    for key, value in case.config.items():
        if key in NEUTRAL and key not in case.reads or key in case.neutral:
            continue
        for name, other in changes(value, key):
            if name in case.neutral:
                continue
            changed = copy.deepcopy(case.config)
            changed[key] = other
            try:
                model = checkpoint.load(folder, changed)
                yield name, distance(reference.all_log_probabilities(model, lists), expected)
            except Exception:  # noqa: BLE001 - whatever refuses the change has told
                yield name, float("inf")
    checkpoint.write_config(folder, case.config)


def parts(name, parameter):
    """What is left out at once: a tensor, or an expert of those that transformers keeps as one."""
    if parameter.dim() == 3:
        for index in range(parameter.shape[0]):
            yield f"{name}[{index}]", parameter.data[index]
    else:
        yield name, parameter.data


def of_tensors(folder, case, lists, expected):
    model = checkpoint.load(folder)
    tensors = dict(model.named_parameters())
    tensors.update({name: b for name, b in model.named_buffers() if "correction_bias" in name})
    for name, parameter in tensors.items():
        is_norm = bool(checkpoint.NORM.search(name)) and name.endswith("weight") and parameter.dim() == 1
        for part, data in parts(name, parameter):
            kept = data.clone()
            with torch.no_grad():
                data.fill_(float(kept.mean().round()) if is_norm else 0.0)
                moved = distance(reference.all_log_probabilities(model, lists), expected)
                data.copy_(kept)
            yield part, moved


def of_mask(folder, lists, expected):
    """Every token sees the tokens after it too."""
    from transformers import masking_utils
    kept = masking_utils.causal_mask_function
    masking_utils.causal_mask_function = lambda batch, head, query, key: key >= 0
    try:
        model = checkpoint.load(folder)
        for layer in model.modules():
            if hasattr(layer, "is_causal"):
                layer.is_causal = False
        yield "the causal mask", distance(reference.all_log_probabilities(model, lists), expected)
    finally:
        masking_utils.causal_mask_function = kept


def check(folder, case, lists, expected):
    """Prints the changes that move least, and fails if one moves too little."""
    moved = [
        *of_config(folder, case, lists, expected), *of_tensors(folder, case, lists, expected),
        *of_mask(folder, lists, expected),
    ]
    moved.sort(key=lambda pair: pair[1])
    silent = [(name, value) for name, value in moved if value <= LEAST and name not in case.neutral]
    print(f"  {len(moved)} changes; those that move least:")
    for name, value in moved[:4]:
        print(f"    {value:8.4f} {name}")
    for name, reason in case.neutral.items():
        print(f"    excepted {name}: {reason}")
    if silent:
        raise ValueError(f"{case.name}: cannot tell {silent}")
    return len(moved)
