#!/usr/bin/env python3
"""Writes Tests/PatternsTests/Fixtures/oniguruma.json and ecma.json: regular expressions, texts, and
the matches that other engines find in them.

What `Split` patterns mean is asked of the Oniguruma inside the Python package `tokenizers`, what
ECMA's mean of Node.js with the flag `u`:

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python scripts/goldens/patterns.py

All patterns and texts are generated here from a fixed seed, but for those of well-known tokenizers.
With two numbers, a seed and a count, so many cases go to standard output instead.
"""

import json
import pathlib
import random
import re
import subprocess
import sys

from tokenizers import Regex, pre_tokenizers

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/PatternsTests/Fixtures"
RANDOM = random.Random(16)
LETTERS = ["a", "b", "c", "A", "B", "K", "s", "S", "k", "\u017f", "\u212a", "\u00e9", "\u0301", "\u03b1",
           "\u0416", "\u6f22", "\u304b", "\u30ab", "\ud55c", "1", "2", "\u0661", "\u00bd", "\u2167", " ",
           "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "'", ".", "-", "_", "$", "+", "\U0001f600",
           "\u200d", "\u0130", "\u0131", "\u00b2", "\u01c5", "\u0085", "\u2028"]
SETS = [r"\p{L}", r"\p{N}", r"\s", r"\d", r"\w", r"\S", r"\W", r"\p{Lu}", r"\p{Ll}", r"\P{L}",
        r"\p{Han}", r"\p{^N}", r"\p{P}", r"\p{M}", r"\h", ".", "[a-c]", "[^a-c]", r"[\p{L}\p{M}]",
        r"[^\s\p{L}\p{N}]", r"[a-z&&[^b]]", r"[\p{L}&&[^\p{Han}]]", r"[^\p{L}&&[^a]]", r"[\r\n]",
        r"[A-Z\d_]", r"[\w&&\p{Lu}]", r"[\--a]", r"[^\n]", r"\p{Hiragana}", r"\x{6F22}", r"\u0416", r"\x41"]
KNOWN = [
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    # A pattern with intersections, as one that splits Han apart has it.
    r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    r"(?<=\p{Ll})(?=\p{Lu})", r"\b", r"(?<!\d)\d{3}(?=(?:\d{3})*(?!\d))", r"^\s+|\s+$", r"\A\w+|\w+\z|\w+\Z",
    r"(?m:.+)", r".+", r"(?x) \p{L} + # letters", r"(?i)straSSe|k+", r"a(?i)b|c", r"(?>a+)a|b", r"(?:a*)*b",
    r"(?:a|ab)(?:c|bcd)d*", r"(?:a??b??)*c", r"x*", r"", r"a{2}{2}", r"xa{2}?", r"a{,2}b", r"a{x}", r"{",
    r"(?<name>a)b", r"[]a]+", r"[&&a]|b", r"(?<=a|bc)[a-z]", r"(?<!a|bc)[a-z]",
]


def atom(depth: int) -> str:
    kind = RANDOM.random()
    if kind < 0.45 or depth == 0:
        if RANDOM.random() < 0.5:
            return re.escape(RANDOM.choice(LETTERS[:32])).replace("\\\n", r"\n")
        return RANDOM.choice(SETS)
    if kind < 0.75:
        return RANDOM.choice(["(", "(?:", "(?:", "(?i:", "(?>"]) + choice(depth - 1) + ")"
    if kind < 0.85:
        return RANDOM.choice(["(?=", "(?!"]) + choice(depth - 1) + ")"
    if kind < 0.9:
        return RANDOM.choice(["(?<=", "(?<!"]) + RANDOM.choice(SETS + LETTERS[:8]) + ")"
    return RANDOM.choice([r"\b", r"\B", "^", "$", r"\A", r"\z", r"\Z"])


def sequence(depth: int) -> str:
    parts = []
    for _ in range(RANDOM.randint(1, 3)):
        part = atom(depth)
        if not part.startswith(("(?=", "(?!", "(?<", r"\b", r"\B", r"\A", r"\z", r"\Z", "^", "$")) \
                and RANDOM.random() < 0.5:
            if len(part) > 1 and part[0] not in "([\\":
                part = "(?:" + part + ")"
            part += RANDOM.choice(["*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,3}",
                                   "{2,}", "{,2}", "{1,2}?"])
        parts.append(part)
    return "".join(parts)


