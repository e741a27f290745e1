#!/usr/bin/env python3
"""Real against simulated, in one sitting: a server is measured, costs are fitted to the steps of some
of its loads, and others are predicted.

    ./compare.py --model MODEL.gguf --fit c1.json --fit c8.json --predict c32.json [--open c32.json]

A workload is {"concurrency": N, "requests": [{"prompt": TEXT, "ids": [...], "n": N, "max_tokens": M}]}.
Closed loops: as many clients as the workload says. --open: the same requests at random times
(exponential gaps, fixed seed), at shares of the rate that its closed loop reached."""

import argparse
import asyncio
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "serving"))
import servers  # noqa: E402
from stream import stream  # noqa: E402

SHARES = (0.5, 0.8, 0.95, 1.2)
BLOCK = 16


def percentile(values, share):
    values = sorted(values)
    place = (len(values) - 1) * share
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def measured(answers, seconds):
    first = [pieces[0] - sent for sent, pieces in answers]
    gaps = [b - a for _, pieces in answers for a, b in zip(pieces, pieces[1:])]
    return {"tokens/s": sum(len(pieces) for _, pieces in answers) / seconds,
            "requests/s": len(answers) / seconds, "mean TTFT": sum(first) / len(first),
            **{f"TTFT p{p}": percentile(first, p / 100) for p in (50, 99)},
            **{f"ITL p{p}": percentile(gaps, p / 100) for p in (50, 99)}}


def medians(results):
    return {key: percentile([one[key] for one in results], 0.5) for key in results[0]}


async def closed(address, requests, clients):
    left, answers = iter(requests), []

    async def client():
        for request in left:
            answers.append(await stream(address, request["ids"], request["max_tokens"]))

    start = time.perf_counter()
    await asyncio.gather(*[client() for _ in range(clients)])
    return measured(answers, time.perf_counter() - start)


async def opened(address, requests, times):
    async def client(request, at):
        await asyncio.sleep(max(0, start + at - time.perf_counter()))
        return await stream(address, request["ids"], request["max_tokens"])

    start = time.perf_counter()
    answers = await asyncio.gather(*map(client, requests, times))
    return measured(answers, time.perf_counter() - start)


def metric(address, name):
    text = urllib.request.urlopen(f"{address}/metrics").read().decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if line.startswith(f"vllm:{name}"))


def serve(arguments, steps, load):
    """Starts a server, has `load(address)` use it, and gives what that measured."""
    options = list(arguments.option)
    if steps:
        options += ["--record-steps", str(steps)]
    with servers.running(arguments, servers.quire(arguments, *options)) as running:
        address = running[0] if isinstance(running, tuple) else running.address
        # What a first request brings to memory is no part of the load.
        asyncio.run(closed(address, [{"ids": [11, 12, 13], "max_tokens": 4}], 1))
        before = [metric(address, f"time_to_first_token_seconds_{part}") for part in ("sum", "count")]
        result = asyncio.run(load(address))
        after = [metric(address, f"time_to_first_token_seconds_{part}") for part in ("sum", "count")]
        engine = (after[0] - before[0]) / max(1, after[1] - before[1])
        result["outside"] = max(0, result["mean TTFT"] - engine)
    return result


def trace(requests, times, path):
    """The requests as a trace with the ids of their blocks: equal ids, equal beginnings."""
    known, lines = {}, []
    for request, at in zip(requests, times):
        ids, parent = [], 0
        for start in range(0, len(request["ids"]) - BLOCK + 1, BLOCK):
            key = (parent, tuple(request["ids"][start:start + BLOCK]))
            parent = known.setdefault(key, len(known) + 1)
            ids.append(parent)
        lines.append(json.dumps({
            "chat_id": len(lines), "parent_chat_id": -1, "timestamp": at,
            "input_length": len(request["ids"]), "output_length": request["max_tokens"],
            "type": "text", "turn": 1, "hash_ids": ids}))
    path.write_text("\n".join(lines) + "\n")


