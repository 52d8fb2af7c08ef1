"""New words from the network, one character at a time."""

from functools import lru_cache

import numpy as np

from mlp.dataset import Vocabulary
from mlp.kernel.choice import network_of
from mlp.model import Model

MAX_LENGTH = 24


def sample(model: Model, vocabulary: Vocabulary, count: int, seed: int) -> list[str]:
    """`count` words, drawn until the boundary or `MAX_LENGTH` characters.

    Each word draws from a stream of its own, which follows from the seed and the word's number alone. So the same
    network and seed give the same words, the first of many are those of few, and words change only as the network's
    probabilities do: the same names become clearer.
    """
    if not count:
        return []
    luck = np.stack([stream(seed, number) for number in range(count)])
    return [
        vocabulary.decode([index for index in word if index]) for word in network_of(model).draw_words(luck).tolist()
    ]


@lru_cache(maxsize=1024)
def stream(seed: int, number: int) -> np.ndarray:
    """The uniform numbers of one word, (MAX_LENGTH,) float64 in [0, 1), one for each draw."""
    return np.random.default_rng([seed % 2**64, number]).random(MAX_LENGTH)
