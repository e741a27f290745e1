#!/usr/bin/env python3
"""Sets Quire beside other engines: the same work, on the same model file, in turns.

    swift build -c release
    Benchmarks/peers/compare.py --model MODEL.gguf [--pairs 5] [--format text|json]
    Benchmarks/peers/compare.py --model MODEL.gguf --openvino FOLDER     # a converted model
    Benchmarks/peers/compare.py --model MODEL.gguf --vllm FOLDER_OR_NAME # the unquantised model

The work: a prompt of 512 tokens; 128 tokens after a prompt of 16; and 16 and 32 sequences decoding
together. llama.cpp (the package llama-cpp-python) is tried first in four settings for each piece of
work (flash attention off and on, one cache or one for each sequence), and its best one is compared.
Each peer lives in a virtual environment of its own, below .build, which is made when it is missing;
llama-cpp-python is built from source for this machine, which takes ten minutes and a C++ compiler.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = ROOT / ".build" / "benchmarks" / "peers"
PROMPT = 16
DECODE = {1: 128, 16: 48, 32: 32}
PACKAGES = {"llama.cpp": ["llama-cpp-python"], "openvino": ["openvino-genai"], "vllm": ["vllm"]}


def environment(peer, given=None):
    """The Python of a peer's own environment, which is made when it is missing."""
    folder = pathlib.Path(given) if given else WORK / peer
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {peer} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES[peer]], check=True)
    return str(python)


def realtime(arguments):
    """What puts a process before all others, where that is allowed and wanted: an engine whose
    threads wait for each other in a loop loses several times its speed to one other process."""
    if not arguments.realtime:
        return []
    if shutil.which("chrt") is None:
        sys.exit("--realtime needs chrt (util-linux) and the right to use it")
    return ["chrt", "-f", "10"]


def rows_of(command, arguments):
    done = subprocess.run(realtime(arguments) + command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def works():
    return ["prefill:512"] + [f"decode:{batch}:{steps}" for batch, steps in DECODE.items()]


def quire(arguments, work):
    """Tokens a second of one run of the command, warmed up."""
    kind, *numbers = work.split(":")
    command = [arguments.quire, "bench", "throughput", "--model", arguments.model, "--threads",
               str(arguments.threads), "--repetitions", "1", "--format", "json"]
    if kind == "prefill":
        command += ["--prompt-length", numbers[0], "--output-length", "2", "--batch", "1"]
        return rows_of(command, arguments)[0]["prefill_tok_s"]
    # The first token of an answer comes with the prompt.
    command += ["--prompt-length", str(PROMPT), "--output-length", str(int(numbers[1]) + 1),
                "--batch", numbers[0]]
    return rows_of(command, arguments)[0]["decode_tok_s"]


class LlamaCpp:
    name = "llama.cpp"

    def __init__(self, arguments):
        self.arguments = arguments
        self.python = environment(self.name, arguments.llama_environment)
        self.best = {}

    def run(self, work, settings):
        command = [self.python, str(HERE / "llama_cpp_work.py"), "--model", self.arguments.model,
                   "--threads", str(self.arguments.threads), "--prompt", str(PROMPT), "--work",
                   work, "--repetitions", "1", *settings]
        return rows_of(command, self.arguments)[0]["tokens_per_s"][0]

    def choose(self, work):
        """The best of the settings for a piece of work."""
        choices = [["--flash", flash, *unified] for flash in ("off", "on")
                   for unified in ([], ["--unified"])
                   if not unified or not work.startswith(("prefill", "decode:1:"))]
        self.best[work] = max(choices, key=lambda settings: self.run(work, settings))

    def measure(self, work):
        if work not in self.best:
            self.choose(work)
        return self.run(work, self.best[work])

    def setting(self, work):
        return " ".join(self.best[work]).replace("--", "")


class Other:
    """A peer with a script of its own, which takes the same pieces of work."""

    def __init__(self, arguments, name, script, model, given):
        self.arguments, self.name, self.model = arguments, name, model
        self.script = str(HERE / script)
        self.python = environment(name, given)

    def measure(self, work):
        command = [self.python, self.script, "--model", self.model, "--threads",
                   str(self.arguments.threads), "--prompt", str(PROMPT), "--work", work]
        return rows_of(command, self.arguments)[0]["tokens_per_s"][0]

    def setting(self, work):
        return "default"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--quire", default=str(ROOT / ".build/release/quire"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--work", action="append", help="only this: prefill:N or decode:S:N")
    parser.add_argument("--no-llama", action="store_true", help="leave llama.cpp out")
    parser.add_argument("--openvino", metavar="FOLDER", help="a model converted for OpenVINO")
    parser.add_argument("--vllm", metavar="MODEL", help="a model that vLLM can read")
    parser.add_argument("--llama-environment", metavar="FOLDER",
                        help="a virtual environment that has llama-cpp-python already")
    parser.add_argument("--realtime", action="store_true",
                        help="run both sides before all other processes (chrt -f)")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    arguments = parser.parse_args()
    peers = [] if arguments.no_llama else [LlamaCpp(arguments)]
    if arguments.openvino:
        peers.append(Other(arguments, "openvino", "openvino_work.py", arguments.openvino, None))
    if arguments.vllm:
        peers.append(Other(arguments, "vllm", "vllm_work.py", arguments.vllm, None))
    if not peers:
        sys.exit("no peer is left to compare with")
    name = pathlib.Path(arguments.model).name
    if arguments.format == "text":
        print(f"{name}, {arguments.threads} threads, medians of {arguments.pairs} pairs, tokens/s")
        print(f"{'work':<14} {'peer':<10} {'setting':<22} {'quire':>8} {'peer':>8} {'ratio':>6}"
              "  ratios of the pairs")
    for peer in peers:
        for work in arguments.work or works():
            ours, theirs = [], []
            for pair in range(arguments.pairs):
                # Who goes first changes, so that neither always finds the machine as the other
                # has left it.
                for side in ("quire", "peer") if pair % 2 == 0 else ("peer", "quire"):
                    if side == "quire":
                        ours.append(quire(arguments, work))
                    else:
                        theirs.append(peer.measure(work))
            ratios = [mine / other for mine, other in zip(ours, theirs)]
            row = {"model": name, "threads": arguments.threads, "work": work, "peer": peer.name,
                   "setting": peer.setting(work), "quire_tok_s": statistics.median(ours),
                   "peer_tok_s": statistics.median(theirs), "ratio": statistics.median(ratios),
                   "quire_all_tok_s": ours, "peer_all_tok_s": theirs}
            if arguments.format == "json":
                print(json.dumps(row), flush=True)
            else:
                print(f"{work:<14} {peer.name:<10} {row['setting']:<22} {row['quire_tok_s']:>8.1f}"
                      f" {row['peer_tok_s']:>8.1f} {row['ratio']:>6.2f}  "
                      + " ".join(f"{ratio:.2f}" for ratio in ratios), flush=True)


main()
