"""What the network thinks of whole words: how surprising one is, which are the most probable, and where one is from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mlp.dataset import Dataset, Vocabulary, examples
from mlp.model import EVALUATION_ROWS, Model
from mlp.sampling import MAX_LENGTH
from mlp.words import BOUNDARY

BEAM = 2000


@dataclass(frozen=True)
class Likely:
    """A word with its probability. `certain`: no word that the search has left out can be more probable."""

    word: str
    probability: float
    certain: bool


def surprise(model: Model, vocabulary: Vocabulary, word: str) -> list[float]:
    """How surprising each character of a word is, and its end: −ln of its probability, in nats (length + 1).

    Their mean is the loss of a dataset that holds this word alone; their sum −ln of the word's probability.

    Raises:
        ValueError: the word has a character that the vocabulary lacks, or the boundary.
    """
    return surprises(model, vocabulary, [word])[0]


@torch.inference_mode()
def surprises(model: Model, vocabulary: Vocabulary, words: Sequence[str]) -> list[list[float]]:
    """The same of several words at once.

    Raises:
        ValueError: as of `surprise`.
    """
    if any(BOUNDARY in word for word in words):
        raise ValueError(f"“{BOUNDARY}” marks where a word begins and ends, so no word can hold it.")
    X, Y = examples(tuple(words), vocabulary, model.settings.block_size)
    parts = zip(X.split(EVALUATION_ROWS), Y.split(EVALUATION_ROWS), strict=True)
    nats = [-_log_probabilities(model, x).gather(1, y[:, None])[:, 0] for x, y in parts]
    flat = iter(torch.cat(nats).tolist() if nats else [])
    return [[next(flat) for _ in range(len(vocabulary.encode(word)) + 1)] for word in words]


@torch.inference_mode()
def most_probable(model: Model, vocabulary: Vocabulary, count: int = 10, beam: int = BEAM) -> list[Likely]:
    """The most probable words, the most probable first, by beam search.

    At each length the search goes on from the `beam` most probable beginnings. A longer word is never more probable
    than its beginning; so beginnings that are less probable than `count` whole words are of no use, and a word is
    *certain* to be in its place where no other beginning that was dropped, for lack of room or because it had grown
    longer than `MAX_LENGTH`, is more probable.

    Returns:
        Up to `count` words: fewer where fewer were found. With a network whose numbers have overflowed, none.
    """
    if count < 1:
        return []
    T = model.settings.block_size
    begun = torch.zeros(1, 0, dtype=torch.int64)  # (beginnings, length)
    nats = torch.zeros(1, dtype=torch.float64)  # (beginnings,)
    found: list[tuple[float, list[int]]] = []
    left_out = math.inf  # the nats of the most probable beginning that was dropped
    for _ in range(MAX_LENGTH + 1):
        contexts = torch.cat([torch.zeros(len(begun), T, dtype=torch.int64), begun], 1)[:, -T:]
        longer = nats[:, None] - _log_probabilities(model, contexts)  # (beginnings, V)
        if not longer.isfinite().any():
            break
        found += zip(longer[:, 0].tolist(), begun.tolist(), strict=True)
        found = sorted(found)[:count]
        enough = found[-1][0] if len(found) == count else math.inf
        rows, characters = (longer[:, 1:] < enough).nonzero(as_tuple=True)
        nats, order = longer[rows, characters + 1].sort(stable=True)
        if len(nats) > beam:
            left_out = min(left_out, nats[beam].item())
        nats, order = nats[:beam], order[:beam]
        begun = torch.cat([begun[rows[order]], characters[order, None] + 1], 1)
        if not len(begun):
            break
    else:
        left_out = min(left_out, nats.min().item())
    return [
        Likely(vocabulary.decode(word), math.exp(-cost), cost <= left_out)
        for cost, word in found
        if math.isfinite(cost)
    ]


def origin(dataset: Dataset, word: str) -> str:
    """Where a word is from: "train", "dev" or "test", "unused" where the list has it but no example does, or "new"."""
    return dataset.origins.get(word, "new")


def _log_probabilities(model: Model, X: Tensor) -> Tensor:
    """ln of the probability of each next character, (B, V) float64, after contexts X (B, T)."""
    return torch.log_softmax(model.forward(X).logits.double(), dim=1)
