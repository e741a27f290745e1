#!/usr/bin/env python3
"""One piece of work through vLLM on the CPU, timed from outside.

    vllm_work.py --model FOLDER --work prefill:512 --work decode:16:48

A decode is timed as the difference of a long and a short answer, so that the prompt does not count.
Prints one JSON object for each piece of work.
"""

import json
import os
import random
import time

import peer_arguments


def main():
    arguments = peer_arguments.parse(__doc__)
    os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", f"0-{arguments.threads - 1}")
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    from vllm import LLM, SamplingParams
    llm = LLM(model=arguments.model, max_model_len=1024, max_num_seqs=32,
              enable_prefix_caching=False)
    random.seed(7)

    def seconds(sequences, length, tokens):
        prompts = [{"prompt_token_ids": [random.randrange(1000, 50000) for _ in range(length)]}
                   for _ in range(sequences)]
        settings = SamplingParams(max_tokens=tokens, temperature=0, ignore_eos=True)
        start = time.perf_counter()
        llm.generate(prompts, settings, use_tqdm=False)
        return time.perf_counter() - start

    for work in arguments.work:
        kind, *numbers = work.split(":")
        numbers = [int(number) for number in numbers]
        rates = []
        for repetition in range(arguments.repetitions + 1):
            if kind == "prefill":
                rate = numbers[0] / seconds(1, numbers[0], 1)
            else:
                sequences, steps = numbers
                short = seconds(sequences, arguments.prompt, 1)
                rate = sequences * steps / (seconds(sequences, arguments.prompt, steps + 1) - short)
            if repetition > 0:
                rates.append(rate)
        print(json.dumps({"work": work, "tokens_per_s": rates, "threads": arguments.threads}),
              flush=True)


main()
