"""Runs trained side by side: in slices, a few steps at a time, with the losses of all of them at the same steps."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

GAP_SHARE = 20  # losses are worked out at steps about so much of a part later than the ones before
PIECE = 20


@dataclass(frozen=True)
class Attempt:
    """One run so far, immutable.

    Attributes:
        label: its name. steps, train, dev: its curve, losses in nats. kept: the step whose network it ends with.
    """

    label: str
    steps: tuple[int, ...]
    train: tuple[float, ...]
    dev: tuple[float, ...]
    kept: int

    @property
    def final(self) -> tuple[float, float]:
        """Train and dev loss in nats of the network that it ends with; nan before the first losses."""
        if not self.steps:
            return math.nan, math.nan
        place = self.steps.index(self.kept)
        return self.train[place], self.dev[place]


class Trains(Protocol):
    """What can run: a trainer, or a loop."""

    steps_done: int

    def step(self, count: int) -> object:
        """Make so many updates, unless it cannot go on."""
        ...

    def evaluate(self, split: str) -> float:
        """The loss in nats over "train" or "dev"."""
        ...


@dataclass(eq=False)
class Runner:
    """What trains, and the losses seen so far."""

    label: str
    trainer: Trains
    steps: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    dev: list[float] = field(default_factory=list)

    def look(self) -> None:
        """Take down the losses of now."""
        self.steps.append(self.trainer.steps_done)
        self.train.append(self.trainer.evaluate("train"))
        self.dev.append(self.trainer.evaluate("dev"))

    def attempt(self) -> Attempt:
        """The run so far."""
        kept = self.steps[-1] if self.steps else 0
        return Attempt(self.label, tuple(self.steps), tuple(self.train), tuple(self.dev), kept)


class Race:
    """The runs in slices: `run_for` some milliseconds at a time, `attempts` whenever wanted.

    Only `attempts` and `steps_done` may be read from other threads.

    Args:
        runners: what trains, all at step 0. goal: the step at which all of them end.
    """

    def __init__(self, runners: Sequence[Runner], goal: int) -> None:
        self.goal, self.steps_done, self.done = goal, 0, False
        self._runners = runners
        self.attempts = self.told()
        self._work = self._pieces()

    def run_for(self, seconds: float = math.inf) -> int:
        """Train for so many seconds; how far every run has come."""
        deadline = time.perf_counter() + seconds
        while not self.done and time.perf_counter() < deadline:
            next(self._work, None)
        return self.steps_done

    def told(self) -> tuple[Attempt, ...]:
        """What is shown of all of them."""
        return tuple(runner.attempt() for runner in self._runners)

    def _pieces(self) -> Iterator[None]:
        """The work, piece by piece: each `next` is a few steps of one run, or its losses."""
        due = 0
        while True:
            for runner in self._runners:
                while (before := runner.trainer.steps_done) < due:
                    runner.trainer.step(min(PIECE, due - before))
                    yield
                    if runner.trainer.steps_done == before:
                        break  # it has diverged, and holds up nobody
                runner.look()
                yield
            self.steps_done, self.attempts = due, self.told()
            if due == self.goal:
                break
            due = min(self.goal, due + max(1, due // GAP_SHARE))
        self.done = True
