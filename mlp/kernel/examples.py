"""What the kernel learns from: examples that were checked once, and plans of batches."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mlp.dataset import Split

Numbers = Tensor | np.ndarray


class Plan(NamedTuple):
    """The batches of the next updates: update i takes the examples rows[begins[i] : begins[i] + sizes[i]]; int64."""

    rows: np.ndarray
    begins: np.ndarray
    sizes: np.ndarray

    def check(self, examples: int) -> None:
        """Look whether every batch takes examples that there are.

        Raises:
            ValueError: it does not, or is empty.
        """
        rows, begins, sizes = self
        if not len(sizes) or len(begins) != len(sizes) or sizes.min() < 1:
            raise ValueError("A plan needs a batch, and every batch an example.")
        if begins.min() < 0 or (begins + sizes).max() > len(rows) or not 0 <= rows.min() <= rows.max() < examples:
            raise ValueError("A batch takes an example that there is not.")


class Trained(NamedTuple):
    """What came of the updates of a plan.

    losses: (updates,) the mean loss in nats of the first batch, of the last, and of each after a kept update; else 0.
    kept: (kept, 3, parameters) float32: the parameters, and what the optimizer remembered, after the updates asked for.
    small: whether the parameters are finite, and so small that no loss before them can have overflowed unseen.
    """

    losses: np.ndarray
    kept: np.ndarray
    small: bool


def checked_marks(keep: Sequence[int], updates: int) -> np.ndarray:
    """After how many updates the numbers are kept, int64.

    Raises:
        ValueError: they do not rise, or are not among the updates.
    """
    marks = np.array(keep, np.int64)
    if len(marks) and not (marks[0] >= 1 and marks[-1] <= updates and (marks[1:] > marks[:-1]).all()):
        raise ValueError("What is to be kept must follow updates that are made, in their order.")
    return marks


class Examples:
    """The examples of a split as flat arrays. X: (N * T,) and Y: (N,), int64.

    Raises:
        ValueError: the arrays do not belong together, or hold an index that the vocabulary does not have.
    """

    def __init__(self, split: Split, block_size: int, vocabulary_size: int) -> None:
        self.X, self.Y = flat_array(split.X, np.int64), flat_array(split.Y, np.int64)
        self.block_size, self.vocabulary_size = block_size, vocabulary_size
        if len(self.X) != len(self.Y) * block_size:
            raise ValueError(f"{len(self.Y)} labels do not belong to {len(self.X)} characters of context.")
        for indices in (self.X, self.Y):
            if len(indices) and not 0 <= indices.min() <= indices.max() < vocabulary_size:
                raise ValueError("An example holds a character that the vocabulary does not have.")

    def __len__(self) -> int:
        return len(self.Y)


def flat_array(tensor: Tensor, kind: type) -> np.ndarray:
    """A tensor's own memory as a flat array.

    Raises:
        ValueError: it is of another kind, or does not lie in one piece in the processor's memory.
    """
    if tensor.device.type != "cpu" or not tensor.is_contiguous():
        raise ValueError("The kernel needs numbers that lie in one piece in the processor's memory.")
    array = tensor.numpy(force=tensor.requires_grad).reshape(-1)
    if array.dtype != kind:
        raise ValueError(f"The kernel needs {np.dtype(kind)}, not {array.dtype}.")
    return array


def copy_of(numbers: Numbers) -> Tensor:
    """A copy of float32 numbers in memory of its own, (numbers,).

    Unlike `clone` it does not let go of the interpreter, for which a thread may wait long on a busy server.
    """
    array = numbers.numpy() if isinstance(numbers, Tensor) else numbers
    return torch.frombuffer(bytearray(array.data), dtype=torch.float32)
