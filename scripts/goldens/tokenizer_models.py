#!/usr/bin/env python3
"""Writes the fixtures of TokenizationTests for Unigram, WordPiece, `tokenizer.model` files, and the
steps of a `tokenizer.json` around them: tiny vocabularies, and what the field's own packages make of
the texts of texts.json (run tokenizer_fixtures.py first).

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    venv/bin/python scripts/goldens/tokenizer_models.py
"""

import base64
import json
import pathlib
import random
import tempfile

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers as pre, processors, trainers

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/TokenizationTests/Fixtures"
RANDOM = random.Random(17)
ALL = json.loads((OUT / "texts.json").read_text())
SAMPLES = ALL[::3] + [
    "\uff28\uff45\uff4c\uff4c\uff4f\u3000\ufb01\u2460 \u00bd\u2026 caf\u00e9 cafe\u0301 \ufdfa \u1e9b\u0323",
    "  leading and trailing  ", "\u2581a \u2581\u2581b", "na\u00efve R\u00e9sum\u00e9 \u00c5ngstr\u00f6m \u0130stanbul",
    "\u4f60\u597dabc\u4e16\u754c!don't I'm they've \u00bfqu\u00e9?", "one\ttwo\r\nthree\u00a0four\u200bfive\x07six",
    "<mask>keep<x>these</x>", "x" * 120 + " y", "word-with-dashes_and_underscores 12345,67",
]
# Rules for SentencePiece's normalizer that make a small table; the full one has 240 kB.
RULES = {"\uff28": "H", "\uff45": "e", "\uff4c": "l", "\uff4f": "o", "\u3000": " ", "\ufb01": "fi",
         "\u2460": "1", "\u00bd": "1\u20442", "\u2026": "...", "e\u0301": "\u00e9", "\u00a0": " ", "\t": " ",
         "\n": " ", "\r": " ", "\u200b": "", "\u201c": "\"", "\u201d": "\"", "ABC": "abc", "AB": "x"}


def corpus() -> list[str]:
    words = [word for text in ALL for word in text.split() if "\0" not in word]
    return [" ".join(RANDOM.choice(words) for _ in range(12)) for _ in range(1500)]


def ids(tokenizer: Tokenizer) -> list[list[int]]:
    return [tokenizer.encode(text, add_special_tokens=False).ids for text in SAMPLES]


def case(name: str, tokenizer: Tokenizer, keys: list[str]) -> dict:
    found = ids(tokenizer)
    file = json.loads(tokenizer.to_str())
    return {"name": name, "members": {key: file[key] for key in keys}, "ids": found,
            "decoded": [tokenizer.decode(i, skip_special_tokens=True) for i in found]}


def split(pattern: str, behavior: str = "isolated", invert: bool = False):
    return pre.Split(Regex(pattern), behavior, invert)


def pipelines() -> list[dict]:
    """Steps before a byte-level vocabulary, which can write what any of them leaves."""
    tokenizer = Tokenizer.from_str(json.dumps(json.loads((OUT / "byte-level.json").read_text())["tokenizer"]))
    levels = pre.ByteLevel(add_prefix_space=False, use_regex=False)
    steps = {f"split {behavior}{' inverted' if invert else ''}": split(r"\p{Lu}|\s+|\d+", behavior, invert)
             for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous")
             for invert in (False, True)}
    steps |= {
        "spaces before lines": split(r"\s+$"),
        "literal": pre.Split("'s", "merged_with_previous"),
        "han apart": split(r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
                           r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}"
                           r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        "WhitespaceSplit": pre.WhitespaceSplit(), "Whitespace": pre.Whitespace(),
        "BertPreTokenizer": pre.BertPreTokenizer(), "CharDelimiterSplit": pre.CharDelimiterSplit("a"),
        "Punctuation removed": pre.Punctuation("removed"),
        "Punctuation merged": pre.Punctuation("merged_with_next"),
    }
    cases = []
    for name, step in steps.items():
        tokenizer.pre_tokenizer = pre.Sequence([step, levels])
        cases.append(case(name, tokenizer, ["pre_tokenizer"]))
    tokenizer.pre_tokenizer = levels
    rewriting = {
        "NFKC": normalizers.NFKC(), "NFKD": normalizers.NFKD(), "Lowercase": normalizers.Lowercase(),
        "accents": normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()]),
        "Strip": normalizers.Strip(), "Replace": normalizers.Replace(Regex(r"\s{2,}|[aeiou]+"), "_"),
        "BertNormalizer": normalizers.BertNormalizer(),
        "BertNormalizer with capitals": normalizers.BertNormalizer(lowercase=False),
        "Prepend": normalizers.Sequence([normalizers.Prepend("x"), normalizers.Replace("x", "yz")]),
    }
    for name, step in rewriting.items():
        tokenizer.normalizer = step
        cases.append(case(name, tokenizer, ["pre_tokenizer", "normalizer"]))
    return cases


def train_sentencepiece(name: str, lines: list[str], folder: str, **options) -> dict:
    path = pathlib.Path(folder) / "corpus.txt"
    path.write_text("\n".join(lines))
    rules = pathlib.Path(folder) / "rules.tsv"
    rules.write_text("".join(
        " ".join(f"{ord(c):X}" for c in old) + "\t" + " ".join(f"{ord(c):X}" for c in new) + "\n"
        for old, new in RULES.items()))
    if options.pop("rules", False):
        options["normalization_rule_tsv"] = str(rules)
    sentencepiece.SentencePieceTrainer.train(
        input=str(path), model_prefix=folder + "/m", minloglevel=2, **options)
    bytes_ = (pathlib.Path(folder) / "m.model").read_bytes()
    model = sentencepiece.SentencePieceProcessor(model_proto=bytes_)
    found = [model.encode(text) for text in SAMPLES]
    return {"name": name, "model": base64.b64encode(bytes_).decode(), "ids": found,
            "unknown": model.unk_id(), "decoded": [model.decode(i) for i in found]}


