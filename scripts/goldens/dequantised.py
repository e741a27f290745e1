#!/usr/bin/env python3
"""Writes a GGUF model of the two that RealModelTests use as a folder of safetensors in F32: the same
numbers under the names of the hub, as they would have been trained, with a config.json and, of a
byte-level vocabulary, a tokenizer.json. The folder answers as the file does, which RealModelTests
check where it lies beside the file.

    python3 -m venv venv && venv/bin/pip install gguf==0.19.0
    venv/bin/python scripts/goldens/dequantised.py MODEL.gguf FOLDER

The folder takes four bytes a weight: 2.5 GB for Qwen2.5-Coder 0.5B.
"""

import json
import pathlib
import struct
import sys

import gguf
import numpy

OUTER = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
LAYER = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}
GEMMA_LAYER = {
    "post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
}
QWEN_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CONTROL, USER_DEFINED = 3, 4


def value(reader, name):
    field = reader.fields.get(name)
    return None if field is None else field.contents()


def hub_name(name, architecture):
    parts = name.split(".")
    if parts[0] in OUTER:
        return f"{OUTER[parts[0]]}.{parts[1]}"
    names = LAYER | (GEMMA_LAYER if architecture == "gemma3" else {})
    return f"model.layers.{parts[1]}.{names[parts[2]]}.{parts[3]}"


def configuration(reader, architecture, tied, vocabulary):
    def own(name):
        return value(reader, f"{architecture}.{name}")

    found = {
        "model_type": {"gemma3": "gemma3_text"}.get(architecture, architecture),
        "num_hidden_layers": own("block_count"), "hidden_size": own("embedding_length"),
        "intermediate_size": own("feed_forward_length"),
        "num_attention_heads": own("attention.head_count"),
        "num_key_value_heads": own("attention.head_count_kv"),
        "max_position_embeddings": own("context_length"),
        "rms_norm_eps": own("attention.layer_norm_rms_epsilon"),
        "rope_theta": own("rope.freq_base"), "tie_word_embeddings": tied,
        "vocab_size": vocabulary,
        "eos_token_id": value(reader, "tokenizer.ggml.eos_token_id"), "torch_dtype": "float32",
    }
    head = own("attention.key_length")
    if head is not None:
        found["head_dim"] = head
    window = own("attention.sliding_window")
    if window is not None:
        found["sliding_window"] = window
    if architecture == "gemma3":
        found |= {"query_pre_attn_scalar": head, "hidden_activation": "gelu_pytorch_tanh"}
    else:
        found["hidden_act"] = "silu"
    return found


def tokenizer(reader):
    """A tokenizer.json for Qwen's byte-level vocabulary; None for other kinds."""
    if value(reader, "tokenizer.ggml.pre") != "qwen2":
        return None
    tokens = value(reader, "tokenizer.ggml.tokens")
    kinds = value(reader, "tokenizer.ggml.token_type")
    added = [
        {"id": i, "content": t, "special": k == CONTROL, "single_word": False, "lstrip": False,
         "rstrip": False, "normalized": False}
        for i, (t, k) in enumerate(zip(tokens, kinds)) if k in (CONTROL, USER_DEFINED)
    ]
    split = {"type": "Split", "pattern": {"Regex": QWEN_PATTERN}, "behavior": "Isolated",
             "invert": False}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False,
                  "use_regex": False}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": byte_level, "decoder": byte_level,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
            "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False,
            "vocab": {t: i for i, (t, k) in enumerate(zip(tokens, kinds)) if k == 1},
            "merges": value(reader, "tokenizer.ggml.merges"),
        },
    }


def main():
    reader = gguf.GGUFReader(sys.argv[1])
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    architecture = value(reader, "general.architecture")
    header, offset, writers = {}, 0, []
    for tensor in reader.tensors:
        shape = [int(n) for n in reversed(tensor.shape)]
        size = 4 * int(numpy.prod(shape))
        name = hub_name(tensor.name, architecture)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
        writers.append(tensor)
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for tensor in writers:
            values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            values = values.astype(numpy.float32)
            if architecture == "gemma3" and tensor.name.endswith("norm.weight"):
                values -= 1
            values.tofile(out)
    shapes = {t.name: t.shape for t in reader.tensors}
    tied = "output.weight" not in shapes
    vocabulary = int(shapes["token_embd.weight"][1])
    files = {
        "config.json": configuration(reader, architecture, tied, vocabulary),
        "tokenizer.json": tokenizer(reader),
        "tokenizer_config.json": {
            "eos_token": "<|im_end|>", "bos_token": None, "add_bos_token": False,
            "chat_template": value(reader, "tokenizer.chat_template"),
        },
    }
    if files["tokenizer.json"] is None:
        del files["tokenizer.json"], files["tokenizer_config.json"]
    for name, tree in files.items():
        (folder / name).write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


main()
