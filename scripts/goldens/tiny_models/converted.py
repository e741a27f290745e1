"""The GGUF form: what llama.cpp's converter makes of a folder, as recipes from the folder's tensors.

The converter runs twice. The first time every element of the checkpoint is a number of its own, so that the result
shows where each element went; the second time on the model itself, and the recipes must give its bytes.
"""

import contextlib
import copy
import importlib
import io
import json
import sys

import numpy as np
import torch
from safetensors.numpy import load_file

from . import checkpoint, formula


def modules(root):
    """The converter of a llama.cpp tree, and that tree's own gguf package."""
    for folder in (root / "gguf-py", root):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return importlib.import_module("conversion"), importlib.import_module("gguf")


def without_vocabulary(kind):
    """The class without its reading of a tokenizer: the tiny models have none."""
    return type(kind.__name__, (kind,), {"model_arch": kind.model_arch, "set_vocab": lambda self: None})


def convert(root, folder, path):
    """Runs the converter with 32-bit output; tensors by name, and metadata."""
    conversion, gguf = modules(root)
    hparams = conversion.ModelBase.load_hparams(folder, False)
    name = conversion.get_model_architecture(hparams, conversion.ModelType.TEXT)
    kind = without_vocabulary(conversion.get_model_class(name))
    path.unlink(missing_ok=True)
    # Keys that a newer transformers renames are read under the hub's names too.
    hparams = {**json.loads((folder / "config.json").read_text()), **hparams}
    with torch.inference_mode(), contextlib.redirect_stderr(io.StringIO()):
        model = kind(folder, gguf.LlamaFileType.ALL_F32, path, hparams=hparams)
        if hasattr(model, "impl"):
            model.impl.set_vocab = lambda: None
        model.write()
    reader = gguf.GGUFReader(path)
    tensors = {}
    for tensor in reader.tensors:
        if tensor.tensor_type != gguf.GGMLQuantizationType.F32:
            raise ValueError(f"{tensor.name} is {tensor.tensor_type.name}")
        tensors[tensor.name] = np.array(tensor.data, dtype=np.float32).reshape(
            [int(n) for n in reversed(tensor.shape)])
    return tensors, metadata(reader, gguf)


def named(root, folder, architecture):
    """Tensors as they are, under the names that GGUF has for an architecture that no converter knows."""
    _, gguf = modules(root)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[architecture], 64)
    arrays = load_file(folder / "model.safetensors")
    return {names.get_name(name, (".weight", ".bias")): values for name, values in arrays.items()}, {}


SKIPPED = ("GGUF.", "tokenizer.", "general.")


def metadata(reader, gguf):
    """{key: [type, value]}; the tokenizer's and the model card's keys are left out."""
    found = {}
    for key, field in reader.fields.items():
        if key.startswith(SKIPPED) and key != "general.architecture":
            continue
        kinds = [kind.name.lower() for kind in field.types]
        value = field.contents()
        if kinds[-1] == "float32":
            value = [shortest(v) for v in value] if isinstance(value, list) else shortest(value)
        found[key] = [":".join(kinds), value]
    return found


def shortest(value):
    """The shortest decimal number that is this float32."""
    return float(str(np.float32(value)))


def numbered(shapes):
    """Every element 4 times a number of its own, and the first number of each tensor."""
    arrays, starts, next_number = {}, {}, 1
    for name, shape in shapes.items():
        count = int(np.prod(shape))
        starts[name] = next_number
        arrays[name] = (4 * np.arange(next_number, next_number + count)).astype(np.float32).reshape(shape)
        next_number += count
    if 4 * next_number >= 1 << 24:
        raise ValueError("too many elements to number in float32")
    return arrays, starts


def pieces(numbers):
    """Cuts numbers where the length of runs of equal steps changes."""
    steps = np.diff(numbers)
    cuts, begin, previous = [0], 0, None
    while begin < len(numbers):
        breaks = np.flatnonzero(steps[begin:] != steps[begin]) if begin < len(steps) else []
        run = int(breaks[0]) + 1 if len(breaks) else len(numbers) - begin
        if previous not in (None, run):
            cuts.append(begin)
        begin, previous = begin + run, run
    return [numbers[a:b] for a, b in zip(cuts, [*cuts[1:], len(numbers)])]


