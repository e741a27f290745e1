"""A model's folder as the hub has it: config.json and model.safetensors, and the model that transformers loads."""

import json
import pathlib
import re
import shutil
import tempfile

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

from . import formula

# Which tensors make the attention scores: the head norms where there are, else the projections.
SCORES = [
    r"(q_norm|k_norm|q_layernorm|k_layernorm|query_layernorm|key_layernorm)\.", r"(q_proj|k_proj|q_b_proj|kv_b_proj)\.",
    r"(qkv_proj|query_key_value|c_attn|Wqkv)\.",
]
NORM = re.compile(r"norm|(^|\.)ln_|layernorm", re.IGNORECASE)


def write_config(folder, config):
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    # The converter counts the tokens of some architectures.
    vocabulary = {f"<{index}>": index for index in range(config.get("vocab_size", 0))}
    (folder / "tokenizer.json").write_text(json.dumps({"added_tokens": [], "model": {"vocab": vocabulary}}))


def load(folder, config=None, state=None):
    """The model in float32 with eager attention. Every tensor must find its place, and every place its tensor."""
    if config is not None:
        write_config(folder, config)
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    bad = {key: value for key, value in report.items() if value}
    if bad:
        raise ValueError(f"transformers does not take the checkpoint as it is: {bad}")
    return model.eval()


def blank(config):
    """Names and initial values of the checkpoint's tensors, as transformers itself writes them."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_config(folder, config)
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
        model.save_pretrained(folder / "out")
        return {key: value for key, value in sorted(load_file(folder / "out" / "model.safetensors").items())}


def first_rules(case):
    """The rules before calibration: unit gain for matrices, norms around what they start at."""
    rules = {}
    for name, initial in blank(case.config).items():
        rule = formula.Rule(shape=list(initial.shape))
        if initial.ndim >= 2:
            # Conv1D keeps [inputs, outputs]; everything else has its inputs last.
            inputs = initial.shape[0] if "c_" in name or initial.ndim == 3 and case.transposed_experts else (
                initial.shape[-1])
            rule.scale = inputs ** -0.5
            if re.search(case.embeddings, name):
                rule.scale = 0.5
        else:
            rule.centre = float(initial.flat[0]) if NORM.search(name) and not name.endswith("bias") else 0.0
            rule.scale = 0.3
        for pattern, gain in case.gains.items():
            if re.search(pattern, name):
                rule.scale *= gain
                rule.centre *= gain
        rule.scale = float(f"{rule.scale / formula.SPREAD:.6g}")
        rules[name] = rule
    return rules


def scored(case, rules):
    """The tensors that attention scores follow."""
    patterns = [case.scores] if case.scores else SCORES
    for pattern in patterns:
        found = [name for name in rules if re.search(pattern, name) and not name.endswith("bias")]
        if found:
            return found
    raise ValueError("no tensor makes attention scores")


def read_out(case, rules):
    """The tensor that the logits follow: the output matrix, which may be the embedding."""
    for pattern in (r"^(lm_head|embed_out|output)\.weight$", case.embeddings):
        found = [name for name in rules if re.search(pattern, name) and "wpe" not in name]
        if found:
            return found[0]
    raise ValueError("no tensor makes the logits")


def write_weights(folder, arrays):
    save_file({name: np.ascontiguousarray(value) for name, value in arrays.items()},
              folder / "model.safetensors", metadata={"format": "pt"})


def write(folder, case, rules):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_config(folder, case.config)
    write_weights(folder, {name: formula.values(name, rule) for name, rule in rules.items()})
