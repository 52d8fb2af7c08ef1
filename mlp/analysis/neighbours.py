"""Which characters are near one another in the embedding, and whether those of a kind gather, measured against chance.

*Neighbour purity* is the share of like characters among the nearest neighbours of each, averaged over the characters of
the kind (Manning, Raghavan and Schütze 2008, section 16.3, call a cluster's share its purity). Were the characters
strewn at random, it would be the share of like ones among all others. How far chance alone strays from that is found by
dealing the same points to the kind at random many times.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

NEAREST = 3
DEALS = 400
SEED = 0


@dataclass(frozen=True)
class Purity:
    """The neighbour purity of a kind, 0 to 1, what chance gives on average, and what it stays below 95 times in 100."""

    value: float
    chance: float
    likely: float

    @property
    def gathered(self) -> bool:
        """Whether the kind has gathered more than chance would explain."""
        return self.value > self.likely


def distances(C: np.ndarray) -> np.ndarray:
    """How far the rows of C (V, embedding_dim) are from one another, (V, V) float64; inf on the diagonal."""
    points = C.astype(np.float64)
    between = np.sqrt(((points[:, None] - points) ** 2).sum(2))
    np.fill_diagonal(between, np.inf)
    return between


def distances_to(C: np.ndarray, index: int) -> np.ndarray:
    """How far every row of C (V, embedding_dim) is from one of them, (V,) float64; inf for itself."""
    far = np.sqrt(((C.astype(np.float64) - C[index].astype(np.float64)) ** 2).sum(1))
    far[index] = np.inf
    return far


def nearest(C: np.ndarray, index: int, count: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
    """The rows nearest to one, the nearest first, each with its distance; `among` leaves out all others."""
    row = distances_to(C, index)
    rows = [place for place in range(len(C)) if place != index and (among is None or place in among)]
    return [(place, float(row[place])) for place in sorted(rows, key=lambda place: (row[place], place))[:count]]


def purity(C: np.ndarray, kind: Collection[int], among: Collection[int], count: int = NEAREST) -> Purity | None:
    """How much the characters of a kind gather.

    Args:
        C: (V, embedding_dim). kind: the rows of the characters asked about. among: those of all that are compared.
        count: how many nearest neighbours of each are looked at; fewer where there are not so many.

    Returns:
        None where there are fewer than two of the kind, or no others, or numbers that are not finite.
    """
    rows = sorted(among)
    of_kind = np.isin(rows, list(kind))
    size, others = int(of_kind.sum()), len(rows) - 1
    if size < 2 or size > others or not np.isfinite(C[rows]).all():
        return None
    k = min(count, others)
    near = np.argsort(distances(C[rows]), axis=1, kind="stable")[:, :k]  # (rows, k)
    alike = _alike(near, of_kind[None])[0]
    return Purity(alike, (size - 1) / others, float(np.quantile(_alike(near, _deals(len(rows), size)), 0.95)))


@lru_cache(maxsize=32)
def _deals(rows: int, size: int) -> np.ndarray:
    """So many random ways to say which of the rows are of the kind, (DEALS, rows) bool; the same ones each time."""
    dealt: np.ndarray = np.argsort(np.random.default_rng(SEED).random((DEALS, rows)), axis=1) < size
    return dealt


def _alike(near: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """For each of several ways to say who is of the kind, (ways, rows) bool, the purity: (ways,)."""
    share = kinds[:, near].mean(2)  # (ways, rows)
    return np.asarray((share * kinds).sum(1) / kinds.sum(1))
