"""The model: a Llama in miniature, as pure functions of a dictionary of arrays (weights of all layers stacked
on axis 0, matrices [in, out]). RoPE turns neighbouring pairs, as GGUF's llama architecture does, so that the
rows of Q and K are written as they are."""

import jax
import jax.numpy as jnp
import numpy as np

LAYERS, DIM, HEADS, KV_HEADS, HEAD_DIM, FFN = 6, 192, 6, 2, 32, 384
CONTEXT, VOCABULARY, ROPE_BASE, EPSILON = 512, 1280, 10_000.0, 1e-5
QUERY_BLOCK = 128


def initial(seed):
    rng = np.random.default_rng(seed)

    def matrix(rows, columns, gain=1.0):
        return (rng.standard_normal((LAYERS, rows, columns)) * gain / np.sqrt(rows)).astype(np.float32)

    # Large embeddings keep a token's identity audible beside what the layers add to it, so that a name can be
    # copied; the small last norm keeps the first logits small although the output matrix is the embedding.
    return {
        "embedding": rng.standard_normal((VOCABULARY, DIM)).astype(np.float32),
        "attn_norm": np.ones((LAYERS, DIM), np.float32),
        "q": matrix(DIM, HEADS * HEAD_DIM),
        "k": matrix(DIM, KV_HEADS * HEAD_DIM),
        "v": matrix(DIM, KV_HEADS * HEAD_DIM),
        "o": matrix(HEADS * HEAD_DIM, DIM, 0.2),
        "ffn_norm": np.ones((LAYERS, DIM), np.float32),
        "gate": matrix(DIM, FFN),
        "up": matrix(DIM, FFN),
        "down": matrix(FFN, DIM, 0.2),
        "norm": np.full(DIM, 0.05, np.float32),
    }


def rms_norm(x, weight):
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + EPSILON) * weight


def rope(x):
    """x: [batch, time, head, HEAD_DIM]; the pair (2i, 2i+1) turns by position * base^(-2i/HEAD_DIM)."""
    time = x.shape[1]
    frequencies = ROPE_BASE ** (-np.arange(0, HEAD_DIM, 2) / HEAD_DIM)
    angles = np.arange(time)[:, None] * frequencies[None, :]
    cos = jnp.asarray(np.cos(angles), jnp.float32)[None, :, None, :]
    sin = jnp.asarray(np.sin(angles), jnp.float32)[None, :, None, :]
    even, odd = x[..., 0::2], x[..., 1::2]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)


def attention(x, layer):
    """Causal attention, a block of queries at a time against the keys up to the block's end (half the work);
    the query heads that share a K/V head are rows of one product."""
    batch, time, _ = x.shape
    group = HEADS // KV_HEADS
    q = rope((x @ layer["q"]).reshape(batch, time, HEADS, HEAD_DIM)) / np.sqrt(HEAD_DIM)
    k = rope((x @ layer["k"]).reshape(batch, time, KV_HEADS, HEAD_DIM))
    v = (x @ layer["v"]).reshape(batch, time, KV_HEADS, HEAD_DIM)
    q = q.reshape(batch, time, KV_HEADS, group, HEAD_DIM).transpose(0, 2, 3, 1, 4)
    k = k.transpose(0, 2, 3, 1).reshape(batch * KV_HEADS, HEAD_DIM, time)
    v = v.transpose(0, 2, 1, 3).reshape(batch * KV_HEADS, time, HEAD_DIM)
    mixed = []
    for start in range(0, time, QUERY_BLOCK):
        end = min(start + QUERY_BLOCK, time)
        rows = end - start
        scores = q[:, :, :, start:end].reshape(batch * KV_HEADS, group * rows, HEAD_DIM) @ k[:, :, :end]
        future = np.where(np.tril(np.ones((rows, end), bool), start), 0, -1e9).astype(np.float32)
        scores = scores.reshape(batch * KV_HEADS, group, rows, end) + future
        weights = jax.nn.softmax(scores, axis=-1).reshape(batch * KV_HEADS, group * rows, end)
        mixed.append((weights @ v[:, :end]).reshape(batch, KV_HEADS, group, rows, HEAD_DIM))
    mixed = jnp.concatenate(mixed, axis=3).transpose(0, 3, 1, 2, 4)
    return mixed.reshape(batch, time, HEADS * HEAD_DIM) @ layer["o"]


def logits(weights, tokens):
    """tokens: [batch, time] -> [batch, time, VOCABULARY]"""
    x = weights["embedding"][tokens]
    stacked = {name: weights[name] for name in weights if name not in ("embedding", "norm")}

    def block(x, layer):
        x = x + attention(rms_norm(x, layer["attn_norm"]), layer)
        h = rms_norm(x, layer["ffn_norm"])
        return x + (jax.nn.silu(h @ layer["gate"]) * (h @ layer["up"])) @ layer["down"], None

    x, _ = jax.lax.scan(block, x, stacked)
    return rms_norm(x, weights["norm"]) @ weights["embedding"].T


def loss(weights, tokens):
    """Mean cross-entropy in nats a token; tokens: [batch, time + 1]."""
    scores = logits(weights, tokens[:, :-1])
    targets = tokens[:, 1:]
    picked = jnp.take_along_axis(scores, targets[..., None], axis=-1)[..., 0]
    return jnp.mean(jax.nn.logsumexp(scores, axis=-1) - picked)