def choice(depth: int) -> str:
    return "|".join(sequence(depth) for _ in range(RANDOM.choice([1, 1, 1, 2, 3])))


def text() -> str:
    return "".join(RANDOM.choice(LETTERS) for _ in range(RANDOM.randint(0, 24)))


def utf8(value: str, start: int, end: int) -> list[int]:
    return [len(value[:start].encode()), len(value[:end].encode())]


def oniguruma(pattern: str, value: str) -> list[list[int]] | None:
    """The matches that are not empty; None if the pattern is refused."""
    try:
        split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    except Exception:
        return None
    return [utf8(value, *offsets) for _, offsets in split.pre_tokenize_str(value)] if value else []


ECMA = [r"^[a-z]+$", r"^(?:a|ab)(?:c|bcd)$", r"[^]", r"\d+", r"\w+", r"\bk\w*", r"\D+", r"[\w-]+",
        r"^\p{Lu}\p{L}*$", r"\p{Script=Han}+", r"(?<year>\d{4})-(?<month>\d\d)", r"a{2,3}?", r"\u{1F600}",
        r"\uD83D\uDE00", r"[\u0400-\u04ff]+", r"(?<=a)b|(?<!a)c", r"(?!ab)a.", r".+", r"[a\-z\]]+", r"\x41+",
        r"[$-.]+", r"\$\.\+", r"(?:[01]\d|2[0-3]):[0-5]\d", r"^$|^.{2,5}$", r"\cJ", r"a|", r"\/", r"\s+", r"\S+",
        r"(?=(?:.{2})+$).", r"[^\s\w]", r"\B.", r"\W+", r"[\d\-x]+", r"\p{Script=Cyrillic}|\P{ASCII}"]


NODE = r"""
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const bytes = (text, end) => Buffer.byteLength(text.slice(0, end));
console.log(JSON.stringify(cases.map(([pattern, texts]) => texts.map(text =>
  [...text.matchAll(new RegExp(pattern, "gu"))].filter(m => m[0].length > 0)
    .map(m => [bytes(text, m.index), bytes(text, m.index + m[0].length)])))));
"""


def ecma(patterns: list[str], samples: list[str]) -> list:
    given = json.dumps([[pattern, samples] for pattern in patterns])
    return json.loads(subprocess.run(["node", "-e", NODE], input=given, capture_output=True,
                                     check=True, text=True).stdout)


def cases(count: int, known: list[str]) -> list[dict]:
    result = []
    for index in range(count + len(known)):
        pattern = known[index] if index < len(known) else choice(RANDOM.randint(0, 2))
        samples = [text() for _ in range(4)]
        if index < len(known):
            samples += ["I'll pay $10,000.50 -- you\u2019re NOT?\n\n  \u6f22\u5b57kana\u304b\n ",
                        "aab abcd aaaabc straSSe KKk xaa a{x} {a} 1234567 camelCase", "  a \n b  \n"]
        matches = [oniguruma(pattern, value) for value in samples]
        result.append({"pattern": pattern, "texts": samples, "matches": matches})
    return result


def main() -> None:
    if len(sys.argv) == 3:
        RANDOM.seed(int(sys.argv[1]))
        for case in cases(int(sys.argv[2]), []):
            print(json.dumps(case))
        return
    OUT.mkdir(parents=True, exist_ok=True)
    found = [case for case in cases(320, KNOWN) if case["matches"][0] is not None]
    write("oniguruma.json", found)
    samples = ["", "abc", "ab", "abcd", "abbcd", "2026-12-01 23:59 24:00", "k K \u212a kk", "\u6f22\u5b57 \u0416\u0436",
               "\U0001f600!", "aaaa ab cb c", "a-z]$.+", "AAb\n\nx/y", "\u00c9l\u00e9gant", "\u0661\u0662"]
    write("ecma.json", [{"pattern": pattern, "texts": samples, "matches": matches}
                        for pattern, matches in zip(ECMA, ecma(ECMA, samples))])


def write(name: str, value: list) -> None:
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in value)
    (OUT / name).write_text("[" + lines + "]\n")


main()
