"""Tells stories with the weights of a GGUF file, dequantised, in f32: `python sample.py FILE [PROMPT] [T]`."""

import pathlib
import sys

import jax
import numpy as np

import gguf
import model
import tokenizer as tok

_logits = jax.jit(model.logits)


def next_logits(weights, ids):
    """The last position's logits; the padding behind it keeps the shapes few."""
    length = min(model.CONTEXT, -(-len(ids) // 128) * 128)
    row = np.full((1, length), tok.PAD, np.int32)
    row[0, :len(ids)] = ids
    return np.asarray(_logits(weights, row)[0, len(ids) - 1])


def continue_from(weights, ids, count, temperature=0.0, seed=1):
    rng = np.random.default_rng(seed)
    ids = list(ids)
    for _ in range(count):
        scores = next_logits(weights, ids)
        if temperature > 0:
            odds = np.exp((scores - scores.max()) / temperature)
            ids.append(int(rng.choice(len(odds), p=odds / odds.sum())))
        else:
            ids.append(int(scores.argmax()))
        if ids[-1] == tok.EOS or len(ids) == model.CONTEXT:
            break
    return ids


def main():
    path = pathlib.Path(sys.argv[1])
    prompt = sys.argv[2] if len(sys.argv) > 2 else "Once upon a time"
    temperature = float(sys.argv[3]) if len(sys.argv) > 3 else 0.8
    metadata, weights = gguf.read(path)
    tokenizer = tok.from_tables(
        metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.merges"])
    ids = continue_from(weights, [tok.BOS, *tokenizer.encode(prompt).ids], 450, temperature)
    text = tokenizer.decode([i for i in ids if i not in (tok.BOS, tok.EOS)])
    print(text, "(ended)" if ids[-1] == tok.EOS else "(cut)")


if __name__ == "__main__":
    main()
