"""How much of what a network generates is new, and how much it has copied from the words that it learns from."""

from collections import Counter
from collections.abc import Sequence

from mlp.dataset import Dataset
from mlp.scoring import origin

ORIGINS = ("new", "train", "dev", "test", "unused")


def origins(words: Sequence[str], dataset: Dataset) -> dict[str, float]:
    """The share of words from each origin (`mlp.scoring.origin`); a word that came twice counts twice.

    The shares of all of `ORIGINS` add up to 1; without words all are 0.
    """
    counts = Counter(origin(dataset, word) for word in words)
    return {name: counts[name] / max(1, len(words)) for name in ORIGINS}
