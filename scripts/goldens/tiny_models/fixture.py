"""Writes a fixture: everything that a test needs to make the model again and to judge what computes it."""

import base64
import json
import math

import numpy as np

from . import formula


def lines(items):
    return "[\n" + ",\n".join("    " + json.dumps(item) for item in items) + "\n  ]"


def compact(tensor, rules):
    """A part that is a whole tensor as it is says no more than that one's name; nor does a tensor of one such part."""
    if "parts" not in tensor:
        return tensor
    parts = []
    for part in tensor["parts"]:
        whole = part["first"] == 0 and part["loops"] == [[math.prod(rules[part["tensor"]].shape), 1]]
        parts.append({"tensor": part["tensor"]} if whole else part)
    if len(parts) == 1 and "loops" not in parts[0]:
        rest = {key: value for key, value in tensor.items() if key != "parts"}
        return {**rest, "from": parts[0]["tensor"]}
    return {**tensor, "parts": parts}


def text(case, rules, weights, gguf, prompts, logs, continuations, versions):
    """The JSON, a tensor and a prompt a line."""
    tensors = [
        {"name": name, "shape": rule.shape, "scale": rule.scale} | ({"centre": rule.centre} if rule.centre else {})
        for name, rule in rules.items()
    ]
    judged = [
        {
            "tokens": tokens, "greedy": found, "margins": margins,
            "logProbabilities": base64.b64encode(log.astype("<f4").tobytes()).decode(),
        }
        for tokens, log, (found, margins) in zip(prompts, logs, continuations)
    ]
    fields = [
        ("name", json.dumps(case.name)), ("madeWith", json.dumps(versions)), ("config", json.dumps(case.config)),
        ("tensors", lines(tensors)), ("checksum", json.dumps(formula.checksum(weights.values()))),
    ]
    if gguf:
        fields += [
            ("metadata", json.dumps(gguf["metadata"])), ("ggufTensors", lines([compact(t, rules) for t in gguf["tensors"]])),
            ("ggufChecksum", json.dumps(gguf["checksum"])),
        ]
    fields.append(("prompts", lines(judged)))
    result = "{\n" + ",\n".join(f'  "{name}": {value}' for name, value in fields) + "\n}\n"
    json.loads(result)
    return result


def decoded(field, vocabulary):
    """The log-probabilities of a fixture's prompt."""
    return np.frombuffer(base64.b64decode(field), dtype="<f4").reshape(-1, vocabulary)
