"""The batches of a run: passes over the training examples, each in an order that follows from the seed.

A pass is shared out evenly: N examples make ceil(N / B) batches whose sizes differ by one at most. A last batch of
what B leaves over would be learned from at the full rate however few its examples are, so that every epoch would end
on a leap of the losses. How large the next batch is follows from how many examples the pass has left and from B alone,
so a place in a pass is a place, whatever was done before.
"""

from functools import lru_cache
from itertools import accumulate

import numpy as np
import torch

from mlp.dataset import Split
from mlp.kernel.examples import Plan
from mlp.settings import Settings


class Batches:
    """The examples of one update after the other.

    Args:
        train: the training examples. settings: of the run; a later batch size is set by `resize`.

    Attributes:
        size: the most examples an update takes. passes: whole passes so far. position: examples seen of the running
            one.
    """

    def __init__(self, train: Split, settings: Settings) -> None:
        self._train, self._seed = train, settings.seed
        self.passes, self.position = 0, 0
        self._order = -1, np.empty(0, np.int64)  # of which pass, and what it is
        self.resize(settings)

    @property
    def epoch(self) -> float:
        """Passes so far, with the part of the running one: 2.5 is two and a half."""
        return self.passes + self.position / len(self._train)

    @property
    def seen(self) -> int:
        """Examples so far, in all passes."""
        return self.passes * len(self._train) + self.position

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

    def go_to(self, passes: int, position: int) -> None:
        """To another place: whole passes, and examples of the running one."""
        self.passes, self.position = passes, position

    def take(self, count: int) -> Plan:
        """The batches of the next updates.

        A full batch is taken in the list's own order, as in the notes: the order would not change the update.
        """
        rows, begins, sizes, end = [], list[int](), list[int](), 0
        while len(sizes) < count:
            if self.size == len(self._train) and not self.position:
                taken = [self.size] * (count - len(sizes))
                rows.append(np.arange(self.size))
                begins += [end] * len(taken)
                self.passes += len(taken)
            else:
                taken = shared_out(len(self._train) - self.position, self.size)[: count - len(sizes)]
                rows.append(self._next_rows(sum(taken)))
                begins += [end + begin for begin in accumulate(taken[:-1], initial=0)]
            sizes += taken
            end += len(rows[-1])
        return Plan(np.concatenate(rows), np.array(begins), np.array(sizes))

    def _next_rows(self, count: int) -> np.ndarray:
        """The next examples of the running pass, which has that many left."""
        if self._order[0] != self.passes:
            self._order = self.passes, pass_order(self._seed, self.passes, len(self._train))
        self.position += count
        rows = self._order[1][self.position - count : self.position]
        if self.position == len(self._train):
            self.passes, self.position = self.passes + 1, 0
        return rows


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
def pass_order(seed: int, number: int, examples: int) -> np.ndarray:
    """The order in which pass `number` takes the examples: it follows from the seed and that number alone."""
    return torch.randperm(examples, generator=torch.Generator().manual_seed(seed * 1_000_003 + number)).numpy()
