"""New words from the network, one character at a time."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from mlp.dataset import Vocabulary
from mlp.model import Model

MAX_LENGTH = 24


@dataclass(frozen=True)
class Draw:
    """One character drawn: the context before it, the distribution (V,) it was drawn from, and its index."""

    context: tuple[int, ...]
    probabilities: Tensor
    index: int


def sample(model: Model, vocabulary: Vocabulary, count: int, seed: int) -> list[str]:
    """`count` words, drawn until the boundary or `MAX_LENGTH` characters.

    Each word draws from a stream of its own, which follows from the seed and the word's number alone. So the same
    network and seed give the same words, the first of many are those of few, and words change only as the network's
    probabilities do: the same names become clearer.
    """
    return [vocabulary.decode([draw.index for draw in draws if draw.index]) for draws in trace(model, count, seed)]


@torch.inference_mode()
def trace(model: Model, count: int, seed: int) -> list[list[Draw]]:
    """The draws behind `sample`, word by word; each word's last draw is the boundary unless it grew too long."""
    uniforms = torch.stack([_stream(seed, number) for number in range(count)]) if count else torch.empty(0, MAX_LENGTH)
    contexts = torch.zeros(count, model.settings.block_size, dtype=torch.int64)
    words: list[list[Draw]] = [[] for _ in range(count)]
    growing = list(range(count))
    for position in range(MAX_LENGTH):
        probabilities = torch.softmax(model.forward(contexts[growing]).logits, dim=1)  # (growing, V)
        drawn = pick(probabilities, uniforms[growing, position]).tolist()
        for row, word, index in zip(range(len(growing)), growing, drawn, strict=True):
            words[word].append(Draw(tuple(contexts[word].tolist()), probabilities[row], index))
            contexts[word] = torch.cat([contexts[word, 1:], torch.tensor([index])])
        growing = [word for word in growing if words[word][-1].index]
        if not growing:
            break
    return words


@lru_cache(maxsize=1024)
def _stream(seed: int, number: int) -> Tensor:
    """The uniform numbers of one word, (MAX_LENGTH,) float64 in [0, 1)."""
    return torch.from_numpy(np.random.default_rng([seed % 2**64, number]).random(MAX_LENGTH))


def pick(probabilities: Tensor, uniforms: Tensor) -> Tensor:
    """For each row the first index at which the summed probability passes the uniform number (inverse sampling)."""
    passed = probabilities.double().cumsum(1) > uniforms.double().unsqueeze(1)  # (rows, V)
    last = probabilities.shape[1] - 1
    return torch.where(passed.any(1), passed.int().argmax(1), torch.tensor(last))
