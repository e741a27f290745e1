#!/usr/bin/env python3
"""Writes Sources/Tokenization/Unicode/NormalizationTable+Data.swift and the digests that its test
compares: canonical combining classes, decompositions and the pairs that compose, in the Unicode
version of the general categories (categories.py). The table is read back here, an implementation of the
normal forms C and D on it is compared with Python's for every scalar and for random texts.

    python3 -m venv venv && venv/bin/pip install unicodedata2==16.0.0
    venv/bin/python scripts/unicode/normalization.py
"""

import json
import pathlib

import unicodedata2 as unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xAC00 + 11172)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if number == 0:
            return text


def class_runs() -> str:
    runs: list[list[int]] = []  # start, length, class
    for scalar in SCALARS:
        ccc = unicodedata.combining(chr(scalar))
        if ccc == 0:
            continue
        if runs and runs[-1][0] + runs[-1][1] == scalar and runs[-1][2] == ccc:
            runs[-1][1] += 1
        else:
            runs.append([scalar, 1, ccc])
    end, words = 0, []
    for start, length, ccc in runs:
        words.append(f"{base36(start - end)},{base36(length)},{base36(ccc)}")
        end = start + length
    return " ".join(words)


def decompositions() -> str:
    last, words = 0, []
    for scalar in SCALARS:
        text = unicodedata.decomposition(chr(scalar))
        if not text or text.startswith("<") or scalar in HANGUL:
            continue
        parts = [int(part, 16) for part in text.split()]
        assert len(parts) <= 2
        # The second of a pair stays as it is.
        assert len(parts) == 1 or unicodedata.normalize("NFD", chr(parts[1])) == chr(parts[1])
        word = ",".join([base36(scalar - last)] + [base36(part) for part in parts])
        composes = unicodedata.normalize("NFC", chr(scalar)) == chr(scalar)
        assert not (composes and len(parts) == 1)
        words.append(word + ("!" if len(parts) == 2 and not composes else ""))
        last = scalar
    return " ".join(words)


def compatible() -> dict[int, list[int]]:
    """Scalars that the forms KC and KD write as others, and those in full."""
    found: dict[int, list[int]] = {}

    def parts(scalar: int) -> list[int]:
        text = unicodedata.decomposition(chr(scalar))
        if not text.startswith("<"):
            return [scalar]
        return [p for part in text.split()[1:] for p in parts(int(part, 16))]

    for scalar in SCALARS:
        if parts(scalar) != [scalar]:
            found[scalar] = parts(scalar)
    # A canonical decomposition may lead to a scalar that is compatible with others.
    for scalar in SCALARS:
        text = unicodedata.decomposition(chr(scalar))
        if text and not text.startswith("<") and scalar not in HANGUL:
            parts_of = [int(part, 16) for part in text.split()]
            if any(part in found for part in parts_of):
                found[scalar] = [q for part in parts_of for q in found.get(part, [part])]
    return found


def mappings(found: dict[int, list[int]]) -> str:
    last, words = 0, []
    for scalar, parts in sorted(found.items()):
        words.append(",".join(base36(n) for n in [scalar - last, *parts]))
        last = scalar
    return " ".join(words)


