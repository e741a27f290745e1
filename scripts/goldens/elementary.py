#!/usr/bin/env python3
"""Writes Tests/TensorsTests/Elementary/ElementaryValues.swift: elementary functions by mpmath.

    python3 -m venv venv && venv/bin/pip install mpmath==1.3.0
    venv/bin/python scripts/goldens/elementary.py

A value is given as the nearest double and, as a double again, what that leaves over.
"""

import math
import pathlib
import random
import re

import mpmath as mp

OUT = pathlib.Path(__file__).resolve().parents[2]
OUT /= "Tests/TensorsTests/Elementary/ElementaryValues.swift"
# The largest double needs 1,024 bits of pi before what is left of it has any.
mp.mp.prec = 1400

EXPONENTS = [1.0, -1.0, 0.5, 1e-9, -1e-300, 0.34657359027997264, 0.3465735902799727, 708.5, -707.5]
LOGARITHMS = [2.0, 10.0, 0.5, 1.4142135623730951, 1.4142135623730954, 0.7071067811865476, 1e-300,
              1e300, 1 + 2.0**-52, 1 - 2.0**-53, 1 + 2.0**-30, 151936.0, 32.0]
# Bases of rotary embeddings, and exponents of their heads.
POWERS = [(base, 2 * pair / size) for base in (10000.0, 500000.0, 1000000.0)
          for size, pair in ((64, 1), (64, 31), (80, 7), (128, 63), (256, 100))]
POWERS += [(3.0, 5.0), (1.0000001, 1e6), (0.3, -200.0), (40.0, 0.6), (2.0, -1020.5)]
# The double that comes nearest to a multiple of pi / 2 is the first.
ANGLES = [6381956970095103 * 2.0**797, 1.7976931348623157e308, 0.5, 0.7853981633974483,
          0.7853981633974484, 1.5707963267948966, 3.141592653589793, -2.0, 1e-9, 4.71238898038469,
          1048575.0, -1048575.5, 2.0**31 - 1, 131071 * 0.8659643233600653]


def spread(count, low, high, seed):
    """Numbers whose logarithms are spread evenly."""
    numbers = random.Random(seed)
    return [math.exp(numbers.uniform(math.log(low), math.log(high))) for _ in range(count)]


def entry(arguments, function):
    exact = function(*(mp.mpf(x) for x in arguments))
    high = float(exact)
    numbers = (*arguments, high, float(exact - mp.mpf(high)))
    return ", ".join(re.sub(r"\.?0*p", "p", x.hex()) for x in numbers)


def table(name, columns, entries):
    rows = "".join(f"        ({row}),\n" for row in entries)
    return f"    static let {name}: [({columns})] = [\n{rows}    ]\n"


def main():
    one, two = "Double, Double, Double", "Double, Double, Double, Double"
    signed = [x * sign for x, sign in zip(spread(20, 1e-3, 700, 1), [1, -1] * 10)]
    angles = ANGLES + spread(16, 0.1, 2.0**20, 2)
    # Next to multiples of pi / 2, where little is left of an angle.
    angles += [float(n * mp.pi / 2) for n in (2, 11, 1000, 12345, 667543, 667544, 1048576)]
    tables = [
        table("exponentials", one, [entry((x,), mp.exp) for x in EXPONENTS + signed]),
        table("logarithms", one, [entry((x,), mp.log)
                                  for x in LOGARITHMS + spread(20, 1e-20, 1e20, 3)]),
        table("powers", two, [entry(pair, mp.power) for pair in POWERS]),
        table("sines", one, [entry((x,), mp.sin) for x in angles]),
        table("cosines", one, [entry((x,), mp.cos) for x in angles]),
    ]
    OUT.write_text(
        "/// Exact values: arguments, the nearest double, and what that leaves over, as mpmath has\n"
        "/// them. Written by scripts/goldens/elementary.py.\n"
        "enum ElementaryValues {\n" + "\n".join(tables) + "}\n")


main()
