"""Makes Tests/GoldenModels/Fixtures: for each architecture a tiny model and what transformers says of it in float32.

    bash architectures.sh [NAME ...]        makes the virtual environment, then runs this with the names

A fixture holds no weights. They come from a formula (tiny_models/formula.py), so that a test makes the same model
again, as a folder of safetensors and as the GGUF file that llama.cpp's converter makes of that folder. Before it is
written, a fixture shows that it can tell a right implementation from a wrong one (tiny_models/tells.py).

Made with torch 2.13.0, transformers 5.24.0 and the converter in the source archive of llama-cpp-python 0.3.36.
"""

import argparse
import logging
import pathlib
import sys
import tempfile
import time
import traceback

import torch
import transformers
from safetensors.numpy import load_file

from tiny_models import calibrate, cases, checkpoint, converted, fixture, reference, tells

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "GoldenModels" / "Fixtures"


def versions(converter):
    return {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "converter": converter}


def make(case, options, folder):
    print(case.name, flush=True)
    rules = calibrate.calibrated(folder, case)
    model = checkpoint.load(folder)
    prompts = reference.prompts(case)
    logs = reference.all_log_probabilities(model, prompts)
    continuations = [reference.greedy(model, tokens) for tokens in prompts]
    if not options.untold:
        tells.check(folder, case, prompts, logs)
    gguf = None if case.no_gguf else converted.form(options.llama_cpp, folder, case, rules)
    text = fixture.text(
        case, rules, load_file(folder / "model.safetensors"), gguf, prompts, logs, continuations,
        versions(options.converter))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{case.name}.json").write_text(text)
    print(f"  {len(text)} bytes", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="the fixtures to make; all of them if none is named")
    parser.add_argument("--llama-cpp", type=pathlib.Path, required=True, help="a tree with convert_hf_to_gguf.py")
    parser.add_argument("--converter", default="llama-cpp-python 0.3.36", help="where that tree came from")
    parser.add_argument("--out", type=pathlib.Path, default=FIXTURES)
    parser.add_argument("--untold", action="store_true", help="do not check that the fixtures can tell")
    parser.add_argument("--traceback", action="store_true", help="show where a failure came from")
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.disable(logging.WARNING)
    failed, start = [], time.time()
    for case in cases.every():
        if options.names and case.name not in options.names:
            continue
        try:
            with tempfile.TemporaryDirectory() as name:
                make(case, options, pathlib.Path(name) / "model")
        except Exception as error:  # noqa: BLE001 - the others are made all the same
            if options.traceback:
                traceback.print_exc()
            failed.append(case.name)
            print(f"  failed: {type(error).__name__}: {error}", flush=True)
    print(f"{time.time() - start:.0f} s; failed: {failed or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
