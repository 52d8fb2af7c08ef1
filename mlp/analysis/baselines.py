"""Losses that give a network's losses their meaning: guessing, counting, and the lowest that the examples allow.

Counts are n-grams with add-k smoothing, and the interpolated trigram of Bengio et al. (2003), section 4: a mixture of
uniform, single-character, pair and triple frequencies whose weights depend on how often the context was seen. The
weights are fitted by EM on the training examples alone, each scored by the counts of all the others (leave one out),
so that the dev loss stays honest. All losses are in nats.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import torch

from mlp.dataset import Dataset, Split, examples
from mlp.model import EVALUATION_ROWS, Model

SMOOTHING = 0.1
EM_ROUNDS = 30
MIXING_SHARE = 0.5

Keys = np.ndarray  # (N,) int64, one number an example


@dataclass(frozen=True)
class Counted:
    """The losses of the counting models on one split; nan where it has no examples."""

    unigram: float
    bigram: float
    trigram: float
    interpolated: float


@dataclass(frozen=True)
class Baselines:
    """The reference losses of a dataset.

    Attributes:
        random: ln V, the loss of a uniform guess: 1/V for every character.
        lowest: the lowest possible train loss; no network of this block size gets below: where the same context is
            followed by different characters, no network is right every time.
        train, dev: the counting models, counted on train and scored on each.
    """

    random: float
    lowest: float
    train: Counted
    dev: Counted


def baselines(dataset: Dataset) -> Baselines:
    """Every reference loss of a dataset; worked out once for the same examples."""
    return _baselines(_Same(dataset))


def bigram_surprise(dataset: Dataset, word: str) -> list[float]:
    """How surprising each character of a word is to the bigram, and its end: −ln of its probability, in nats.

    Raises:
        ValueError: the word has a character that the vocabulary lacks.
    """
    block_size = dataset.train.X.shape[1]
    split = Split((word,), *examples((word,), dataset.vocabulary, block_size))
    nats: list[float] = (-np.log(_counts(_Same(dataset)).smoothed(split, n=2))).tolist()
    return nats


def mixed_loss(model: Model, dataset: Dataset, split: str = "dev", share: float = MIXING_SHARE) -> float:
    """The loss of `share` of the network's probability plus the rest of the interpolated trigram's.

    This is the mixing of Bengio et al. (2003), section 4.2; they found that half and half already helps.
    """
    part = dataset.split(split)
    if not len(part):
        return math.nan
    mixed = share * _network(model, part) + (1 - share) * _counts(_Same(dataset)).interpolated(part)
    return float(-np.log(mixed).mean())


def lowest_loss(split: Split) -> float:
    """The mean entropy of the next character given its whole context: no model of these contexts can lose less."""
    contexts = np.zeros(len(split), np.int64)
    for column in split.X.numpy().T:
        contexts = np.unique(contexts * (column.max() + 1) + column, return_inverse=True)[1]
    labels = split.Y.numpy()
    pairs = contexts * (labels.max() + 1) + labels
    return max(0.0, float(-np.log(_counts_of(pairs, pairs) / _counts_of(contexts, contexts)).mean()))  # never "-0.00"


class _Same:
    """A dataset as a key of a cache: equal where the examples are."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        block_size = dataset.train.X.shape[1]
        self.key = dataset.vocabulary.characters, dataset.train.words, len(dataset.train), dataset.dev.words, block_size

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.key == other.key


@lru_cache(maxsize=64)
def _baselines(same: _Same) -> Baselines:
    dataset, counts = same.dataset, _counts(same)
    return Baselines(
        random=math.log(len(dataset.vocabulary)),
        lowest=lowest_loss(dataset.train),
        train=_score(counts, dataset.train),
        dev=_score(counts, dataset.dev),
    )


@lru_cache(maxsize=64)
def _counts(same: _Same) -> "Counts":
    return Counts(same.dataset.train, len(same.dataset.vocabulary))


