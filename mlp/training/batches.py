"""The batches of a run: passes over the training examples, each in an order that follows from the seed.

A pass is shared out evenly: N examples make ceil(N / B) batches whose sizes differ by one at most. A last batch of
what B leaves over would be learned from at the full rate however few its examples are, so that every epoch would end
on a leap of the losses. How large the next batch is follows from how many examples the pass has left and from B alone,
so a place in a pass is a place, whatever was done before.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from mlp.dataset import Split
from mlp.settings import Settings
from mlp.training.backprop import Step

AHEAD = 100  # batches cut at once at most, so that no step waits for long

Batch = tuple[Tensor, np.ndarray, Tensor, Step]  # x (B * T,) int64 and its NumPy view, y (1, B) int64, and the step


class Batches:
    """The examples of one update after the other.

    Args:
        train: the training examples. settings: of the run; a later batch size is set by `resize`.
        make_step: what makes the buffers for so many examples.

    Attributes:
        size: the most examples an update takes. passes: whole passes so far. position: examples seen of the running
            one.
    """

    def __init__(self, train: Split, settings: Settings, make_step: Callable[[int], Step]) -> None:
        self._train, self._seed, self._make_step = train, settings.seed, make_step
        self.passes, self.position = 0, 0
        self.resize(settings)

    @property
    def epoch(self) -> float:
        """Passes so far, with the part of the running one: 2.5 is two and a half."""
        return self.passes + self.position / len(self._train)

    @property
    def left_in_pass(self) -> int:
        """Updates to the end of the running pass."""
        return batch_count(len(self._train) - self.position, self.size)

    @property
    def a_pass(self) -> int:
        """Updates in a whole pass."""
        return batch_count(len(self._train), self.size)

    def resize(self, settings: Settings) -> None:
        """Another batch size, from the next update on; the examples that the pass has left are shared out anew."""
        self.size = batch_size(settings, len(self._train))
        self._ready: list[Batch] = []
        self._steps: dict[int, Step] = {}

    def go_to(self, passes: int, position: int) -> None:
        """To another place: whole passes, and examples of the running one."""
        self._ready, self.passes, self.position = [], passes, position

    def next(self) -> Batch:
        """The next examples of the running pass."""
        if not self._ready:
            self._ready = self._cut()
        batch = self._ready.pop()
        self.position += batch[3].batch
        if self.position == len(self._train):
            self.passes, self.position = self.passes + 1, 0
        return batch

    def _cut(self) -> list[Batch]:
        """The next batches of the running pass, last one first.

        A full batch is taken in the list's own order, as in the notes: the order would not change the update.
        """
        X, Y, B = self._train.X, self._train.Y, self.size
        if len(Y) == B and not self.position:
            return [self._batch(X, Y)] * AHEAD
        sizes = shared_out(len(Y) - self.position, B)[:AHEAD]
        order = pass_order(self._seed, self.passes, len(Y))[self.position : self.position + sum(sizes)]
        return [self._batch(x, y) for x, y in zip(X[order].split(sizes), Y[order].split(sizes), strict=True)][::-1]

    def _batch(self, X: Tensor, Y: Tensor) -> Batch:
        step = self._steps.get(len(Y))
        if step is None:
            step = self._steps[len(Y)] = self._make_step(len(Y))
        x = X.flatten()
        return x, x.numpy(), Y.view(1, -1), step


def batch_size(settings: Settings, examples: int) -> int:
    """How many of so many training examples an update takes at most."""
    return min(settings.batch_size or examples, examples)


def batch_count(examples: int, size: int) -> int:
    """How many batches of `size` at most it takes to see every example once."""
    return -(-examples // size)


def shared_out(examples: int, size: int) -> list[int]:
    """The sizes of those batches: as equal as can be, the larger ones first, so that what is left is shared alike."""
    count = batch_count(examples, size)
    each, over = divmod(examples, count)
    return [each + 1] * over + [each] * (count - over)


def place_after(steps: int, examples: int, size: int) -> tuple[int, int]:
    """Whole passes, and examples seen of the running one, after so many updates with one batch size."""
    passes, row = divmod(steps, batch_count(examples, size))
    return passes, sum(shared_out(examples, size)[:row])


@lru_cache(maxsize=16)
def pass_order(seed: int, number: int, examples: int) -> Tensor:
    """The order in which pass `number` takes the examples: it follows from the seed and that number alone."""
    return torch.randperm(examples, generator=torch.Generator().manual_seed(seed * 1_000_003 + number))
