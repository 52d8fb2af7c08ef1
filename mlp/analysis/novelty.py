"""How much of what a network generates is new, and how much it has copied from the words that it learns from."""

from collections import Counter
from collections.abc import Sequence

from mlp.dataset import Dataset
from mlp.sampling import Drawn
from mlp.scoring import origin

CUT, EMPTY = "cut off", "empty"
ORIGINS = ("new", "train", "dev", "test", "unused", CUT, EMPTY)


def origin_of(drawn: Drawn, dataset: Dataset) -> str:
    """Where a drawn word is from (`mlp.scoring.origin`); one that never ended, or has no character, is none."""
    if not drawn.ended:
        return CUT
    return origin(dataset, drawn.word) if drawn.word else EMPTY


def origins(words: Sequence[Drawn], dataset: Dataset) -> dict[str, float]:
    """The share of words from each origin; a word that came twice counts twice.

    The shares of all of `ORIGINS` add up to 1; without words all are 0.
    """
    counts = Counter(origin_of(drawn, dataset) for drawn in words)
    return {name: counts[name] / max(1, len(words)) for name in ORIGINS}