def _score(counts: "Counts", split: Split) -> Counted:
    def loss(probabilities: Callable[[Split], np.ndarray]) -> float:
        return float(-np.log(probabilities(split)).mean()) if len(split) else math.nan

    unigram, bigram, trigram = (loss(partial(counts.smoothed, n=n)) for n in (1, 2, 3))
    return Counted(unigram, bigram, trigram, loss(counts.interpolated))


class Counts:
    """How often each n-gram of one, two and three characters occurs in a split, and what that predicts."""

    def __init__(self, train: Split, V: int) -> None:
        self.V, self.total = V, len(train)
        self.grams, self.contexts = _grams(train, V)
        self.weights = self._fit(train)

    def smoothed(self, split: Split, n: int, k: float = SMOOTHING) -> np.ndarray:
        """The add-k n-gram's probability of each label: (count + k) / (count of the context + k V)."""
        grams, contexts = _grams(split, self.V)
        seen, context = _counts_of(grams[n - 1], self.grams[n - 1]), _counts_of(contexts[n - 1], self.contexts[n - 1])
        return (seen + k) / (context + k * self.V)

    def interpolated(self, split: Split) -> np.ndarray:
        """The interpolated trigram's probability of each label."""
        frequencies, bins = self._frequencies(split, leave_out=0)
        return (self.weights[bins] * frequencies).sum(1)

    def _frequencies(self, split: Split, leave_out: int) -> tuple[np.ndarray, np.ndarray]:
        """(N, 4): 1/V and the relative frequencies of one, two and three characters; (N,): the context's bin.

        `leave_out=1` is for training examples: each is scored as if it had not been counted itself.
        """
        grams, contexts = _grams(split, self.V)
        columns = [np.full(len(split), 1 / self.V)]
        for n in range(3):
            seen = _counts_of(grams[n], self.grams[n]) - leave_out
            context = _counts_of(contexts[n], self.contexts[n]) - leave_out
            columns.append(seen / np.maximum(context, 1))
        return np.stack(columns, 1), np.ceil(np.log2(1 + context)).astype(np.int64)

    def _fit(self, train: Split) -> np.ndarray:
        """The mixture's weights (bins, 4) by EM; a context's bin grows with the logarithm of its count."""
        frequencies, bins = self._frequencies(train, leave_out=1)
        number = math.ceil(math.log2(1 + self.total)) + 1
        examples = np.bincount(bins, minlength=number)[:, None]
        weights = np.full((number, 4), 0.25)
        for _ in range(EM_ROUNDS):
            parts = weights[bins] * frequencies
            parts /= parts.sum(1, keepdims=True)
            sums = np.stack([np.bincount(bins, parts[:, i], number) for i in range(4)], 1)
            weights = (sums + 0.25) / (examples + 1)  # as if one more example spoke for all four alike
        return weights


def _grams(split: Split, V: int) -> tuple[list[Keys], list[Keys]]:
    """The n-grams that end in each example's label, and what stands before the label in them, for n = 1, 2, 3.

    Examples follow one another as the characters of the words do, so any block size shows two characters back.
    """
    last = split.X[:, -1].numpy()
    before = np.where(last == 0, 0, np.roll(last, 1))  # only the first character of a word stands after a boundary
    contexts = [np.zeros_like(last), last, before * V + last]
    return [context * V + split.Y.numpy() for context in contexts], contexts


def _counts_of(wanted: Keys, counted: Keys) -> np.ndarray:
    """How often each of `wanted` occurs in `counted`."""
    values, counts = np.unique(counted, return_counts=True)
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[places] == wanted, counts[places], 0)


@torch.inference_mode()
def _network(model: Model, split: Split) -> np.ndarray:
    """The network's probability of each label, (N,)."""
    parts = zip(split.X.split(EVALUATION_ROWS), split.Y.split(EVALUATION_ROWS), strict=True)
    chosen = [torch.softmax(model.forward(X).logits, 1).gather(1, Y[:, None]) for X, Y in parts]
    return torch.cat(chosen)[:, 0].double().numpy()
