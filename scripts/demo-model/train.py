"""Trains the model on stories that are never seen twice. `python train.py --out DIR --steps N`; a run that was
stopped goes on from its last checkpoint. Every batch depends on the step's number alone."""

import argparse
import pathlib
import random
import time

import jax
import jax.numpy as jnp
import numpy as np

import grammar
import model
import tokenizer as tok

BATCH_TOKENS = 4 * model.CONTEXT
WARM_UP = 40
MUON_RATE, ADAM_RATE, DECAY = 0.02, 0.01, 0.01
HELD_OUT = 10**9
# In a whole story the name to be said next is one of three hundred words, and a small model takes for ever to find
# out that it is to be copied from the story's beginning. Between these steps every other batch is rows of very
# short texts that say a few names again and again, where it cannot be missed.
ECHO_STEPS, ECHO_LENGTH = range(300, 500), 48


def stories(tokenizer, rng, length):
    """Whole stories, each `begin ... end`, from position 0 until the row is full."""
    ids = []
    while len(ids) < length:
        text = grammar.story(tok.TOKENIZER_STORIES + rng.randrange(10**12))
        ids += [tok.BOS, *tokenizer.encode(text).ids, tok.EOS]
    return ids[:length]


def echoes(tokenizer, rng, length):
    """One very short text from position 0, and others behind it until the row is full."""
    ids = []
    while len(ids) < length:
        ids += [tok.BOS, *tokenizer.encode(grammar.echo(rng.randrange(10**12))).ids, tok.EOS]
    return ids[:length]


def batch(tokenizer, step):
    """The rows of a step: about as many tokens in every step."""
    short = step in ECHO_STEPS and step % 2 == 0
    make, length = (echoes, ECHO_LENGTH) if short else (stories, model.CONTEXT)
    rows = [make(tokenizer, random.Random(step * 1000 + row), length + 1)
            for row in range(BATCH_TOKENS // length)]
    return np.array(rows, np.int32)


def orthogonal(m):
    """Newton-Schulz iteration towards the nearest orthogonal matrix, as in the Muon optimizer; m: [layer, in, out]."""
    tall = m.shape[1] > m.shape[2]
    x = jnp.swapaxes(m, 1, 2) if tall else m
    x = x / (jnp.linalg.norm(x, axis=(1, 2), keepdims=True) + 1e-7)
    for _ in range(5):
        a = x @ jnp.swapaxes(x, 1, 2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return jnp.swapaxes(x, 1, 2) if tall else x


def update(weights, first, second, grads, step, scale):
    """Muon for the layers' matrices, AdamW for the embedding and the norms."""
    new_weights, new_first, new_second = {}, {}, {}
    for name, w in weights.items():
        g = grads[name]
        if w.ndim == 3:
            m = 0.95 * first[name] + g
            shape_gain = np.sqrt(max(1.0, w.shape[2] / w.shape[1]))
            change = orthogonal(g + 0.95 * m) * shape_gain
            new_weights[name] = w * (1 - scale * MUON_RATE * DECAY) - scale * MUON_RATE * change
            new_first[name], new_second[name] = m, second[name]
        else:
            m = 0.9 * first[name] + 0.1 * g
            v = 0.98 * second[name] + 0.02 * g * g
            change = (m / (1 - 0.9**step)) / (jnp.sqrt(v / (1 - 0.98**step)) + 1e-8)
            new_weights[name] = w - scale * ADAM_RATE * change
            new_first[name], new_second[name] = m, v
    return new_weights, new_first, new_second


@jax.jit
def train_step(weights, first, second, tokens, step, scale):
    value, grads = jax.value_and_grad(model.loss)(weights, tokens)
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in grads.values()))
    grads = {name: g * jnp.minimum(1.0, 1.0 / norm) for name, g in grads.items()}
    return value, *update(weights, first, second, grads, step, scale)


def schedule(step, steps):
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.5 * (1 + np.cos(np.pi * (step - WARM_UP) / max(1, steps - WARM_UP)))


def save(path, weights, first, second, step):
    arrays = {"step": np.array(step)}
    for prefix, tree in (("w.", weights), ("m.", first), ("v.", second)):
        arrays.update({prefix + name: np.asarray(value) for name, value in tree.items()})
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)
    part.replace(path)


def load(path):
    data = np.load(path)
    trees = [{k[2:]: data[k] for k in data.files if k.startswith(p)} for p in ("w.", "m.", "v.")]
    return *trees, int(data["step"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = tok.load(options.out / "tokenizer.json")
    checkpoint = options.out / "checkpoint.npz"
    if checkpoint.exists():
        weights, first, second, start = load(checkpoint)
    else:
        weights, start = model.initial(options.seed), 0
        first = {name: np.zeros_like(w) for name, w in weights.items()}
        second = {name: np.zeros_like(w) for name, w in weights.items()}
    held_out = jax.jit(model.loss)
    test = np.concatenate([batch(tokenizer, HELD_OUT + i) for i in range(2)])
    began, mean = time.monotonic(), None
    for step in range(start, options.steps):
        tokens = batch(tokenizer, step)
        value, weights, first, second = train_step(
            weights, first, second, tokens, float(step + 1), schedule(step, options.steps))
        mean = float(value) if mean is None else 0.95 * mean + 0.05 * float(value)
        if (step + 1) % 20 == 0:
            print(f"step {step + 1} loss {mean:.4f} wall {time.monotonic() - began:.0f} s "
                  f"cpu {time.process_time():.0f} s", flush=True)
        if (step + 1) % 100 == 0 or step + 1 == options.steps:
            save(checkpoint, weights, first, second, step + 1)
            print(f"held out {float(held_out(weights, test)):.4f}", flush=True)


if __name__ == "__main__":
    main()
