"""Writes a checkpoint as a GGUF v3 file and reads one back (only what this folder writes: strings, numbers and
their arrays; F32 and Q8_0). `python gguf.py --out DIR --gguf FILE`."""

import argparse
import pathlib
import struct

import numpy as np

import model
import tokenizer as tok

U32, F32, BOOL, STRING, ARRAY, I32 = 4, 6, 7, 8, 9, 5
TENSOR_F32, TENSOR_Q8_0 = 0, 8
ALIGNMENT = 32
NORMAL, CONTROL = 1, 3

LAYER_NAMES = {
    "attn_norm": "attn_norm", "q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output",
    "ffn_norm": "ffn_norm", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down",
}


def q8_0(matrix):
    """[rows, columns] f32 -> blocks of 32: an f16 scale and 32 int8."""
    blocks = matrix.astype(np.float32).reshape(-1, 32)
    scale = (np.abs(blocks).max(axis=1, keepdims=True) / 127).astype(np.float16)
    divisor = np.where(scale == 0, 1, scale).astype(np.float32)
    values = np.clip(np.rint(blocks / divisor), -127, 127).astype(np.int8)
    return b"".join(s.tobytes() + v.tobytes() for s, v in zip(scale, values))


def from_q8_0(data, rows, columns):
    raw = np.frombuffer(data, np.uint8).reshape(rows * columns // 32, 34)
    scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
    return (raw[:, 2:].copy().view(np.int8) * scale).reshape(rows, columns)


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, x):
    if kind == STRING:
        return string(x)
    if kind == ARRAY:
        element, items = x
        return struct.pack("<IQ", element, len(items)) + b"".join(value(element, i) for i in items)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], x)


def metadata(tokenizer_path):
    tokens, merges = tok.tables(tokenizer_path)
    types = [CONTROL if i < len(tok.SPECIALS) else NORMAL for i in range(len(tokens))]
    return [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, "quire-demo"),
        ("general.description", STRING, "A small model that tells stories; scripts/demo-model made it"),
        ("general.license", STRING, "apache-2.0"),
        ("general.alignment", U32, ALIGNMENT),
        ("general.file_type", U32, 7),
        ("general.quantization_version", U32, 2),
        ("llama.block_count", U32, model.LAYERS),
        ("llama.context_length", U32, model.CONTEXT),
        ("llama.embedding_length", U32, model.DIM),
        ("llama.feed_forward_length", U32, model.FFN),
        ("llama.attention.head_count", U32, model.HEADS),
        ("llama.attention.head_count_kv", U32, model.KV_HEADS),
        ("llama.attention.key_length", U32, model.HEAD_DIM),
        ("llama.attention.value_length", U32, model.HEAD_DIM),
        ("llama.attention.layer_norm_rms_epsilon", F32, model.EPSILON),
        ("llama.rope.dimension_count", U32, model.HEAD_DIM),
        ("llama.rope.freq_base", F32, model.ROPE_BASE),
        ("llama.vocab_size", U32, model.VOCABULARY),
        ("tokenizer.ggml.model", STRING, "gpt2"),
        ("tokenizer.ggml.pre", STRING, "gpt-2"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, tokens)),
        ("tokenizer.ggml.token_type", ARRAY, (I32, types)),
        ("tokenizer.ggml.merges", ARRAY, (STRING, merges)),
        ("tokenizer.ggml.bos_token_id", U32, tok.BOS),
        ("tokenizer.ggml.eos_token_id", U32, tok.EOS),
        ("tokenizer.ggml.eot_token_id", U32, tok.EOS),
        ("tokenizer.ggml.padding_token_id", U32, tok.PAD),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
        ("tokenizer.ggml.add_eos_token", BOOL, False),
        ("tokenizer.ggml.add_space_prefix", BOOL, False),
    ]


def tensors(weights):
    """Name, shape in GGUF's order (row length first), type, bytes."""
    def matrix(name, w):
        return name, (w.shape[1], w.shape[0]), TENSOR_Q8_0, q8_0(w)

    def vector(name, w):
        return name, w.shape, TENSOR_F32, w.astype("<f4").tobytes()

    yield matrix("token_embd.weight", weights["embedding"])
    yield vector("output_norm.weight", weights["norm"])
    for layer in range(model.LAYERS):
        for ours, name in LAYER_NAMES.items():
            w = weights[ours][layer]
            name = f"blk.{layer}.{name}.weight"
            yield vector(name, w) if w.ndim == 1 else matrix(name, w.T)


def padded(data):
    return data + bytes(-len(data) % ALIGNMENT)


def write(path, weights, tokenizer_path):
    pairs, parts = metadata(tokenizer_path), list(tensors(weights))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(parts), len(pairs))
    for key, kind, x in pairs:
        head += string(key) + struct.pack("<I", kind) + value(kind, x)
    offset = 0
    for name, shape, kind, data in parts:
        head += string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += struct.pack("<IQ", kind, offset)
        offset += len(padded(data))
    body = b"".join(padded(data) for *_, data in parts)
    pathlib.Path(path).write_bytes(padded(head) + body)


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def unpack(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    def string(self):
        length = self.unpack("Q")
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def value(self, kind):
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            element, count = self.unpack("IQ")
            return [self.value(element) for _ in range(count)]
        return self.unpack({U32: "I", I32: "i", F32: "f", BOOL: "?"}[kind])


def read(path):
    """Returns the metadata and the weights as model.py wants them, dequantised to f32."""
    reader = _Reader(pathlib.Path(path).read_bytes())
    assert reader.data[:4] == b"GGUF"
    reader.at = 4
    _, tensor_count, pair_count = reader.unpack("IQQ")
    pairs = {}
    for _ in range(pair_count):
        key = reader.string()
        pairs[key] = reader.value(reader.unpack("I"))
    entries = []
    for _ in range(tensor_count):
        name, rank = reader.string(), reader.unpack("I")
        shape = [reader.unpack("Q") for _ in range(rank)]
        entries.append((name, shape, *reader.unpack("IQ")))
    start = reader.at + -reader.at % ALIGNMENT
    flat = {}
    for name, shape, kind, offset in entries:
        count = int(np.prod(shape))
        size = count * 4 if kind == TENSOR_F32 else count // 32 * 34
        data = reader.data[start + offset:start + offset + size]
        flat[name] = (np.frombuffer(data, "<f4") if kind == TENSOR_F32
                      else from_q8_0(data, shape[1], shape[0]))
    weights = {"embedding": flat["token_embd.weight"], "norm": flat["output_norm.weight"]}
    for ours, name in LAYER_NAMES.items():
        stack = [flat[f"blk.{i}.{name}.weight"] for i in range(pairs["llama.block_count"])]
        weights[ours] = np.stack([w.T if w.ndim == 2 else w for w in stack])
    return pairs, weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    options = parser.parse_args()
    data = np.load(options.out / "checkpoint.npz")
    weights = {name[2:]: data[name] for name in data.files if name.startswith("w.")}
    write(options.gguf, weights, options.out / "tokenizer.json")
    _, again = read(options.gguf)
    for name, w in weights.items():
        assert np.abs(again[name] - w).max() <= np.abs(w).max() / 100, name
    print(f"{options.gguf}: {options.gguf.stat().st_size} bytes, "
          f"{sum(w.size for w in weights.values())} parameters")


if __name__ == "__main__":
    main()
