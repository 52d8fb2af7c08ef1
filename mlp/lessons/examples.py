"""How a word becomes examples, how often characters and pairs occur, and what a context alone leaves open."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

import torch
from torch import Tensor

from mlp.analysis.baselines import lowest_loss
from mlp.dataset import Dataset, Split, Vocabulary, examples
from mlp.graphemes import clusters
from mlp.limits import LIMITS


@dataclass(frozen=True)
class Row:
    """One example: the context and the character that follows it, as characters and as indices."""

    context: str
    label: str
    context_indices: tuple[int, ...]
    label_index: int

    def arrow(self) -> str:
        """The notes' picture of an example: "ral ---> t"."""
        return f"{self.context} ---> {self.label}"


@dataclass(frozen=True)
class WordExamples:
    """The examples of one word: rows to read, X (N, block_size) and Y (N,) int64 to compute with."""

    word: str
    rows: tuple[Row, ...]
    X: Tensor
    Y: Tensor


def word_examples(text: str, vocabulary: Vocabulary, block_size: int) -> WordExamples:
    """The examples of a typed word.

    Raises:
        ValueError: nothing is left of the text, it is too long, or the vocabulary lacks one of its characters.
    """
    word = read_word(text, vocabulary)
    X, Y = examples((word,), vocabulary, block_size)
    rows = tuple(
        Row(vocabulary.decode(context), vocabulary.characters[label], tuple(context), label)
        for context, label in zip(X.tolist(), Y.tolist(), strict=True)
    )
    return WordExamples(word, rows, X, Y)


def read_word(text: str, vocabulary: Vocabulary) -> str:
    """A typed word in the characters of the word list (see `Vocabulary.spell`).

    Raises:
        ValueError: as in `word_examples`.
    """
    word = vocabulary.spell(text)
    if not word:
        raise ValueError("Type a word with at least one character. (“.” marks the start and end and is left out.)")
    if (length := len(clusters(word))) > LIMITS.word_length:
        raise ValueError(f"A word can have at most {LIMITS.word_length} characters; this one has {length}.")
    vocabulary.encode(word)
    return word


def character_counts(dataset: Dataset) -> Tensor:
    """How often each character is a label, the boundary at each word's end included: (V,) int64, over all words."""
    return pair_counts(dataset).sum(0)


def pair_counts(dataset: Dataset) -> Tensor:
    """How often a character (row) is followed by another (column), boundaries included: (V, V) int64, all words."""
    V = len(dataset.vocabulary)
    words = (*dataset.train.words, *dataset.dev.words, *dataset.test.words)
    X, Y = examples(words, dataset.vocabulary, 1)
    return torch.bincount(X[:, 0] * V + Y, minlength=V * V).view(V, V)


@dataclass(frozen=True)
class Part:
    """One split in numbers; `fraction` is of all the words that are used."""

    name: str
    words: int
    examples: int
    fraction: float


def parts(dataset: Dataset) -> list[Part]:
    """The split by word: train, dev, test."""
    total = sum(len(dataset.split(name).words) for name in ("train", "dev", "test"))
    return [
        Part(name, len(split.words), len(split), len(split.words) / total)
        for name in ("train", "dev", "test")
        for split in [dataset.split(name)]
    ]


def split_of(dataset: Dataset, word: str) -> str | None:
    """The split a word is in; None where the network's word list does not have it or does not use it."""
    return next((name for name in ("train", "dev", "test") if word in dataset.split(name).words), None)


def alike(dataset: Dataset, letters: int) -> int:
    """How many dev words begin with the same so many characters as a train word."""
    openings = {word[:letters] for word in dataset.train.words if len(word) >= letters}
    return sum(word[:letters] in openings for word in dataset.dev.words)


def lowest_losses(dataset: Dataset, block_sizes: set[int]) -> dict[int, float]:
    """The lowest possible train loss in nats at each block size, smallest first, on the same training examples."""
    train = dataset.train
    X, Y = examples(train.words, dataset.vocabulary, max(block_sizes))
    whole = Split(train.words, X, Y).first(len(train))
    return {size: lowest_loss(Split(train.words, whole.X[:, -size:], whole.Y)) for size in sorted(block_sizes)}


@dataclass(frozen=True)
class Followed:
    """A context and what follows it: (character, count), most frequent first.

    `lowest` is the lowest mean loss in nats on these examples: the entropy of the counts.
    """

    context: str
    counts: tuple[tuple[str, int], ...]
    total: int
    lowest: float


def ambiguous_contexts(split: Split, vocabulary: Vocabulary, at_most: int | None = None) -> list[Followed]:
    """The contexts that different characters follow, those first that contribute most to the lowest loss.

    Together they are why no model of these contexts gets below `mlp.analysis.baselines.lowest_loss` on these examples.
    """
    found = [followed for followed in _followed(split, vocabulary) if len(followed.counts) > 1]
    found.sort(key=lambda followed: (-followed.total * followed.lowest, followed.context))
    return found[:at_most]


def _followed(split: Split, vocabulary: Vocabulary) -> list[Followed]:
    counters: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for context, label in zip(split.X.tolist(), split.Y.tolist(), strict=True):
        counters[tuple(context)][label] += 1
    result = []
    for context, counter in counters.items():
        total = counter.total()
        lowest = sum(count * math.log(total / count) for count in counter.values()) / total
        counts = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
        named = tuple((vocabulary.characters[label], count) for label, count in counts)
        result.append(Followed(vocabulary.decode(list(context)), named, total, lowest))
    return result


def expected_loss(followed: Followed, logits: Tensor, vocabulary: Vocabulary) -> float:
    """The mean loss in nats, on the examples of one context, of a network that gives logits (V,) for it."""
    indices = torch.tensor([vocabulary.index[character] for character, _ in followed.counts], dtype=torch.int64)
    counts = torch.tensor([count for _, count in followed.counts], dtype=logits.dtype)
    return -((torch.log_softmax(logits, 0)[indices] * counts).sum() / followed.total).item()


def followers(split: Split, vocabulary: Vocabulary, context: Tensor) -> Followed:
    """What follows one context (block_size,) int64 in a split; no counts and a loss of 0 where it never occurs."""
    labels = split.Y[(context == split.X).all(1)]
    one = Split((), context.expand(len(labels), -1), labels)
    return next(iter(_followed(one, vocabulary)), Followed(vocabulary.decode(context.tolist()), (), 0, 0.0))
