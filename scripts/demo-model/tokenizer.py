"""Trains the byte-level BPE on the grammar's stories and reads it back: gpt-2's pre-tokenizer, three special
tokens, 256 bytes and 1,021 merges (1,280 tokens, a multiple of 32)."""

import json
import pathlib

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

import grammar

BOS, EOS, PAD = 0, 1, 2
SPECIALS = ["<|begin|>", "<|end|>", "<|pad|>"]
VOCABULARY = 1280
# Stories below this seed train the tokenizer; the model sees seeds from it on.
TOKENIZER_STORIES = 6_000


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIALS, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    # Stories repeat their words so often that the rare merges would be whole names of places only once seen;
    # a little plain text beside them keeps the pieces useful for other words, too.
    plain = (pathlib.Path(__file__).with_name("words.py").read_text() + "\n") * 20
    stories = (grammar.story(seed) for seed in range(TOKENIZER_STORIES))
    tokenizer.train_from_iterator([*stories, plain], trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY, tokenizer.get_vocab_size()
    return tokenizer


def load(path):
    return Tokenizer.from_file(str(path)) if pathlib.Path(path).exists() else _train_and_save(path)


def _train_and_save(path):
    tokenizer = train()
    tokenizer.save(str(path))
    return tokenizer


def from_tables(tokens, merges):
    """The same tokenizer out of a GGUF file's metadata."""
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocabulary, [tuple(m.split(" ")) for m in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def tables(path):
    """The vocabulary in id order and the merges as `left right`, for the GGUF file."""
    data = json.loads(pathlib.Path(path).read_text())["model"]
    tokens = [None] * VOCABULARY
    for token, index in data["vocab"].items():
        tokens[index] = token
    merges = [m if isinstance(m, str) else " ".join(m) for m in data["merges"]]
    return tokens, merges
