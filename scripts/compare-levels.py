#!/usr/bin/env python3
"""Answers the same mixed requests at several levels of the instruction set, and compares texts and log
probabilities, which must be equal to the last bit.

    scripts/compare-levels.py QUIRE MODEL.gguf [--level avx2 --level avx512] [--kv-dtype int8] [--no-fma]

The first level is what the others are compared with. --no-fma: once more without FMA and AVX2 in the
C library (glibc), whose functions have other last bits then."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BEGINNINGS = ["Write a haiku about rain.", "def fibonacci(n):", "Explain paging in one sentence.",
              "List three colours.", "Once upon a time", "SELECT name FROM users WHERE",
              "The capital of France is", "Translate to German: good morning",
              "class Stack:\n    def __init__(self):", "What is 17*23?", "A robot who", "import numpy\n"]


def requests(count):
    for i in range(count):
        body = {"prompt": BEGINNINGS[i % len(BEGINNINGS)] * (1 + i % 5 * 4), "max_tokens": 16 + 2 * i,
                "logprobs": 3, "seed": i, "temperature": [0, 0.7, 1, 0][i % 4]}
        body |= {"top_p": 0.9} if i % 3 == 1 else {}
        body |= {"top_k": 40} if i % 5 == 2 else {}
        body |= {"presence_penalty": 0.5} if i % 6 == 3 else {}
        body |= {"n": 2} if i % 8 == 5 else {}
        yield {"custom_id": str(i), "method": "POST", "url": "/v1/completions", "body": body}


def answers(arguments, folder, level, tunables=None):
    lines, output = folder / "requests.jsonl", folder / f"{level}-{bool(tunables)}.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in requests(arguments.requests)))
    environment = os.environ | {"QUIRE_ISA": level}
    if tunables:
        environment["GLIBC_TUNABLES"] = tunables
    subprocess.run([arguments.quire, "batch", "--model", arguments.model, "--kv-dtype",
                    arguments.kv_dtype, "--input", str(lines), "--output", str(output)],
                   check=True, env=environment, stdout=subprocess.DEVNULL)
    found = {}
    for line in output.read_text().splitlines():
        result = json.loads(line)
        found[result["custom_id"]] = json.dumps(result["response"]["body"]["choices"], sort_keys=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("quire")
    parser.add_argument("model")
    parser.add_argument("--level", action="append")
    parser.add_argument("--kv-dtype", default="f16")
    parser.add_argument("--requests", type=int, default=24)
    parser.add_argument("--no-fma", action="store_true")
    arguments = parser.parse_args()
    levels = arguments.level or ["avx512", "avx2"]
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        first = answers(arguments, folder, levels[0])
        others = [(level, None) for level in levels[1:]]
        if arguments.no_fma:
            others.append((levels[-1], "glibc.cpu.hwcaps=-FMA,-AVX2"))
        for level, tunables in others:
            found = answers(arguments, folder, level, tunables)
            different = sorted(key for key in first if found.get(key) != first[key])
            failed |= bool(different) or len(first) != arguments.requests
            print(f"{pathlib.Path(arguments.model).name}, {arguments.kv_dtype}: {len(first)} answers at "
                  f"{levels[0]}, {len(different)} differ at {level}"
                  + (" with a plain C library" if tunables else "")
                  + (": " + ", ".join(different) if different else ""), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