class Table:
    """Reads the two texts as the Swift code does."""

    def __init__(self, classes: str, decomposed: str) -> None:
        self.ccc: dict[int, int] = {}
        end = 0
        for word in classes.split():
            gap, length, ccc = (int(part, 36) for part in word.split(","))
            for scalar in range(end + gap, end + gap + length):
                self.ccc[scalar] = ccc
            end += gap + length
        self.parts: dict[int, list[int]] = {}
        self.pairs: dict[tuple[int, int], int] = {}
        scalar = 0
        for word in decomposed.split():
            delta, *parts = (int(part, 36) for part in word.rstrip("!").split(","))
            scalar += delta
            self.parts[scalar] = parts
            if len(parts) == 2 and not word.endswith("!"):
                self.pairs[parts[0], parts[1]] = scalar

    def decompose(self, text: list[int]) -> list[int]:
        out: list[int] = []

        def put(scalar: int) -> None:
            if scalar in HANGUL:
                index = scalar - 0xAC00
                out.extend([0x1100 + index // 588, 0x1161 + index % 588 // 28])
                if index % 28:
                    out.append(0x11A7 + index % 28)
            elif scalar in self.parts:
                for part in self.parts[scalar]:
                    put(part)
            else:
                out.append(scalar)

        for scalar in text:
            put(scalar)
        start = 0
        while start < len(out):
            end = start
            while end < len(out) and self.ccc.get(out[end], 0):
                end += 1
            out[start:end] = sorted(out[start:end], key=lambda s: self.ccc[s])
            start = end + 1
        return out

    def pair(self, a: int, b: int) -> int | None:
        if 0x1100 <= a < 0x1113 and 0x1161 <= b < 0x1176:
            return 0xAC00 + ((a - 0x1100) * 21 + b - 0x1161) * 28
        if a in HANGUL and (a - 0xAC00) % 28 == 0 and 0x11A8 <= b < 0x11C3:
            return a + b - 0x11A7
        return self.pairs.get((a, b))

    def compose(self, text: list[int]) -> list[int]:
        out: list[int] = []
        starter, last = None, -1
        for scalar in self.decompose(text):
            ccc = self.ccc.get(scalar, 0)
            if starter is not None and last < ccc:
                found = self.pair(out[starter], scalar)
                if found is not None:
                    out[starter] = found
                    continue
            if ccc == 0:
                starter, last = len(out), -1
            else:
                last = ccc
            out.append(scalar)
        return out


class Random:
    """The linear congruential generator of the test."""

    def __init__(self) -> None:
        self.state = 1

    def below(self, bound: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % bound


def digest(texts) -> str:
    """FNV-1a, 64 bits, over the UTF-8 of all texts, each with a 0 after it."""
    value = 0xCBF29CE484222325
    for text in texts:
        for byte in text.encode() + b"\0":
            value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{value:016x}"


def random_texts(table: Table) -> list[str]:
    """Texts of what decomposes, composes or combines, among letters."""
    lively = sorted(
        set(table.ccc) | set(table.parts) | {part for pair in table.pairs for part in pair}
        | set(range(0x1100, 0x1113)) | set(range(0x1161, 0x1176)) | set(range(0x11A7, 0x11C3))
        | set(range(0xAC00, 0xAC00 + 2000, 7)) | set(range(0x61, 0x7B)))
    random = Random()
    return ["".join(chr(lively[random.below(len(lively))]) for _ in range(1 + random.below(12)))
            for _ in range(50_000)]


def literal(name: str, comment: str, text: str) -> str:
    lines = [text[i:i + 88] for i in range(0, len(text), 88)]
    # A line that ends in a space would lose it.
    for i in range(len(lines) - 1):
        while lines[i].endswith(" "):
            lines[i], lines[i + 1] = lines[i][:-1], " " + lines[i + 1]
    return (f"    /// {comment}\n    static let {name} = \"\"\"\n"
            + "".join(f"        {line}\\\n" for line in lines[:-1])
            + f"        {lines[-1]}\n        \"\"\"\n")


def main() -> None:
    classes, decomposed = class_runs(), decompositions()
    table = Table(classes, decomposed)
    others = compatible()
    texts = [chr(scalar) for scalar in SCALARS]
    mixed = random_texts(table)
    for text in texts + mixed:
        scalars = [ord(c) for c in text]
        for form, ours in ("NFD", table.decompose), ("NFC", table.compose):
            expected = unicodedata.normalize(form, text)
            assert "".join(map(chr, ours(scalars))) == expected, (form, text)
        written = [p for c in scalars for p in others.get(c, [c])]
        for form, ours in ("NFKD", table.decompose), ("NFKC", table.compose):
            expected = unicodedata.normalize(form, text)
            assert "".join(map(chr, ours(written))) == expected, (form, text)
    path = ROOT / "Sources/Tokenization/Unicode/NormalizationTable+Data.swift"
    path.write_text(
        "// Written by scripts/unicode/normalization.py; do not edit.\n\n"
        "extension NormalizationTable {\n"
        "    /// The Unicode version of the data.\n"
        f'    static let unicodeVersion = "{unicodedata.unidata_version}"\n\n'
        + literal("classRuns",
                  "Runs of one combining class: scalars since the last run, length, class.", classes)
        + "\n"
        + literal("decompositions",
                  "Scalars since the last one and its parts; `!` after a pair that does not compose.",
                  decomposed)
        + "}\n")
    path.with_name("CompatibilityTable+Data.swift").write_text(
        "// Written by scripts/unicode/normalization.py; do not edit.\n\n"
        "extension CompatibilityTable {\n"
        + literal("mappings", "Scalars since the last one, and what each is written as.",
                  mappings(others)) + "}\n")
    fixture = {
        "unicode": unicodedata.unidata_version,
        "scalars": {form: digest(unicodedata.normalize(form, t) for t in texts)
                    for form in ("NFC", "NFD", "NFKC", "NFKD")},
        "texts": {form: digest(unicodedata.normalize(form, t) for t in mixed)
                  for form in ("NFC", "NFD", "NFKC", "NFKD")},
        "given": digest(mixed),
    }
    fixture_path = ROOT / "Tests/TokenizationTests/Fixtures/normalization.json"
    fixture_path.write_text(json.dumps(fixture, indent=1) + "\n")


main()
