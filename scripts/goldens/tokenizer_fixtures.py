#!/usr/bin/env python3
"""Writes the fixtures of TokenizationTests: two tiny vocabularies, and what the field's own packages
make of the same texts with each pre-tokenizer.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    venv/bin/python scripts/goldens/tokenizer_fixtures.py

The texts are generated here from a fixed seed; nothing is taken from elsewhere.
"""

import json
import pathlib
import random
import tempfile

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/TokenizationTests/Fixtures"
RANDOM = random.Random(20)

ATOMS = [
    "'s", "'S", "'re", "'LL", "'\u017f", "'t", "'M", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n",
    "\r", " \n", "\n ", "\u00a0", "\u3000", "\u0085", "\u2028", "a", "B", "Hello", "world", " the",
    "HTTPServer", "camelCase", "ABCdef", "\u01c5", "\u02b0", "\u00e9", "e\u0301", "\u0301",
    "\u0915\u094d\u0937\u093f", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u4f60\u597d\u4e16\u754c",
    "\u65e5\u672c\u8a9e", "\u30ab\u30bf\u30ab\u30ca", "\u3072\u3089\u304c\u306a", "\ud55c\uad6d\uc5b4",
    "\u041f\u0440\u0438\u0432\u0435\u0442", "\u0645\u0631\u062d\u0628\u0627", "\u0967\u0968\u0969",
    "\u00bd", "\u2167", "\u00b2\u00b3\u00b9\u00bc", "1", "12", "123", "1234", "12345", "3.14",
    "\uff11\uff12\uff13", "!", "?!", "...", "\u2014", "\u201c\u201d", "$", "+<=>^`|~", "@#%&*()", "_",
    "__init__", "/", "//", "\\", "\U0001f999", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2705",
    "\u200d", "\ufeff", "\x00", "\x1f", "\x7f", "\ufffd", "\U000e0101", "\u0378", "\ufb01", "\u3001",
    "\u3002", "\uff0c", "\uff01", "\u0964", "\u060c", "\u2026", "\u9fa5", "\u9fa6", "\u0800", "\u00df",
    "\u0130", "\u00b5", "\u1fbe", "\u2126", "\u30fc", "\U00010400", "\U0001e900", "\u00ad", "|", "(a)",
]
WORDS = "the of and to in is it you that was for on are with as his they be at one have this from " \
    "or had by hot but some what there we can out other were all your when up use word how said an " \
    "each she which do their time if will way about many then them would write like so these her " \
    "def return self class import for in range print None True else elif while".split()


def prose(length: int) -> str:
    parts = []
    for _ in range(length):
        word = RANDOM.choice(WORDS)
        parts.append(RANDOM.choice([word, word, word.capitalize(), word + ",", word + ".\n", word + "'s",
                                    "(" + word + ")", str(RANDOM.randrange(10000)), "    " + word]))
    return " ".join(parts)


def texts() -> list[str]:
    mixed = ["".join(RANDOM.choice(ATOMS) for _ in range(RANDOM.randint(1, 14))) for _ in range(110)]
    fixed = ["", " ", "   ", "\n", "\r\n\r\n", "    return x\n", "a" * 70, "=" * 60, "1" * 20,
             "I'll say it's 10,000.50% sure -- you're NOT?", "  two  spaces  ", "end with space ",
             "<s>Hello</s><|end|> <mask> world", "\t\ttabs\tand spaces \t \n  \n x"]
    return fixed + mixed + [prose(12) for _ in range(6)]


def split(pattern: str):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


