"""A map of fits: many networks over two settings, trained side by side, each exactly as if it were trained alone.

A round brings every network to the next step that is remembered, each about a sixth later than the one before. The
processor's cores share the networks. The work comes in pieces of a few milliseconds, so that a scheduler can give a
map its turns among other work. On an executor, which may be a cluster, it comes in a few large ones (`piece.py`).
"""

import math
import os
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import torch
from torch import Tensor

from mlp.limits import LIMITS, Limits
from mlp.model import Model
from mlp.settings import Settings
from mlp.sweep.cell import Cell, Fit
from mlp.sweep.grid import Axis, check_axes, grid, make_cells
from mlp.sweep.piece import train_on
from mlp.training.trainer import Trainer
from mlp.words import WordList, load_words

PIECE_SECONDS = 0.004
FIRST_GAP, GAP_SHARE = 8, 6
FIRST_GOAL, GOAL_FACTOR = 64, 2  # on an executor, of its pieces: each makes as many updates as all before it


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
        executor: where they train, one that `mlp.sweep.engines` opens or any other of the standard interface; threads
            of this process where left out. `EngineError` where it cannot finish: they stand where all had come to.

    Raises:
        ValueError: an unknown axis, the same axis twice, equal or illegal values, too many or too large networks.
    """

    def __init__(
        self,
        settings: Settings,
        words: Sequence[str] | None = None,
        *,
        x: Axis,
        y: Axis,
        limits: Limits = LIMITS,
        executor: Executor | None = None,
    ) -> None:
        self.x, self.y = check_axes(x, y, limits)
        self.words = load_words(settings.word_list) if words is None else WordList.of(words, settings.word_list)
        self.cells = make_cells(grid(settings, self.x, self.y), self.words, limits)
        self._limits, self._executor, self.settings = limits, executor, settings
        self._all = [cell for row in self.cells for cell in row]
        self.steps_done, self.seconds = 0, 0.0
        self._goal: int | None = None
        self._round: int | None = 0  # the step that the running round leads to; None between two rounds
        self._due, self._remembered = 0, -1
        self._publish(0)

    @property
    def alive(self) -> bool:
        """True while there is a network left that has not diverged."""
        return any(not cell.diverged for cell in self._all)

    @property
    def updates(self) -> int:
        """Updates of single networks so far."""
        return sum(cell.steps_done for cell in self._all)

    def step(self, count: int = 1) -> None:
        """`count` updates of every network that has not diverged."""
        self._settle()
        self._train(math.inf, self.steps_done + count)

    def run_for(self, seconds: float, until: int | None = None) -> int:
        """Train for about so many seconds, at most to step `until`; how many updates of every network were completed.

        The losses at step `until` are remembered, so that a map ends with a snapshot of its last step. On an executor
        it takes as long as its pieces do.
        """
        self._goal = until
        return self._train(seconds, math.inf if until is None else until)

    def loss(self, split: str) -> Tensor:
        """The "train" or "dev" loss in nats of every network as it is now, (len(y), len(x)); inf where it diverged."""
        if split not in ("train", "dev"):
            raise ValueError(f"A map of fits knows the losses of “train” and “dev”, not of “{split}”.")
        self._settle()
        if self._remembered < self.steps_done and self.alive:
            for cell in self._all:
                cell.remember()
            self._show_remembered(self.steps_done)
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
        self._settle()
        model = self.cells[row][col].model
        return model.at(model.theta.clone())

    def trainer(self, row: int, col: int) -> Trainer:
        """One network as an ordinary trainer with the same numbers; it goes on from there."""
        self._settle()
        return self.cells[row][col].trainer(self._limits)

    def _train(self, seconds: float, until: float) -> int:
        first, begin = self.steps_done, time.perf_counter()
        now = begin
        while self.alive and self.steps_done < until and now - begin < seconds:
            if self._executor:
                self._send(self._executor, until)
            else:
                if self._round is None:
                    self._round = int(min(self._due, until))
                self._work(begin + seconds)
            now = time.perf_counter()
        self.seconds += now - begin
        return self.steps_done - first

    def _settle(self) -> None:
        """Finish the running round, so that all networks stand at the same step."""
        while self._round is not None:
            self._work(math.inf)

    def _work(self, deadline: float) -> None:
        """A piece of work on each network that the running round has not brought to its step, while there is time."""
        goal = self._round or 0
        remembered = goal in (self._due, self._goal)
        behind = [cell for cell in self._all if _lacks(cell, goal, remembered)]
        behind.sort(key=lambda cell: cell.steps_done)
        for cell in behind[:1]:
            _piece(goal, remembered, math.inf, cell)  # so that every piece of work gets something done
        list(_workers().map(partial(_piece, goal, remembered, deadline), behind[1:]))
        if not any(_lacks(cell, goal, remembered) for cell in behind):
            self.steps_done, self._round = goal, None
            if remembered:
                self._show_remembered(goal)
        if any(cell.diverged for cell in behind):
            self._publish(self._remembered)

    def _send(self, executor: Executor, until: float) -> None:
        """One piece of every network on an executor.

        Raises:
            EngineError: it could not finish; nothing has changed.
        """
        self._settle()
        goal = int(min(until, max(FIRST_GOAL, GOAL_FACTOR * self.steps_done)))
        remember, due = list[int](), self._due
        while due <= goal:
            remember.append(due)
            due = _due_after(due)
        if goal == self._goal and goal not in remember:
            remember.append(goal)
        train_on(executor, [cell for cell in self._all if not cell.diverged], goal, remember)
        self.steps_done = goal
        if remember:
            self._show_remembered(remember[-1])
        else:
            self._publish(self._remembered)

    def _show_remembered(self, step: int) -> None:
        """Show the watchers the losses at a step that all networks have come to."""
        self._remembered = step
        if step >= self._due:
            self._due = _due_after(step)
        self._thin()
        self._publish(step)

    def _publish(self, step: int) -> None:
        fits = tuple(tuple(cell.fit() for cell in row) for row in self.cells)
        self._snapshot = MapSnapshot(self.x, self.y, step, self.steps_done, self.seconds, self.updates, fits)

    def _thin(self) -> None:
        """Where the snapshots take too much memory, drop every second one; the curves stay whole."""
        if sum(cell.bytes_kept() for cell in self._all) > self._limits.map_bytes:
            for cell in self._all:
                for step in list(cell.snapshots)[1:-1:2]:
                    cell.drop(step)


def _due_after(step: int) -> int:
    """The next step after a remembered one that is remembered by itself."""
    return step + max(FIRST_GAP, step // GAP_SHARE)


def _lacks(cell: Cell, goal: int, remembered: bool) -> bool:
    """True where a network has not come to a step yet, or not been remembered there."""
    if cell.diverged:
        return False
    return cell.steps_done < goal or (remembered and cell.steps[-1:] != [goal])


def _piece(goal: int, remembered: bool, deadline: float, cell: Cell) -> None:
    """Some updates towards a step, or its losses; nothing after the deadline."""
    if time.perf_counter() >= deadline:
        return
    cell.work(goal, PIECE_SECONDS)
    if remembered and cell.steps_done == goal:
        cell.remember()


@cache
def _workers() -> ThreadPoolExecutor:
    """A thread for each core; the kernel lets them run side by side."""
    return ThreadPoolExecutor(os.cpu_count(), "mlp-map", initializer=torch.set_num_threads, initargs=(1,))
