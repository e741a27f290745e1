#!/usr/bin/env python3
"""One piece of work through llama.cpp's own interface (the package llama-cpp-python), timed.

    llama_cpp_work.py --model FILE.gguf --work prefill:512 --work decode:1:128 --work decode:32:64

prefill:N is one llama_decode over N tokens, with the logits of the last; decode:S:N is N steps of S
sequences, each one llama_decode with S tokens and the logits of all. Tokens are drawn, not sampled:
the peer is not charged for a sampler. Prints one JSON object for each piece of work.
"""

import argparse
import ctypes
import json
import random
import resource
import time

from llama_cpp import llama_cpp as llama


def model_of(arguments):
    llama.llama_backend_init()
    quiet = llama.llama_log_callback(lambda level, text, data: None)
    llama.llama_log_set(quiet, ctypes.c_void_p(0))
    parameters = llama.llama_model_default_params()
    parameters.n_gpu_layers = 0
    model = llama.llama_model_load_from_file(arguments.model.encode(), parameters)
    if not model:
        raise SystemExit(f"llama.cpp cannot load {arguments.model}")
    return model, quiet


def context_of(model, arguments, sequences, tokens):
    parameters = llama.llama_context_default_params()
    # Room a sequence, rounded to what its cache is padded to.
    parameters.n_ctx = sequences * ((tokens + 255) // 256 * 256)
    parameters.n_batch = max(512, sequences, min(tokens, 4096))
    parameters.n_ubatch = arguments.ubatch
    parameters.n_seq_max = sequences
    parameters.n_threads = arguments.threads
    parameters.n_threads_batch = arguments.threads
    parameters.flash_attn_type = {"auto": -1, "off": 0, "on": 1}[arguments.flash]
    parameters.kv_unified = arguments.unified
    parameters.no_perf = True
    context = llama.llama_init_from_model(model, parameters)
    if not context:
        raise SystemExit("llama.cpp has no context for this")
    return context


def fill(batch, entries):
    """entries: (token, position, sequence, whether its logits are wanted)."""
    batch.n_tokens = len(entries)
    for index, (token, position, sequence, wanted) in enumerate(entries):
        batch.token[index] = token
        batch.pos[index] = position
        batch.n_seq_id[index] = 1
        batch.seq_id[index][0] = sequence
        batch.logits[index] = 1 if wanted else 0


def decode(context, batch):
    if llama.llama_decode(context, batch) != 0:
        raise SystemExit("llama_decode failed")


def prefill(context, batch, draw, sequences, length):
    """Prompts of drawn tokens, each with one call; the seconds that all took."""
    start = time.perf_counter()
    for sequence in range(sequences):
        fill(batch, [(draw(), place, sequence, place == length - 1) for place in range(length)])
        decode(context, batch)
    return time.perf_counter() - start


def measure(model, arguments, work):
    kind, *numbers = work.split(":")
    numbers = [int(number) for number in numbers]
    sequences, length = (1, numbers[0]) if kind == "prefill" else (numbers[0], arguments.prompt)
    steps = 0 if kind == "prefill" else numbers[1]
    context = context_of(model, arguments, sequences, length + steps + 1)
    vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
    random.seed(7)

    def draw():
        return random.randrange(vocabulary // 4, 3 * vocabulary // 4)

    batch = llama.llama_batch_init(max(length, sequences), 0, 1)
    seconds, inner = [], []
    for repetition in range(arguments.warm_up + arguments.repetitions):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        took = prefill(context, batch, draw, sequences, length)
        if kind == "decode":
            times = []
            for step in range(steps):
                fill(batch, [(draw(), length + step, sequence, True)
                             for sequence in range(sequences)])
                start = time.perf_counter()
                decode(context, batch)
                times.append(time.perf_counter() - start)
            took = sum(times)
            if repetition >= arguments.warm_up:
                inner += times
        if repetition >= arguments.warm_up:
            seconds.append(took)
    llama.llama_batch_free(batch)
    llama.llama_free(context)
    tokens = length if kind == "prefill" else sequences * steps
    inner.sort()
    return {"work": work, "tokens": tokens, "seconds": seconds,
            "tokens_per_s": [tokens / took for took in seconds],
            "itl_p50_ms": inner[len(inner) // 2] * 1e3 if inner else None,
            "flash": arguments.flash, "unified": arguments.unified, "threads": arguments.threads,
            "ubatch": arguments.ubatch,
            "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--work", action="append", required=True)
    parser.add_argument("--prompt", type=int, default=16, help="tokens before a decode")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--flash", choices=["auto", "off", "on"], default="auto")
    parser.add_argument("--unified", action="store_true", help="one KV cache for all sequences")
    parser.add_argument("--ubatch", type=int, default=512)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--warm-up", type=int, default=1)
    arguments = parser.parse_args()
    model, quiet = model_of(arguments)
    for work in arguments.work:
        print(json.dumps(measure(model, arguments, work)), flush=True)
    llama.llama_model_free(model)
    del quiet


if __name__ == "__main__":
    main()
