#!/usr/bin/env python3
"""Writes Sources/Tokenization/Unicode/CharacterClassTable+Data.swift.

The table holds the general categories that pre-tokenizer patterns name, in the Unicode version of
the Oniguruma inside the Python package `tokenizers` 0.23.3, which is what goldens are made with:

    python3 -m venv venv && venv/bin/pip install unicodedata2==16.0.0
    venv/bin/python scripts/unicode/classes.py
"""

import pathlib

import unicodedata2 as unicodedata

END = 0x32400  # Beyond, only U+E0100...U+E01EF (marks) are of any class that patterns name.
WHITE_SPACE = (
    {0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
    | set(range(9, 14)) | set(range(0x2000, 0x200B)))
CODES = {"Lu": "u", "Lt": "u", "Ll": "l", "Lm": "c", "Lo": "c", "M": "m", "N": "n", "P": "p", "S": "s"}


def code(scalar: int) -> str:
    if scalar in WHITE_SPACE:
        return "w"
    category = unicodedata.category(chr(scalar))
    return CODES.get(category) or CODES.get(category[0]) or "o"


def main() -> None:
    for scalar in range(END, 0x110000):
        expected = "m" if 0xE0100 <= scalar <= 0xE01EF else "o"
        assert code(scalar) == expected, hex(scalar)
    runs: list[list] = []
    for scalar in range(END):
        letter = code(scalar)
        if runs and runs[-1][0] == letter:
            runs[-1][1] += 1
        else:
            runs.append([letter, 1])
    text = "".join(letter + (str(n) if n > 1 else "") for letter, n in runs)
    lines = [text[i:i + 88] for i in range(0, len(text), 88)]
    root = pathlib.Path(__file__).resolve().parents[2]
    path = root / "Sources/Tokenization/Unicode/CharacterClassTable+Data.swift"
    path.write_text(
        "// Written by scripts/unicode/classes.py; do not edit.\n\n"
        "extension CharacterClassTable {\n"
        f"    /// The Unicode version of `runs`.\n"
        f'    static let unicodeVersion = "{unicodedata.unidata_version}"\n\n'
        "    /// The classes of all scalars from 0 up as runs: a letter for the class, and the\n"
        "    /// length of the run where it is not 1.\n"
        '    static let runs = """\n'
        + "".join(f"        {line}\\\n" for line in lines[:-1]) + f"        {lines[-1]}\n"
        '        """\n}\n')


main()
