#!/usr/bin/env python3
"""Sets `quire bench tokenizer` beside the Python package `tokenizers`: the same vocabulary, the same
texts, one core each, in turns.

    swift build -c release
    Benchmarks/tokenizer/compare.py --model VOCABULARY.gguf [--text FILE ...] [--rounds 5]

The model is a GGUF file with a byte-level BPE vocabulary and the pre-tokenizer `qwen2`; the package's
tokenizer is built from the vocabulary and merges in it. Without --text, the texts are what every
Python brings: the prose of its manual (pydoc's topics) and the source of its standard library. The
packages go into a virtual environment of this script's own, below .build.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import sysconfig
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / ".build" / "benchmarks" / "tokenizer"
PACKAGES = ["tokenizers==0.23.3", "gguf==0.19.0"]
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
           r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def in_own_environment() -> None:
    """Runs this script again with the packages, unless they are here."""
    try:
        import gguf  # noqa: F401
        import tokenizers  # noqa: F401
        return
    except ImportError:
        pass
    folder = WORK / "venv"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def standard_texts(size: int) -> list[pathlib.Path]:
    """English prose and Python source, about `size` bytes each."""
    from pydoc_data.topics import topics
    prose = "\n\n".join(topics[name] for name in sorted(topics))
    code = ""
    for path in sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        code += path.read_text(errors="replace")
        if len(code) >= size:
            break
    paths = []
    for name, text in (("english.txt", prose), ("code.txt", code)):
        path = WORK / name
        path.write_text(text[:size])
        paths.append(path)
    return paths


def package_tokenizer(model: str):
    import gguf
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    fields = gguf.GGUFReader(model).fields
    name = fields["tokenizer.ggml.pre"].contents()
    if name != "qwen2":
        sys.exit(f"the pre-tokenizer of {model} is {name}; this script compares qwen2")
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    vocab = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return tokenizer


def documents(text: str, size: int = 4_000) -> list[str]:
    """The text in pieces of about `size` characters, cut after line breaks.

    The package slows down on long strings (a factor of five at two megabytes), so it gets its text
    in the form that suits it best; Quire encodes the whole file at once."""
    pieces, piece = [], ""
    for line in text.splitlines(keepends=True):
        piece += line
        if len(piece) >= size:
            pieces.append(piece)
            piece = ""
    return pieces + [piece] if piece else pieces


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--quire", default=str(ROOT / ".build/release/quire"))
    parser.add_argument("--text", action="append", type=pathlib.Path, default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    arguments = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    in_own_environment()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # Children inherit it.
    elif shutil.which("taskset") is None:
        print("cannot bind to one core here; both still use one thread", file=sys.stderr)
    tokenizer = package_tokenizer(arguments.model)
    results = []
    for path in arguments.text or standard_texts(2_000_000):
        text = path.read_text(errors="replace")
        size = len(text.encode())
        count = len(tokenizer.encode(text, add_special_tokens=False).ids)
        pieces = documents(text)
        theirs, ours = [], []
        for _ in range(arguments.rounds):
            start = time.perf_counter()
            tokenizer.encode_batch_fast(pieces, add_special_tokens=False)
            theirs.append(time.perf_counter() - start)
            output = subprocess.run(
                [arguments.quire, "bench", "tokenizer", "--model", arguments.model, "--file", str(path),
                 "--repetitions", "1", "--format", "json"], check=True, capture_output=True)
            measured = json.loads(output.stdout)["files"][0]
            ours.append(measured["median_s"])
            if measured["tokens"] != count:
                sys.exit(f"{path}: quire gives {measured['tokens']} tokens, tokenizers {count}")
        mine, other = statistics.median(ours), statistics.median(theirs)
        results.append({"text": path.name, "bytes": size, "tokens": count,
                        "quire_mb_per_s": round(size / mine / 1e6, 2),
                        "tokenizers_mb_per_s": round(size / other / 1e6, 2),
                        "ratio": round(other / mine, 1)})
    if arguments.format == "json":
        print(json.dumps(results))
        return
    for row in results:
        print(f"{row['text']:<14} {row['bytes']:>9} bytes {row['tokens']:>8} tokens   "
              f"quire {row['quire_mb_per_s']:>7.2f} MB/s   "
              f"tokenizers {row['tokenizers_mb_per_s']:>6.2f} MB/s   ratio {row['ratio']:.1f}")


main()
