"""Long sums in parts, between which they can be broken off."""

from collections.abc import Iterator

from torch import Tensor

HUGE = 1e15  # the product of two parameters may come near the largest float32, 3e38
MOST_WORK = 1_000_000_000  # examples times parameters: some tenth of a second, forward and backward
EVALUATION_ROWS = 4096


def are_small(theta: Tensor) -> bool:
    """Whether parameters are finite, and so small that no loss before them can have overflowed unseen."""
    return bool(theta.abs().max() < HUGE)  # which nan is not


class Interrupted(Exception):
    """A long computation was broken off between two of its parts, and has changed nothing."""


def rows_at_once(parameters: int, multiple: int = 1) -> int:
    """How many examples of a batch make one part: a multiple of so many."""
    return max(1, MOST_WORK // parameters // multiple) * multiple


def parts_of_batch(batch: int, parameters: int, multiple: int = 1) -> Iterator[slice]:
    """A batch in parts."""
    return _parts(batch, rows_at_once(parameters, multiple))


def parts_of_evaluation(examples: int) -> Iterator[slice]:
    """Examples in parts."""
    return _parts(examples, EVALUATION_ROWS)


def _parts(count: int, most: int) -> Iterator[slice]:
    return (slice(begin, min(begin + most, count)) for begin in range(0, count, most))
