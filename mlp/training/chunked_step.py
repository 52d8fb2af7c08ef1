"""A step too large to be made in one go: the same sums, a part of the batch at a time, which can be interrupted."""

from collections.abc import Callable

import numpy as np
from torch import Tensor

from mlp.model import Model
from mlp.training.backprop import Step

MAX_WORK = 1_000_000_000  # rows times parameters: about a tenth of a second, forward and backward


class Interrupted(Exception):
    """A long computation was broken off between two of its parts, and has changed nothing."""


class ChunkedStep(Step):
    """A step made of smaller ones, each for some rows of the batch; `between` is called before each part."""

    whole = False

    def __init__(self, model: Model, batch: int, between: Callable[[], None]) -> None:
        rows = rows_at_once(model)
        sizes = [min(rows, batch - begin) for begin in range(0, batch, rows)]
        self.batch, self._between = batch, between
        self._width = model.settings.block_size
        self._ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
        self._parts = [Step(model, size) for size in sizes]

    def forward(self, x: np.ndarray) -> None:
        for part, rows in self._slices():
            self._between()
            part.forward(x[rows.start * self._width : rows.stop * self._width])

    def backward(self, x: Tensor, y: Tensor, onto: Model, scale: float, keep: float) -> None:
        for part, rows in self._slices():
            self._between()
            part.backward(x[rows.start * self._width : rows.stop * self._width], y[:, rows], onto, scale, keep)
            keep = 1.0

    def loss(self, y: Tensor) -> float:
        return sum(part.loss(y[:, rows]) * part.batch for part, rows in self._slices()) / self.batch

    def _slices(self) -> list[tuple[Step, slice]]:
        return [(part, slice(end - part.batch, end)) for part, end in zip(self._parts, self._ends, strict=True)]


def rows_at_once(model: Model) -> int:
    """How many rows of a batch make one part."""
    return max(1, MAX_WORK // model.theta.numel())


def make_step(model: Model, batch: int, between: Callable[[], None]) -> Step:
    """A step for B examples, in parts where it would be too large in one."""
    return Step(model, batch) if batch <= rows_at_once(model) else ChunkedStep(model, batch, between)
