#!/usr/bin/env python3
"""Sets `quire serve` beside llama-server: the same requests, on the same model file, in turns.

    swift build -c release
    Benchmarks/serving/compare.py --model MODEL.gguf --client load_client.py --workload W.json ...

A workload is {"concurrency": N, "requests": [{"prompt", "n", "max_tokens"}, ...]}; the client keeps N
requests going, streaming, at temperature 0, and prints what it saw as JSON. A pair is a fresh server
of each side, which has one short request to warm up; which side is first changes from pair to pair.
llama-server has a slot for each stream and a cache of its own for each slot. It is built when no
--llama is given (ten minutes).
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import urllib.request

import servers

HERE = pathlib.Path(__file__).resolve().parent
SHOWN = {"out_tok_s": "output tokens/s", "itl_p50_ms": "median ITL, ms", "itl_p99_ms": "p99 ITL, ms",
         "ttft_p50_ms": "median TTFT, ms", "ttft_p99_ms": "p99 TTFT, ms", "wall_s": "all requests, s"}


def warm(address):
    body = json.dumps({"model": "m", "prompt": "One", "max_tokens": 4, "temperature": 0}).encode()
    request = urllib.request.Request(address + "/v1/completions", body,
                                     {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=60).read()


def measure(arguments, side, workload, streams):
    """What the client saw of one fresh server."""
    if side == "quire":
        command = servers.quire(arguments, *arguments.quire_options)
    else:
        command = servers.llama(arguments, streams, arguments.context)
    with servers.running(arguments, command) as (address, _):
        warm(address)
        done = subprocess.run(
            [sys.executable, arguments.client, "--url", address,
             "--model", "m", "--workload", workload, "--label", side], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{side}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])


def compare(arguments, workload):
    streams = json.loads(pathlib.Path(workload).read_text())["concurrency"]
    rows = {"quire": [], "llama-server": []}
    for pair in range(arguments.pairs):
        for side in sorted(rows, reverse=pair % 2 == 1):
            rows[side].append(measure(arguments, side, workload, streams))
            print(json.dumps(rows[side][-1]), file=sys.stderr, flush=True)
    print(f"\n{pathlib.Path(workload).stem}, {streams} streams, medians of {arguments.pairs} pairs\n")
    print("| | quire | llama-server | ratio of the medians | ratios of the pairs |\n"
          "| --- | --- | --- | --- | --- |")
    for field, title in SHOWN.items():
        ours, theirs = ([row[field] for row in rows[side]] for side in rows)
        ratios = ", ".join(ratio(mine, other) for mine, other in zip(ours, theirs))
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"| {title} | {mine:g} | {other:g} | {ratio(mine, other)} | {ratios} |", flush=True)


def ratio(mine, other):
    """Where pieces came together, times between them may be 0."""
    return f"{mine / other:.3f}" if other else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--client", required=True, help="the load client")
    parser.add_argument("--workload", required=True, action="append")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--context", type=int, default=2048, help="tokens of a slot of llama-server")
    parser.add_argument("--quire", default=str(servers.QUIRE))
    parser.add_argument("--quire-options", nargs=argparse.REMAINDER, default=[],
                        help="all that follows is for quire serve")
    parser.add_argument("--llama", help="a llama-server that is built already")
    parser.add_argument("--first", action="store_true", help="before all other processes (as root)")
    arguments = parser.parse_args()
    servers.go_first(arguments)
    if arguments.llama is None:
        arguments.llama = subprocess.run([HERE / "build-llama-server.sh"], check=True,
                                         stdout=subprocess.PIPE, text=True).stdout.strip()
    for workload in arguments.workload:
        compare(arguments, workload)


if __name__ == "__main__":
    main()