def loops(numbers):
    """Numbers as nested strides, the outermost first: [[count, stride], ...]; None if they are not."""
    found, rest = [], numbers
    while len(rest) > 1:
        steps = np.diff(rest)
        breaks = np.flatnonzero(steps != steps[0])
        run = int(breaks[0]) + 1 if len(breaks) else len(rest)
        if len(rest) % run:
            return None
        rows = rest.reshape(-1, run)
        if not np.all(np.diff(rows, axis=1) == steps[0]):
            return None
        found.append([run, int(steps[0])])
        rest = rows[:, 0]
    return found[::-1]


def recipe(values, starts):
    """Where a tensor's elements come from: parts of (tensor, first element, loops), then `plus` and `negated`."""
    if np.any(np.abs(values) >= 1 << 24):
        return None
    flat = values.reshape(-1).astype(np.int64)
    negated = bool(flat[0] < 0)
    if negated:
        flat = -flat
    plus = int(flat[0] % 4)
    if not np.array_equal(flat, values.reshape(-1) * (-1 if negated else 1)) or np.any(flat % 4 != plus) or plus > 1:
        return None
    numbers = (flat - plus) // 4
    names, firsts = list(starts), np.array(list(starts.values()))
    owner = np.searchsorted(firsts, numbers, side="right") - 1
    if owner.min() < 0:
        return None
    parts = []
    cuts = [0, *(np.flatnonzero(np.diff(owner)) + 1), len(numbers)]
    for begin, end in zip(cuts, cuts[1:]):
        whole = numbers[begin:end]
        for piece in [whole] if loops(whole) is not None else pieces(whole):
            shape = loops(piece)
            if shape is None:
                return None
            first = int(piece[0]) - int(firsts[owner[begin]])
            parts.append({"tensor": names[owner[begin]], "first": first, "loops": shape})
    result = {"parts": parts}
    if plus:
        result["plus"] = plus
    if negated:
        result["negated"] = True
    return result


def made(recipe_, shape, arrays):
    """What a recipe makes of the checkpoint's tensors."""
    pieces = []
    for part in recipe_["parts"]:
        index = np.array([part["first"]])
        for count, stride in part["loops"]:
            index = (index[:, None] + stride * np.arange(count)).reshape(-1)
        pieces.append(arrays[part["tensor"]].reshape(-1)[index])
    result = np.concatenate(pieces).reshape(shape)
    result = -result if recipe_.get("negated") else result
    return result + np.float32(recipe_["plus"]) if "plus" in recipe_ else result


def with_keys(config, keys):
    """A configuration with further keys, those of an inner object after a point."""
    result = copy.deepcopy(config)
    for name, value in keys.items():
        *outer, last = name.split(".")
        inner = result
        for key in outer:
            inner = inner[key]
        inner[last] = value
    return result


def form(root, folder, case, rules):
    """The fixture's part about GGUF: metadata, and tensors with their recipes."""
    weights = load_file(folder / "model.safetensors")
    arrays, starts = numbered({name: rule.shape for name, rule in rules.items()})
    path = folder / "model.gguf"
    checkpoint.write_config(folder, with_keys(case.config, case.for_converter))
    checkpoint.write_weights(folder, arrays)
    shown, _ = named(root, folder, case.named_as) if case.named_as else convert(root, folder, path)
    checkpoint.write_weights(folder, weights)
    real, keys = named(root, folder, case.named_as) if case.named_as else convert(root, folder, path)
    checkpoint.write_config(folder, case.config)
    tensors = []
    for name, values in real.items():
        entry = {"name": name, "dimensions": list(reversed(values.shape))}
        found = recipe(shown[name], starts)
        if found is None:
            # Made by the converter itself, from the configuration.
            if not np.array_equal(shown[name], values):
                raise ValueError(f"{name}: no recipe for it was found")
            entry["values"] = [shortest(v) for v in values.reshape(-1)]
        else:
            if not np.array_equal(made(found, values.shape, weights), values):
                raise ValueError(f"{name}: its recipe does not make the converter's bytes")
            entry |= found
        tensors.append(entry)
    keys |= {key: list(pair) for key, pair in case.taken_for_granted.items()}
    return {"metadata": keys, "tensors": tensors, "checksum": formula.checksum(real.values())}
