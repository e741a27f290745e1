#!/usr/bin/env python3
"""Compares the computed memory of models with the resident peak: compare.py QUIRE MODEL.gguf...

Every sequence fills its context. Linux; needs /usr/bin/time (Debian's package `time`)."""
import json
import random
import re
import subprocess
import sys
import tempfile

WORDS = "the cat dog tree house river light moon walked under blue red old stone door sea rain".split()
CASES = [("f16", "int8", 1), ("f16", "int8", 32), ("bf16", "int8", 32), ("f32", "int8", 32),
         ("int8", "int8", 32), ("f16", "float32", 1)]


def prompts(count):
    random.seed(1)
    file = tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False)
    for _ in range(count):
        file.write(json.dumps(" ".join(random.choice(WORDS) for _ in range(215))) + "\n")
    file.close()
    return file.name


def main():
    quire, models = sys.argv[1], sys.argv[2:]
    print("| model | keys and values | activations | sequences | sum MB | peak MB | difference |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for model in models:
        for dtype, activations, count in CASES:
            options = ["--context", "256", "--kv-dtype", dtype, "--activations", activations,
                       "--batch", str(count)]
            plan = subprocess.run([quire, "inspect", model, "--plan", "--format", "json", *options],
                                  capture_output=True, text=True, check=True)
            total = json.loads(plan.stdout)["total_bytes"] / 1e6
            run = subprocess.run(
                ["/usr/bin/time", "-v", quire, "generate", "--model", model, "--prompts",
                 prompts(count), "--max-tokens", "40", "--format", "json", *options],
                capture_output=True, text=True, check=True)
            peak = int(re.search(r"Maximum resident set size .*: (\d+)", run.stderr).group(1)) * 1.024e-3
            name = model.rsplit("/", 1)[-1].removesuffix(".gguf")
            print(f"| {name} | {dtype} | {activations} | {count} | {total:.0f} | {peak:.0f} | "
                  f"{peak - total:+.0f} MB, {100 * (peak - total) / total:+.1f} % |", flush=True)


main()
