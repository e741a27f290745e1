#!/usr/bin/env python3
"""What long prompts do to answers under way, with and without `--itl-target`.

    Benchmarks/serving/interference.py --model MODEL.gguf [--itl-target 100ms] [--seconds 180]

Some streams decode all the time, and every 15 s comes a prompt of 4,000 tokens that no other begins
alike. Printed are the times between the pieces of a stream, and the prompts' rate beside the rate on
the idle server.
"""

import argparse
import asyncio
import json
import random
import statistics
import time

import servers
from stream import stream

TOKENS = 4000
ANSWER = 512


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def prompt(chance, count):
    """Tokens that stand for words in every byte-pair vocabulary of some size."""
    return [chance.randrange(1000, 30000) for _ in range(count)]


async def rate(address, chance, count=TOKENS):
    sent, pieces = await stream(address, prompt(chance, count), 1)
    return count / (pieces[0] - sent)


async def measure(arguments, address):
    chance = random.Random(arguments.seed)
    await rate(address, chance, 600)
    idle = [await rate(address, chance) for _ in range(3)]
    end = time.perf_counter() + arguments.seconds
    gaps = []

    async def decode():
        while time.perf_counter() < end:
            _, pieces = await stream(address, prompt(chance, 16), ANSWER)
            gaps.extend(b - a for a, b in zip(pieces, pieces[1:]))

    async def interrupt():
        asked = []
        while time.perf_counter() < end:
            await asyncio.sleep(arguments.every)
            asked.append(asyncio.create_task(rate(address, chance)))
        return await asyncio.gather(*asked)

    results = await asyncio.gather(interrupt(), *(decode() for _ in range(arguments.streams)))
    rates = results[0]
    return {"itl_target": arguments.itl_target, "streams": arguments.streams, "tokens": len(gaps),
            "itl_p50_ms": round(1e3 * percentile(gaps, 0.5), 1),
            "itl_p99_ms": round(1e3 * percentile(gaps, 0.99), 1),
            "itl_max_ms": round(1e3 * max(gaps), 1), "prompts_finished": len(rates),
            "prefill_idle_tok_s": round(statistics.median(idle), 1),
            "prefill_tok_s": round(statistics.median(rates), 1),
            "slowest_prefill_tok_s": round(min(rates), 1),
            "of_idle": round(statistics.median(rates) / statistics.median(idle), 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--itl-target", action="append", help="may be given several times; none: without")
    parser.add_argument("--streams", type=int, default=8)
    parser.add_argument("--every", type=float, default=15)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quire", default=str(servers.QUIRE))
    parser.add_argument("--first", action="store_true", help="before all other processes (as root)")
    arguments = parser.parse_args()
    servers.go_first(arguments)
    for target in arguments.itl_target or ["none"]:
        arguments.itl_target = target
        command = servers.quire(arguments, "--itl-target", target)
        with servers.running(arguments, command) as (address, _):
            print(json.dumps(asyncio.run(measure(arguments, address))), flush=True)


if __name__ == "__main__":
    main()
