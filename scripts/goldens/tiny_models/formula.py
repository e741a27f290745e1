"""Weights by a formula, in steps that are exact everywhere, so that a fixture need not hold them.

An element of a tensor is a function of the tensor's name and the element's index: four 16-bit uniforms of a
SplitMix64 step are summed and cut to 8 bits, which is nearly a normal distribution; the integer times the tensor's
scale, plus its centre, is rounded to bfloat16. Scales are such that float16 holds the same value: one model is the
same in all three types. Tests/GoldenModels/Formula.swift is this file in Swift.
"""

import dataclasses

import numpy as np

# The standard deviation of the integers: of four uniforms on 16 bits, cut by 2^10.
SPREAD = 37.0
MASK = (1 << 64) - 1


@dataclasses.dataclass
class Rule:
    """How a tensor's values come about: `centre + integer * scale`."""

    shape: list
    centre: float = 0.0
    scale: float = 0.0


def seed(name):
    """FNV-1a, 64 bits, of the name."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def integers(name, count):
    """Integers from -128 to 127."""
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed = steps + np.uint64(seed(name))
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    total = np.zeros(count, dtype=np.int64)
    for shift in (0, 16, 32, 48):
        total += ((mixed >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.int64)
    return (total - 131_070) >> 10


def bfloat16(values):
    """Float32 values rounded to the nearest bfloat16, ties to even."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    rounded = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (rounded & np.uint32(0xFFFF0000)).view(np.float32)


def values(name, rule):
    """The tensor's elements in row-major order."""
    count = int(np.prod(rule.shape))
    product = integers(name, count).astype(np.float32) * np.float32(rule.scale)
    result = bfloat16(product + np.float32(rule.centre))
    if not np.array_equal(result.astype(np.float16).astype(np.float32), result):
        raise ValueError(f"{name}: float16 does not hold its values")
    return result.reshape(rule.shape)


def checksum(arrays):
    """FNV-1a over the 32-bit patterns of float32 arrays, one after the other."""
    value = 0xCBF29CE484222325
    for array in arrays:
        for word in np.ascontiguousarray(array, dtype="<f4").reshape(-1).view("<u4").tolist():
            value = ((value ^ word) * 0x100000001B3) & MASK
    return f"{value:016x}"
