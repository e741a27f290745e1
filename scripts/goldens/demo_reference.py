"""Makes Tests/EndToEndTests/Fixtures/demo-reference.json: what the demo model says when its Q8_0 weights are
dequantised and everything is computed in f32 by JAX. `python demo_reference.py GGUF JSON`, in the virtual
environment of scripts/demo-model."""

import json
import pathlib
import sys

import jax
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo-model"))

import gguf  # noqa: E402
import grammar  # noqa: E402
import model  # noqa: E402
import sample  # noqa: E402
import tokenizer as tok  # noqa: E402
import train  # noqa: E402

GREEDY = 48
PROMPTS = [
    ("once", "Once upon a time"),
    ("request", "Tell me a story about a brave little dragon."),
    ("title", "The Fox and the Lost Key\n\n"),
    ("name", "Mia was a curious kitten who lived in"),
    ("dialogue", "\"Where is my drum?\" asked Pip. \"I have"),
    ("unseen-words", "The astronaut opened her laptop and said:"),
    ("multibyte", "Im Café sagte der Bär: „Grüß Gott“ – 你好, 🐻!"),
    ("empty", ""),
]
PERPLEXITY_CONTEXT = 128


def log_probabilities(scores):
    shifted = scores.astype(np.float64) - scores.max()
    return shifted - np.log(np.exp(shifted).sum())


def reference(weights, name, text, ids):
    scores = sample.next_logits(weights, ids)
    logs = log_probabilities(scores)
    top = np.argsort(-logs, kind="stable")[:10]
    greedy, margins, sequence = [], [], list(ids)
    for _ in range(GREEDY):
        step = sample.next_logits(weights, sequence)
        first, second = np.sort(step)[::-1][:2]
        sequence.append(int(step.argmax()))
        greedy.append(sequence[-1])
        margins.append(round(float(first - second), 4))
    return {
        "name": name, "text": text, "input_ids": [int(i) for i in ids],
        "top10": [[int(i), round(float(logs[i]), 5)] for i in top],
        "greedy": greedy, "margins": margins,
    }


def perplexity(weights, tokenizer):
    """llama.cpp's definition: windows one after the other, each begun with BOS in place of its first token, the
    second half of each window scored."""
    text = "\n\n".join(grammar.story(train.HELD_OUT + i) for i in range(4))
    ids = [tok.BOS, *tokenizer.encode(text).ids]
    total, count = 0.0, 0
    for start in range(0, len(ids) - PERPLEXITY_CONTEXT + 1, PERPLEXITY_CONTEXT):
        window = ids[start:start + PERPLEXITY_CONTEXT]
        window[0] = tok.BOS
        scores = np.asarray(sample._logits(weights, np.array([window], np.int32))[0])
        for position in range(PERPLEXITY_CONTEXT // 2, PERPLEXITY_CONTEXT - 1):
            total -= log_probabilities(scores[position])[window[position + 1]]
            count += 1
    return {"text": text, "context": PERPLEXITY_CONTEXT, "tokens": count,
            "perplexity": round(float(np.exp(total / count)), 5)}


def main():
    metadata, weights = gguf.read(sys.argv[1])
    tokenizer = tok.from_tables(
        metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.merges"])
    prompts = [reference(weights, name, text, [tok.BOS, *tokenizer.encode(text).ids])
               for name, text in PROMPTS]
    target = pathlib.Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    note = ("made by scripts/goldens/demo_reference.py from demo.gguf, f32; input_ids as fed (BOS first); top10: "
            "[id, log-probability] after the prompt; margins: first minus second logit of each greedy step")
    # One line an entry: small differences stay readable.
    lines = ",\n  ".join(json.dumps(p, ensure_ascii=True) for p in prompts)
    target.write_text(
        '{\n "note": %s,\n "engine": "jax %s f32",\n "prompts": [\n  %s\n ],\n "perplexity": %s\n}\n' % (
            json.dumps(note), jax.__version__, lines, json.dumps(perplexity(weights, tokenizer))))


if __name__ == "__main__":
    main()