def patterns() -> dict:
    levels = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    gpt2 = pre_tokenizers.ByteLevel(add_prefix_space=False)
    contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    word = r"|[^\r\n\p{L}\p{N}]?\p{L}+|"
    rest = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    lead = r"[^\r\n\p{L}\p{N}]?"
    upper = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
    lower = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
    cased_rest = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    east_asian = split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+")
    digits = pre_tokenizers.Digits(individual_digits=True)
    gpt2_split = split(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
    listed = (OUT / "deepseek-llm-letters.txt").read_text().strip()
    return {
        "gpt-2": gpt2,
        "llama-bpe": [split(contractions + word + r"\p{N}{1,3}" + rest), levels],
        "qwen2": [split(contractions + word + r"\p{N}" + rest), levels],
        "qwen35": [split(contractions + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+"
                         r"[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), levels],
        "deepseek-llm": [split("[\r\n]"), split(listed),
                         split("\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"),
                         split(r"\s+$"), east_asian, pre_tokenizers.Digits(individual_digits=False),
                         levels],
        "deepseek-coder": [split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), east_asian, digits,
                           levels],
        "deepseek-v3": [split(r"\p{N}{1,3}"), split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
                        split(r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^""" + "\r\n"
                              + r"\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+"
                              r"|\s+(?!\S)|\s+"), levels],
        "falcon": [pre_tokenizers.Punctuation("contiguous"), gpt2_split, split("[0-9][0-9][0-9]"), levels],
        "starcoder": [digits, gpt2],
        "command-r": [digits, gpt2],
        "olmo": gpt2,
        "gpt-4o": [split(lead + upper + "*" + lower + "+" + contractions + "?|" + lead + upper + "+" + lower
                         + "*" + contractions + r"?|\p{N}{1,3}" + cased_rest), levels],
        "tekken": [split(lead + upper + "*" + lower + "+|" + lead + upper + "+" + lower + r"*|\p{N}"
                         + cased_rest), levels],
        "viking": [split(" ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"), split(r"\p{N}"),
                   levels],
        # Not in GGUF: Falcon as its own file has it, where digits are found in the byte alphabet.
        "tokenizer.json: falcon": [pre_tokenizers.Punctuation("contiguous"), gpt2,
                                   pre_tokenizers.Digits(individual_digits=False),
                                   split("[0-9][0-9][0-9]")],
        "tokenizer.json: prefix": pre_tokenizers.ByteLevel(add_prefix_space=True),
        "tokenizer.json: punctuation": [pre_tokenizers.Punctuation(), gpt2],
    }


# The names whose reference tokenizers write text in normal form C; GGUF files do not say so.
COMPOSING = {"qwen2", "qwen35", "command-r", "olmo"}


def ids(tokenizer: Tokenizer, samples: list[str]) -> list[list[int]]:
    return [tokenizer.encode(text, add_special_tokens=False).ids for text in samples]


def byte_level(samples: list[str]) -> dict:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=700, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(samples * 2 + [prose(3000)], trainer)
    cases = []
    for name, steps in patterns().items():
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps) if isinstance(steps, list) else steps
        case = {"name": name, "pre_tokenizer": json.loads(tokenizer.to_str())["pre_tokenizer"]}
        if name in COMPOSING:
            tokenizer.normalizer = normalizers.NFC()
            case["normalizer"] = json.loads(tokenizer.to_str())["normalizer"]
        cases.append(case | {"ids": ids(tokenizer, samples)})
        tokenizer.normalizer = None
    return {"tokenizer": json.loads(tokenizer.to_str()), "cases": cases}


def sentence_piece(samples: list[str]) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder) / "corpus.txt"
        corpus.write_text("\n".join([t.replace("\0", "") for t in samples] + [prose(3000)]))
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=folder + "/m", vocab_size=700, model_type="bpe",
            byte_fallback=True, character_coverage=0.98, remove_extra_whitespaces=False,
            normalization_rule_name="identity", split_digits=True, minloglevel=2,
            allow_whitespace_only_pieces=True)
        model = sentencepiece.SentencePieceProcessor(model_file=folder + "/m.model")
    size = model.get_piece_size()
    kinds = [2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i) else 1
             for i in range(size)]
    pieces = [model.id_to_piece(i) for i in range(size)]
    scores = [model.get_score(i) for i in range(size)]
    return {"pieces": pieces, "scores": scores, "kinds": kinds,
            "ids": [model.encode(text) if text else [] for text in samples]}


def character_level(model: dict, samples: list[str]) -> list[dict]:
    vocab = {piece: i for i, piece in enumerate(model["pieces"])}
    merges = sorted(
        ((piece[:k], piece[k:], i) for piece, i in vocab.items() if model["kinds"][i] == 1
         for k in range(1, len(piece)) if piece[:k] in vocab and piece[k:] in vocab),
        key=lambda m: (-model["scores"][m[2]], vocab[m[0]], vocab[m[1]]))
    forms = {
        "normalizer": (normalizers.Sequence([normalizers.Prepend("\u2581"),
                                             normalizers.Replace(" ", "\u2581")]), None, True),
        "metaspace": (None, pre_tokenizers.Metaspace(prepend_scheme="first"), True),
        "gemma": (normalizers.Replace(" ", "\u2581"), pre_tokenizers.Split(" ", "merged_with_previous"),
                  False),
        "composed": (normalizers.NFC(), pre_tokenizers.Metaspace(prepend_scheme="never", split=False),
                     False),
    }
    cases = []
    for name, (normalizer, pre_tokenizer, drops) in forms.items():
        tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[(a, b) for a, b, _ in merges],
                                         unk_token="<unk>", fuse_unk=True, byte_fallback=name != "composed"))
        if normalizer:
            tokenizer.normalizer = normalizer
        if pre_tokenizer:
            tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.decoder = decoders.Sequence(
            [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
            + ([decoders.Strip(" ", 1, 0)] if drops else []))
        tokenizer.add_special_tokens([AddedToken("<s>", normalized=False), AddedToken("</s>", normalized=False)])
        tokenizer.add_special_tokens([AddedToken("<|end|>", rstrip=True, normalized=False)])
        tokenizer.add_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
        if name != "normalizer":  # There the package decodes it with the prepended space.
            tokenizer.add_tokens([AddedToken("world", single_word=True, normalized=True)])
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A", special_tokens=[("<s>", vocab["<s>"])])
        found = ids(tokenizer, samples)
        cases.append({"name": name, "tokenizer": json.loads(tokenizer.to_str()), "ids": found,
                      "decoded": [tokenizer.decode(i, skip_special_tokens=True) for i in found]})
    return cases


def write(name: str, value) -> None:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    (OUT / name).write_text(text.replace("],[", "],\n[") + "\n")


def main() -> None:
    samples = texts()
    write("texts.json", samples)
    write("byte-level.json", byte_level(samples))
    model = sentence_piece(samples)
    write("sentencepiece.json", model)
    write("character-level.json", character_level(model, samples))


main()
