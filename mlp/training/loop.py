"""The training loop itself: one network, its optimizer and the examples of its next updates. It remembers nothing.

What it makes of a state follows from that state, the settings and the examples alone, so it may begin anywhere in a
run: the trainer is a loop with a history, and a step that nobody remembered is found again by another loop.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mlp.dataset import Dataset
from mlp.kernel.choice import network_of
from mlp.kernel.examples import Examples, copy_of
from mlp.kernel.parts import Interrupted, are_small, rows_at_once
from mlp.model import Model
from mlp.settings import Settings
from mlp.training.batches import Batches
from mlp.training.optimizer import Memory, Optimizer


class State(NamedTuple):
    """All that the next update follows from, beside settings and examples.

    theta: (parameters,). memory: what the optimizer remembers, None where it remembers nothing. passes, position:
    whole passes over the training examples, and examples seen of the running one.
    """

    theta: Tensor
    memory: Memory | None
    steps_done: int
    passes: int
    position: int


class Kept(NamedTuple):
    """A state on the way, and the loss in nats of the batch that led on from it; nan where none did."""

    state: State
    next_loss: float


class Made(NamedTuple):
    """What came of some updates.

    first, last: the losses in nats of the first one's batch and of the last one's. kept: the states asked for.
    small: whether the parameters are finite, and so small that no loss before them can have overflowed unseen.
    """

    first: float
    last: float
    kept: tuple[Kept, ...]
    small: bool


class Loop:
    """Updates of one network, one after another.

    Args:
        settings: of the first update; `apply` brings others. dataset: the examples.
        interrupt: asked between the parts of a long step or evaluation; where it says True, `Interrupted` is raised.
    """

    def __init__(self, settings: Settings, dataset: Dataset, interrupt: Callable[[], bool] = lambda: False) -> None:
        self.settings, self.dataset, self.interrupt = settings, dataset, interrupt
        self.model = Model(settings, len(dataset.vocabulary))
        self.optimizer = Optimizer(self.model.theta)
        self.batches = Batches(dataset.train, settings)
        self._network, self._examples = network_of(self.model), dict[str, Examples]()
        self.steps_done = 0

    @property
    def epoch_done(self) -> float:
        """Passes over the training examples so far, with the part of the running one: 2.5 is two and a half."""
        return self.batches.epoch

    @property
    def work_per_step(self) -> int:
        """About how many multiplications an update takes."""
        return 3 * self.batches.size * self.model.theta.numel()

    def evaluate(self, split: str) -> float:
        """The mean cross-entropy in nats over "train", "dev" or "test"; nan where that split has no examples."""
        return self.loss_of(self.model, split)

    def loss_of(self, model: Model, split: str) -> float:
        """The same of another network of this shape."""
        return network_of(model).loss(self.examples(split), self.check_interrupt)

    def examples(self, split: str) -> Examples:
        """The examples of "train", "dev" or "test" as the kernel takes them."""
        if split not in self._examples:
            T, V = self.settings.block_size, len(self.dataset.vocabulary)
            self._examples[split] = Examples(self.dataset.split(split), T, V)
        return self._examples[split]

    def apply(self, settings: Settings) -> None:
        """Other settings from the next update on; only those that may change while a network trains."""
        resized = settings.batch_size != self.settings.batch_size
        self.settings = settings
        if resized:
            self.batches.resize(settings)

    def updates(self, end: int, keep: Sequence[int] = ()) -> Made:
        """Updates up to step `end`, one at least.

        Args:
            keep: the later steps, up to `end`, whose states are wanted, rising.

        Raises:
            Interrupted: in the midst of an update, so the parameters are of no use; see `restore`.
        """
        count = max(1, end - self.steps_done)
        if self.batches.size > rows_at_once(self.model.theta.numel()):
            return self._large_updates(count, keep)
        begin, seen, optimizer = self.steps_done, self.batches.seen, self.optimizer
        plan = self.batches.take(count)
        optimizer.begin(self.settings.optimizer)
        memory = optimizer.first, optimizer.second, optimizer.count
        marks = [step - begin for step in keep]
        losses, kept, small = self._network.train(*memory, self.examples("train"), plan, self.settings, marks)
        ends, in_pass = seen + np.cumsum(plan.sizes), len(self.dataset.train)
        places = [divmod(int(ends[mark - 1]), in_pass) for mark in marks]
        states = [
            State(copy_of(theta), optimizer.memory_of(first, second, mark), begin + mark, *place)
            for (theta, first, second), mark, place in zip(kept, marks, places, strict=True)
        ]
        optimizer.counted(count)
        self.steps_done += count
        return _made(begin, losses.tolist(), states, small)

    def _large_updates(self, count: int, keep: Sequence[int]) -> Made:
        """Updates each of which can be interrupted."""
        begin, losses, states = self.steps_done, list[float](), list[State]()
        for _ in range(count):
            losses.append(self._large_update())
            if self.steps_done in keep:
                states.append(self.state())
        return _made(begin, losses, states, are_small(self.model.theta))

    def _large_update(self) -> float:
        """One update that can be interrupted."""
        optimizer, plan = self.optimizer, self.batches.take(1)
        optimizer.begin(self.settings.optimizer)
        memory = optimizer.first, optimizer.second, optimizer.count
        loss = self._network.train_in_parts(*memory, self.examples("train"), plan, self.settings, self.check_interrupt)
        optimizer.counted(1)
        self.steps_done += 1
        return loss

    def state(self) -> State:
        """Where the loop stands; later updates do not change it."""
        memory = self.optimizer.memory()
        return State(copy_of(self.model.theta), memory, self.steps_done, self.batches.passes, self.batches.position)

    @torch.inference_mode()
    def restore(self, state: State) -> None:
        """To another state."""
        self.model.theta.copy_(state.theta)
        self.optimizer.recall(state.memory)
        self.steps_done = state.steps_done
        self.batches.go_to(state.passes, state.position)

    def check_interrupt(self) -> None:
        """Called between the parts of a long computation.

        Raises:
            Interrupted: `interrupt` has said True.
        """
        if self.interrupt():
            raise Interrupted


def _made(begin: int, losses: list[float], states: list[State], small: bool) -> Made:
    after = [*losses, math.nan]
    kept = tuple(Kept(state, after[state.steps_done - begin]) for state in states)
    return Made(losses[0], losses[-1], kept, small)
