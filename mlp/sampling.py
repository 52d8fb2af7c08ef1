"""New words from the network, one character at a time.

A network gives each next character a probability. Two changes to these are in common use: a *temperature* divides the
logits before the softmax, so that 1 leaves them as they are, less prefers the likely characters and 0 takes the
likeliest alone; *top-k* leaves only the k likeliest to be drawn (Fan et al. 2018).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from mlp.dataset import Vocabulary
from mlp.kernel.choice import network_of
from mlp.model import Model

MAX_LENGTH = 24
HOTTEST = 10.0


@dataclass(frozen=True)
class Drawn:
    """A word that was drawn. `ended` is False where the network had not ended it after `MAX_LENGTH` characters."""

    word: str
    ended: bool


def sample(model: Model, vocabulary: Vocabulary, count: int, seed: int) -> list[str]:
    """`count` words, drawn until the boundary or `MAX_LENGTH` characters (see `draw`)."""
    return [drawn.word for drawn in draw(model, vocabulary, count, seed)]


def draw(
    model: Model,
    vocabulary: Vocabulary,
    count: int,
    seed: int,
    start: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
) -> list[Drawn]:
    """`count` words that begin with `start`, each with whether it came to its end.

    Each word draws from a stream of its own, which follows from the seed and the word's number alone, one number for
    each place in the word. So the same network and seed give the same words, the first of many are those of few, words
    change only as the network's probabilities do, and a word that begins with `start` anyhow is drawn again.

    Raises:
        ValueError: the vocabulary lacks a character of `start`, `start` is too long, or the temperature or `top_k` is
            out of bounds; the message is for the user.
    """
    opening = checked_start(vocabulary, start)
    _check(temperature, top_k)
    if not count:
        return []
    luck = np.stack([stream(seed, number) for number in range(count)])
    if opening or temperature != 1 or top_k is not None:
        rows = _draw_changed(model, luck, opening, temperature, top_k)
    else:
        rows = network_of(model).draw_words(luck)
    return [_word(vocabulary, row) for row in rows.tolist()]


@lru_cache(maxsize=1024)
def stream(seed: int, number: int) -> np.ndarray:
    """The uniform numbers of one word, (MAX_LENGTH,) float64 in [0, 1), one for each draw."""
    return np.random.default_rng([seed % 2**64, number]).random(MAX_LENGTH)


def checked_start(vocabulary: Vocabulary, start: str) -> list[int]:
    """The indices of the characters that words are to begin with.

    Raises:
        ValueError: as of `draw`.
    """
    if vocabulary.characters[0] in start:
        raise ValueError(f"“{vocabulary.characters[0]}” marks the beginning and the end, so nothing can begin with it.")
    if len(start) >= MAX_LENGTH:
        raise ValueError(f"What is drawn has at most {MAX_LENGTH} characters, so the start can have {MAX_LENGTH - 1}.")
    return vocabulary.encode(start)


def probabilities(logits: Tensor, temperature: float = 1.0, top_k: int | None = None) -> Tensor:
    """What is drawn from: logits (..., V) as probabilities (..., V), float64, after temperature and top-k.

    At temperature 0 the likeliest character has probability 1; of equals, the first. Of equals at the edge of the k
    likeliest, the first are kept.
    """
    logits = logits.double()
    likeliest = logits.argsort(dim=-1, descending=True, stable=True)  # (..., V)
    kept = 1 if temperature == 0 else top_k
    if kept is not None and kept < logits.shape[-1]:
        logits = logits.scatter(-1, likeliest[..., kept:], -math.inf)
    highest = logits.amax(-1, keepdim=True)  # taken away first, so that a small temperature cannot overflow
    return torch.softmax((logits - highest) / (temperature or 1.0), dim=-1)


def pick(chances: Tensor, luck: Tensor) -> Tensor:
    """The first character at which the summed probability passes `luck`: chances (N, V), luck (N,) -> (N,) int64.

    Where rounding leaves none that does, it is the last one that can be drawn at all.
    """
    summed = chances.cumsum(1)
    passed = (summed > luck[:, None] * summed[:, -1:]) & (chances > 0)  # (N, V)
    last = chances.shape[1] - 1 - (chances > 0).flip(1).int().argmax(1)
    return torch.where(passed.any(1), passed.int().argmax(1), last)


def _check(temperature: float, top_k: int | None) -> None:
    if not 0 <= temperature <= HOTTEST:  # nan is not, either
        raise ValueError(f"The temperature lies between 0 and {HOTTEST:g}; {temperature:g} does not.")
    if top_k is not None and top_k < 1:
        raise ValueError(f"At least one character must be left to draw; top-k is {top_k}.")


@torch.inference_mode()
def _draw_changed(
    model: Model, luck: np.ndarray, opening: list[int], temperature: float, top_k: int | None
) -> np.ndarray:
    """The indices of words, (count, MAX_LENGTH), 0 where a word ends and behind."""
    numbers, T = torch.from_numpy(luck), model.settings.block_size
    words = torch.zeros(luck.shape, dtype=torch.int64)
    words[:, : len(opening)] = torch.tensor(opening, dtype=torch.int64)
    growing = torch.arange(len(words))
    for place in range(len(opening), MAX_LENGTH):
        before = torch.cat([torch.zeros(len(growing), T, dtype=torch.int64), words[growing, :place]], 1)
        chances = probabilities(model.forward(before[:, -T:]).logits, temperature, top_k)
        drawn = pick(chances, numbers[growing, place])
        words[growing, place] = drawn
        growing = growing[drawn != 0]
        if not len(growing):
            break
    return words.numpy()


def _word(vocabulary: Vocabulary, row: list[int]) -> Drawn:
    ended = 0 in row
    return Drawn(vocabulary.decode(row[: row.index(0)] if ended else row), ended)
