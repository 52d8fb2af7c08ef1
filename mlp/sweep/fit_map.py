"""A map of fits: many networks over two settings, trained at once, each as if it were trained alone.

Networks of one shape share a `BatchedStep`. A round is one update of every network; at chosen steps (each about a sixth
later than the one before) the losses and parameters are remembered. All of it comes in pieces of a few milliseconds,
so that a scheduler can give a map its turns among other work.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from mlp.limits import LIMITS, Limits
from mlp.model import Model
from mlp.settings import Settings
from mlp.sweep.batch_feed import Feed, batch_taken, examples_taken
from mlp.sweep.batched_step import BatchedStep, Member
from mlp.sweep.cell import Cell, Fit
from mlp.sweep.grid import Axis, by_shape, check_axes, grid, make_cells
from mlp.sweep.shape_group import ShapeGroup
from mlp.training.trainer import Trainer
from mlp.words import WordList, load_words

CHECK_EVERY = 100
FIRST_GAP, GAP_SHARE = 8, 6


@dataclass(frozen=True)
class MapSnapshot:
    """A map of fits at one moment, for watchers in other threads.

    Attributes:
        x, y: the axes, name and values. step: the step of all its losses. steps_done: how far training has come.
        seconds: time spent on the map so far. updates: updates of single networks so far.
        fits: the networks, fits[row][column]; rows go along y.
    """

    x: tuple[str, tuple[Any, ...]]
    y: tuple[str, tuple[Any, ...]]
    step: int
    steps_done: int
    seconds: float
    updates: int
    fits: tuple[tuple[Fit, ...], ...]

    def loss(self, split: str) -> Tensor:
        """The train or dev loss of every network, (len(y), len(x)); inf where it diverged."""
        return torch.tensor([[fit.loss(split) for fit in row] for row in self.fits])


class FitMap:
    """Networks over two axes, untrained; rows go along `y`, columns along `x`.

    Only `snapshot` may be called from other threads than the one that trains.

    Args:
        settings: what the networks have in common. words: clean words; the settings' own list where left out.
        x, y: a setting's name, one of `AXES`, and its values. limits: how many networks, and how much is kept of them.

    Raises:
        ValueError: an unknown axis, the same axis twice, equal or illegal values, too many or too large networks.
    """

    def __init__(
        self, settings: Settings, words: Sequence[str] | None = None, *, x: Axis, y: Axis, limits: Limits = LIMITS
    ) -> None:
        torch.set_num_threads(1)  # a second thread makes steps of this size slower, not faster
        self.x, self.y = check_axes(x, y, limits)
        self.words = load_words(settings.word_list) if words is None else WordList.of(words, settings.word_list)
        self.cells = make_cells(grid(settings, self.x, self.y), self.words, limits)
        self._limits = limits
        self.steps_done, self.updates, self.seconds = 0, 0, 0.0
        self._feeds: dict[tuple, Feed] = {}
        self._parts = [ShapeGroup(cells, self.words, self._stack) for cells in by_shape(self.cells)]
        self._due, self._remembered, self._settled = 0, -1, False
        self._goal: int | None = None
        self._work = self._rounds()
        self._publish(0)

    @property
    def alive(self) -> bool:
        """True while there is a network left that has not diverged."""
        return bool(self._parts)

    def step(self, count: int = 1) -> None:
        """`count` updates of every network that has not diverged."""
        self._train(math.inf, self.steps_done + count)

    def run_for(self, seconds: float, until: int | None = None) -> int:
        """Train for so many seconds, at most to step `until`; how many updates of every network were completed.

        The losses at step `until` are remembered, so that a map ends with a snapshot of its last step.
        """
        self._goal = until
        return self._train(seconds, math.inf if until is None else until)

    def loss(self, split: str) -> Tensor:
        """The "train" or "dev" loss in nats of every network as it is now, (len(y), len(x)); inf where it diverged."""
        if split not in ("train", "dev"):
            raise ValueError(f"A map of fits knows the losses of “train” and “dev”, not of “{split}”.")
        self._settle()
        if self._remembered < self.steps_done and self._parts:
            for _ in self._remember(self.steps_done):
                pass
        return self._snapshot.loss(split)

    def snapshot(self) -> MapSnapshot:
        """The map at the step remembered last; nothing that happens later changes it."""
        return replace(self._snapshot, steps_done=self.steps_done, seconds=self.seconds, updates=self.updates)

    def curves(self, row: int, col: int) -> tuple[list[int], list[float], list[float]]:
        """Steps, train losses and dev losses remembered of one network."""
        cell = self.cells[row][col]
        return list(cell.steps), list(cell.train), list(cell.dev)

    def model(self, row: int, col: int) -> Model:
        """One network as it is now, in parameters of its own."""
        member, _ = self._member(row, col)
        return self.cells[row][col].model(member.theta)

    def trainer(self, row: int, col: int) -> Trainer:
        """One network as an ordinary trainer with the same numbers; it goes on from there."""
        member, step = self._member(row, col)
        return self.cells[row][col].trainer(self.words, member, step, self._limits)

    def _train(self, seconds: float, until: float) -> int:
        first, begin = self.steps_done, time.perf_counter()
        now = begin
        while self._parts and self.steps_done < until and now - begin < seconds:
            next(self._work)
            now = time.perf_counter()
        self.seconds += now - begin
        return self.steps_done - first

    def _rounds(self) -> Iterator[None]:
        """The work, piece by piece: each `next` is a step of one stack, or the losses of one network."""
        yield from self._remember(0)
        while True:
            self._settled = True
            yield
            self._settled = False
            for part in self._parts:
                self.updates += part.step()
                yield
            step = self.steps_done + 1
            due = step in (self._due, self._goal)
            if due or step % CHECK_EVERY == 0:
                yield from self._set_broken_aside()
            if due:
                yield from self._remember(step)
            self.steps_done = step

    def _settle(self) -> None:
        """Finish the running round, so that all networks stand at the same step, and on finite numbers."""
        while not self._settled:
            next(self._work)
        for _ in self._set_broken_aside():
            pass

    def _remember(self, step: int) -> Iterator[None]:
        """Keep the parameters and losses of all networks, and show them to the watchers."""
        for part in self._parts:
            for cell, member in part.members():
                cell.remember(step, member, cell.losses(member.theta))
                yield
        self._thin()
        self._remembered = step
        if step >= self._due:
            self._due = step + max(FIRST_GAP, step // GAP_SHARE)
        self._publish(step)

    def _publish(self, step: int) -> None:
        fits = tuple(tuple(cell.fit() for cell in row) for row in self.cells)
        self._snapshot = MapSnapshot(self.x, self.y, step, self.steps_done, self.seconds, self.updates, fits)

    def _thin(self) -> None:
        """Where the snapshots take too much memory, drop every second one; the curves stay whole."""
        cells = [cell for row in self.cells for cell in row]
        if sum(cell.bytes_kept() for cell in cells) > self._limits.map_bytes:
            for cell in cells:
                for step in list(cell.snapshots)[1:-1:2]:
                    cell.drop(step)

    def _set_broken_aside(self) -> Iterator[None]:
        """Freeze networks whose parameters are no longer finite; the others go on without them."""
        for part in list(self._parts):
            before = len(part.cells)
            yield from part.set_broken_aside()
            if len(part.cells) < before:
                self._parts = [part for part in self._parts if part.cells]
                self._publish(self._remembered)

    def _member(self, row: int, col: int) -> tuple[Member, int]:
        """A network as it is now, and its step."""
        self._settle()
        cell = self.cells[row][col]
        if cell.ended:
            return cell.ended
        part = next(part for part in self._parts if cell in part.cells)
        return dict(part.members())[cell], self.steps_done

    def _stack(self, cells: list[Cell], members: list[Member], step: int) -> BatchedStep:
        """The members as a stack; stacks with the same examples share their batches."""
        V, whole, settings = len(cells[0].dataset.vocabulary), cells[0].whole, [cell.settings for cell in cells]
        taken = [examples_taken(s, len(whole)) for s in settings]
        key = settings[0].block_size, batch_taken(settings[0], len(whole)), *taken
        if key not in self._feeds:
            self._feeds[key] = Feed(settings, whole, V)
        return BatchedStep(members, self._feeds[key], V, step)