def sentence_pieces(lines: list[str]) -> list[dict]:
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        for name, options in {
            "unigram": {"model_type": "unigram", "vocab_size": 320, "rules": True},
            "unigram, byte fallback": {
                "model_type": "unigram", "vocab_size": 560, "byte_fallback": True,
                "normalization_rule_name": "identity", "remove_extra_whitespaces": False,
                "character_coverage": 0.98},
            "unigram, user-defined": {
                "model_type": "unigram", "vocab_size": 300, "rules": True,
                "user_defined_symbols": ["<mask>", "the", "\u2581\u2581", "<x>", "ABC"],
                "control_symbols": ["<ctl>"], "add_dummy_prefix": False},
            "unigram, suffix": {"model_type": "unigram", "vocab_size": 300,
                                "treat_whitespace_as_suffix": True, "normalization_rule_name": "identity"},
            "bpe": {"model_type": "bpe", "vocab_size": 320, "rules": True, "character_coverage": 0.98},
            "bpe, user-defined": {
                "model_type": "bpe", "vocab_size": 560, "byte_fallback": True,
                "normalization_rule_name": "identity", "remove_extra_whitespaces": False,
                "user_defined_symbols": ["<mask>", "the", "\u2581\u2581", "<x>"], "character_coverage": 0.98},
        }.items():
            cases.append(train_sentencepiece(name, lines, folder, **options))
    return cases


def pieces(model: str) -> tuple[list, str]:
    """The vocabulary with scores, and the table of characters, of a SentencePiece model."""
    proto = base64.b64decode(model)
    processor = sentencepiece.SentencePieceProcessor(model_proto=proto)
    size = processor.get_piece_size()
    vocabulary = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(size)]
    return vocabulary, charsmap(proto)


def charsmap(proto: bytes) -> str:
    """Field 2 of the normalizer_spec, field 3 of the model."""
    def fields(data: bytes):
        at = 0
        def number():
            nonlocal at
            value = shift = 0
            while True:
                byte = data[at]
                at += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    return value
        while at < len(data):
            tag = number()
            if tag & 7 == 2:
                length = number()
                yield tag >> 3, data[at:at + length]
                at += length
            elif tag & 7 == 0:
                yield tag >> 3, number()
            else:
                at += 4 if tag & 7 == 5 else 8
    spec = next(value for field, value in fields(proto) if field == 3)
    return base64.b64encode(next(value for field, value in fields(spec) if field == 2)).decode()


def unigram(model: str, fallback: str) -> list[dict]:
    vocabulary, table = pieces(model)
    precompiled = normalizers.Precompiled(base64.b64decode(table))
    forms = {
        "metaspace": (None, pre.Metaspace()),
        "precompiled": (precompiled, pre.Metaspace()),
        "t5": (normalizers.Sequence([precompiled, normalizers.Strip(left=False, right=True),
                                     normalizers.Replace(Regex(" {2,}"), "\u2581")]),
               pre.Metaspace()),
        "words": (normalizers.NFKC(), pre.Sequence([pre.WhitespaceSplit(), pre.Metaspace()])),
        "albert": (normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(),
                                         normalizers.Lowercase(), precompiled]),
                   pre.Metaspace(prepend_scheme="first", split=False)),
    }
    cases = []
    for name, (normalizer, pre_tokenizer) in forms.items():
        tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
        if normalizer:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.decoder = decoders.Metaspace()
        tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in ("<unk>", "<s>", "</s>", "<x>")])
        tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 2)])
        cases.append(case(name, tokenizer, ["normalizer", "pre_tokenizer", "decoder", "added_tokens",
                                            "post_processor", "model"]))
    vocabulary, _ = pieces(fallback)
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=True))
    tokenizer.pre_tokenizer = pre.Metaspace(split=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(),
                                           decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    cases.append(case("bytes", tokenizer, ["normalizer", "pre_tokenizer", "decoder", "added_tokens", "model"]))
    return cases


def word_piece(lines: list[str]) -> list[dict]:
    cases = []
    for name, lowercase in ("uncased", True), ("cased", False):
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
        tokenizer.pre_tokenizer = pre.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        tokenizer.train_from_iterator(lines, trainers.WordPieceTrainer(
            vocab_size=400, special_tokens=names, show_progress=False, limit_alphabet=120))
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
        cases.append(case(name, tokenizer, ["normalizer", "pre_tokenizer", "decoder", "added_tokens",
                                            "post_processor", "model"]))
    return cases


def write(name: str, value) -> None:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    (OUT / name).write_text(text.replace("],[", "],\n[") + "\n")


def main() -> None:
    lines = corpus()
    write("samples.json", SAMPLES)
    write("pipelines.json", pipelines())
    models_ = sentence_pieces(lines)
    write("sentencepiece-models.json", models_)
    write("unigram.json", unigram(models_[0]["model"], models_[1]["model"]))
    write("wordpiece.json", word_piece(lines))


main()
