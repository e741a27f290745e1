#!/usr/bin/env python3
"""What HTTP costs: the server's tokens a second beside the engine's own, idling, and the start.

    Benchmarks/serving/overhead.py --model MODEL.gguf [--pairs 5]

Streams of equal prompt and answer lengths go through `quire serve` and, in turns, through
`quire bench throughput`: tokens a second while all decode together, from the last first token to the
first last one. The client looks at its sockets ten times a second and counts pieces, or its own cost
(40 us a token on the cores that compute) would be taken for the server's. An idle server's processor time is that of its process over some seconds; it is ready
when `/ready` answers 200, the file being in the page cache.
"""

import argparse
import contextlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from urllib.parse import urlparse

import servers
from interference import prompt

LOOK = 0.1
PIECE = b'"text"'


def together(address, streams, length, answer, chance):
    """Tokens a second while all streams decode."""
    sockets = [ask(address, prompt(chance, length), answer) for _ in range(streams)]
    counts, rests, seen = [0] * streams, [b""] * streams, []
    ended = set()
    while len(ended) < streams:
        time.sleep(LOOK)
        for place in set(range(streams)) - ended:
            with contextlib.suppress(BlockingIOError):
                data = sockets[place].recv(1 << 20)
                if not data:
                    ended.add(place)
                data = rests[place] + data
                counts[place] += data.count(PIECE)
                rests[place] = data[len(data) - len(PIECE) + 1:]
        seen.append((time.perf_counter(), list(counts)))
    whole = [(at, sum(each)) for at, each in seen if min(each) > 0 and max(each) < answer]
    if len(whole) < 2:
        sys.exit(f"the streams were not together for long; the answers had {counts} pieces")
    return (whole[-1][1] - whole[0][1]) / (whole[-1][0] - whole[0][0])


def ask(address, words, answer):
    """A socket on which the answer to a prompt streams."""
    url = urlparse(address)
    body = json.dumps({"model": "m", "prompt": words, "max_tokens": answer, "temperature": 0,
                       "stream": True, "ignore_eos": True}).encode()
    asked = socket.create_connection((url.hostname, url.port))
    asked.sendall(f"POST /v1/completions HTTP/1.1\r\nHost: {url.netloc}\r\n"
                  "Content-Type: application/json\r\nConnection: close\r\n"
                  f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    asked.setblocking(False)
    return asked


def engine(arguments):
    """The same work without HTTP."""
    command = [
        arguments.quire, "bench", "throughput", "--model", arguments.model, "--threads",
        str(arguments.threads), "--repetitions", "1", "--format", "json", "--prompt-length",
        str(arguments.prompt), "--output-length", str(arguments.answer), "--batch",
        str(arguments.streams)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[0])["decode_tok_s"]


def server(arguments, chance):
    # As in the bench: no prefix is shared, and the same work comes once before it counts.
    command = servers.quire(arguments, "--no-prefix-cache")
    with servers.running(arguments, command) as (address, process):
        together(address, arguments.streams, arguments.prompt, arguments.answer, chance)
        rate = together(address, arguments.streams, arguments.prompt, arguments.answer, chance)
        return rate, process.started


def idle(arguments):
    """The share of a core that a server takes which nobody asks anything."""
    def used(process):
        fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    with servers.running(arguments, servers.quire(arguments)) as (_, process):
        time.sleep(2)
        begin, before = time.perf_counter(), used(process)
        time.sleep(arguments.idle)
        return (used(process) - before) / (time.perf_counter() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--streams", type=int, default=32)
    parser.add_argument("--prompt", type=int, default=16)
    parser.add_argument("--answer", type=int, default=128)
    parser.add_argument("--idle", type=float, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quire", default=str(servers.QUIRE))
    parser.add_argument("--first", action="store_true", help="before all other processes (as root)")
    arguments = parser.parse_args()
    servers.go_first(arguments)
    chance = random.Random(1)
    ours, alone, starts = [], [], []
    for pair in range(arguments.pairs):
        if pair % 2 == 0:
            alone.append(engine(arguments))
        rate, started = server(arguments, chance)
        ours.append(rate)
        starts.append(started)
        if pair % 2 == 1:
            alone.append(engine(arguments))
    ratios = [mine / other for mine, other in zip(ours, alone)]
    print(json.dumps({
        "streams": arguments.streams, "server_tok_s": round(statistics.median(ours), 1),
        "bench_tok_s": round(statistics.median(alone), 1),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "median_ratio": round(statistics.median(ratios), 3),
        "ready_s": [round(start, 3) for start in starts],
        "idle_share_of_a_core": round(idle(arguments), 4)}))


if __name__ == "__main__":
    main()
