#!/usr/bin/env python3
"""Writes what Patterns knows of Unicode: Sources/Patterns/Unicode/GeneralCategory+Data.swift and
UnicodeScript+Data.swift.

The general categories are those of Unicode 16.0, the version of the Oniguruma inside the Python
package `tokenizers` 0.23.3, which is what goldens are made with; scripts and alphabetic characters
are asked of that Oniguruma itself:

    python3 -m venv venv && venv/bin/pip install unicodedata2==16.0.0 tokenizers==0.23.3
    venv/bin/python scripts/unicode/categories.py
"""

import pathlib

import unicodedata2 as unicodedata
from tokenizers import Regex, pre_tokenizers

OUT = pathlib.Path(__file__).resolve().parents[2] / "Sources/Patterns/Unicode"
# In the order of `GeneralCategory`; each is written as one letter.
CATEGORIES = ("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp "
              "Cc Cf Cs Co Cn").split()
LETTERS = "abcdefghijklmnopqrstuvwxyzABCD"
TEXT = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000)
SCRIPTS = """Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak
Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian
Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan
Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic
Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Gurung_Khema Han
Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited
Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li
Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin Lepcha Limbu Linear_A
Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi
Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro
Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu
Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian Old_Permic
Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong
Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada
Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri
Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai
Tibetan Tifinagh Tirhuta Todhri Toto Tulu_Tigalari Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi
Yi Zanabazar_Square""".split()


def base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


def members(pattern: str) -> list[int]:
    pieces = pre_tokenizers.Split(Regex(pattern), "removed", invert=True).pre_tokenize_str(TEXT)
    return sorted(ord(c) for piece, _ in pieces for c in piece)


def ranges(scalars: list[int]) -> str:
    """Runs as `gap` or `gap,length`: scalars left out since the last run, and of the run."""
    words, end, index = [], 0, 0
    while index < len(scalars):
        stop = index
        while stop + 1 < len(scalars) and scalars[stop + 1] == scalars[stop] + 1:
            stop += 1
        length = stop + 1 - index
        gap = base36(scalars[index] - end)
        words.append(gap + ("," + base36(length) if length > 1 else ""))
        end, index = scalars[stop] + 1, stop + 1
    return " ".join(words)


def category_runs() -> str:
    runs: list[list] = []
    for scalar in range(0x110000):
        letter = LETTERS[CATEGORIES.index(unicodedata.category(chr(scalar)))]
        if runs and runs[-1][0] == letter:
            runs[-1][1] += 1
        else:
            runs.append([letter, 1])
    return "".join(letter + (str(n) if n > 1 else "") for letter, n in runs)


def literal(name: str, comment: str, text: str) -> str:
    lines = [text[i:i + 88] for i in range(0, len(text), 88)]
    for i in range(len(lines) - 1):  # A line that ends in a space would lose it.
        while lines[i].endswith(" "):
            lines[i], lines[i + 1] = lines[i][:-1], " " + lines[i + 1]
    body = "".join(f"        {line}\\\n" for line in lines[:-1]) + f"        {lines[-1]}\n"
    return f'    /// {comment}\n    static let {name} = """\n{body}        """\n'


def main() -> None:
    header = "// Written by scripts/unicode/categories.py; do not edit.\n\n"
    letters = {c for c in range(0x110000) if unicodedata.category(chr(c))[0] == "L"
               or unicodedata.category(chr(c)) == "Nl"}
    alphabetic = [c for c in members(r"\p{Alphabetic}") if c not in letters]
    (OUT / "GeneralCategory+Data.swift").write_text(
        header + "extension GeneralCategory {\n    /// The Unicode version of the data.\n"
        f'    package static let unicodeVersion = "{unicodedata.unidata_version}"\n\n'
        + literal("runText", "All scalars from 0 up as runs: the category's letter, and the "
                  "length unless it is 1.", category_runs()) + "\n"
        + literal("otherAlphabeticText", "The alphabetic scalars that are neither letters nor "
                  "letter numbers.", ranges(alphabetic)) + "}\n")
    lines = [f"{name}:{ranges(members(chr(92) + 'p{' + name + '}'))}" for name in SCRIPTS]
    (OUT / "UnicodeScript+Data.swift").write_text(
        header + "extension UnicodeScript {\n"
        + literal("text", "Each script's name and the runs of its scalars.", ";".join(lines))
        + "}\n")


main()