def simulate(arguments, costs, path, *options):
    words = [arguments.quire, "simulate", "serve", "--costs", str(costs), "--trace", str(path),
             "--format", "json", *arguments.option, *options]
    answer = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    times = answer["times"]
    return {"tokens/s": answer["output_rate"], "requests/s": answer["request_rate"],
            **{f"TTFT p{p}": times["ttft"][f"p{p}"] for p in (50, 99)},
            **{f"ITL p{p}": times["itl"][f"p{p}"] for p in (50, 99)}}


def row(name, real, predicted):
    cells = [name]
    for key in ("tokens/s", "TTFT p50", "TTFT p99", "ITL p50", "ITL p99"):
        scale, unit = (1, "") if key == "tokens/s" else (1e3, " ms")
        error = predicted[key] / real[key] - 1
        cells.append(f"{real[key] * scale:.1f} / {predicted[key] * scale:.1f}{unit} ({error:+.1%})")
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--fit", action="append", required=True, type=pathlib.Path)
    parser.add_argument("--predict", action="append", default=[], type=pathlib.Path)
    parser.add_argument("--open", type=pathlib.Path)
    parser.add_argument("--option", action="append", default=[],
                        help="an option of both servers, as --option=--mode=latency")
    parser.add_argument("--quire", default=str(servers.QUIRE))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--first", action="store_true", help="before all other processes; as root")
    parser.add_argument("--rounds", type=int, default=1, help="each load so often, its medians count")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for steps, costs and traces")
    arguments = parser.parse_args()
    servers.go_first(arguments)
    folder = arguments.keep or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)

    loads, rounds, outside = {}, {}, []
    for path in dict.fromkeys(arguments.fit + arguments.predict + ([arguments.open] if arguments.open else [])):
        loads[path] = json.loads(path.read_text())
    words = [arguments.quire, "simulate", "calibrate", arguments.model, "--output",
             str(folder / "costs.json")]
    # The rounds go through all loads in turns: a machine has fast and slow minutes.
    for number in range(arguments.rounds):
        for path, load in loads.items():
            fits = path in arguments.fit
            steps = folder / f"{path.stem}-{number}.steps.csv" if fits else None
            rounds.setdefault(path, []).append(serve(
                arguments, steps,
                lambda address: closed(address, load["requests"], load["concurrency"])))
            if fits:
                outside.append(rounds[path][-1]["outside"])
                words += ["--steps", str(steps)]
    real = {path: medians(results) for path, results in rounds.items()}
    # What lies between client and engine, where only one is served: with more it waits for them.
    words += ["--arrival", f"{max(1, round(min(outside) * 1e6))}us"]
    subprocess.run(words, check=True)
    print("\nmeasured / simulated (error); fitted: " + ", ".join(p.stem for p in arguments.fit))
    print("| load | tokens/s | TTFT p50 | TTFT p99 | ITL p50 | ITL p99 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for path in loads:
        load = loads[path]
        file = folder / f"{path.stem}.jsonl"
        trace(load["requests"], [0] * len(load["requests"]), file)
        predicted = simulate(arguments, folder / "costs.json", file, "--concurrency",
                             str(load["concurrency"]))
        (folder / f"{path.stem}.measured.json").write_text(json.dumps(rounds[path]))
        row(path.stem, real[path], predicted)
        if path == arguments.open:
            print(f"capacity: {real[path]['requests/s']:.3f} / {predicted['requests/s']:.3f} requests/s "
                  f"({predicted['requests/s'] / real[path]['requests/s'] - 1:+.1%})")
    if not arguments.open:
        return
    requests = loads[arguments.open]["requests"]
    for share in SHARES:
        generator, at, times = random.Random(7), 0.0, []
        for _ in requests:
            times.append(at)
            at += generator.expovariate(share * real[arguments.open]["requests/s"])
        file = folder / f"open-{share}.jsonl"
        trace(requests, times, file)
        observed = medians([
            serve(arguments, None, lambda address: opened(address, requests, times))
            for _ in range(arguments.rounds)])
        row(f"{share:.0%} of capacity", observed, simulate(arguments, folder / "costs.json", file))


if __name__ == "__main__":
    main()
