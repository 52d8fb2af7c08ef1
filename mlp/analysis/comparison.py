"""The remedies side by side: the overfitting preset and each change against it, trained in step."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mlp.analysis.presets import Preset, Remedy
from mlp.training.curves import CHANCE, best_step, stopping_step
from mlp.training.trainer import Trainer

GAP_SHARE = 20  # losses are worked out at steps about so much of a part later than the ones before
PIECE = 20
ROOM_BYTES = 500_000  # for the states that each run keeps


@dataclass(frozen=True)
class Attempt:
    """One run of the comparison so far, immutable.

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


@dataclass(eq=False)
class _Run:
    """A trainer and the losses seen so far."""

    label: str
    trainer: Trainer
    steps: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    dev: list[float] = field(default_factory=list)

    def look(self) -> None:
        """Take down the losses of now; of the states on the way there, which nobody asks for, only a few are kept."""
        self.trainer.timeline = self.trainer.timeline.thinned(ROOM_BYTES)
        self.steps.append(self.trainer.steps_done)
        self.train.append(self.trainer.evaluate("train"))
        self.dev.append(self.trainer.evaluate("dev"))

    def attempt(self) -> Attempt:
        kept = self.steps[-1] if self.steps else 0
        return Attempt(self.label, tuple(self.steps), tuple(self.train), tuple(self.dev), kept)


class Comparison:
    """Every remedy tried on a preset, in slices: `run_for` some milliseconds at a time, `attempts` whenever wanted.

    Only `attempts` and `steps_done` may be read from other threads.

    Args:
        preset: what overfits. remedies: what is changed in it. Early stopping trains nothing of its own: it is the
            overfitting run up to where its patience ends. words: those of the preset's list where left out.

    Attributes:
        words: the list that all of them learn from.
    """

    def __init__(self, preset: Preset, remedies: Mapping[str, Remedy], words: Sequence[str] | None = None) -> None:
        self.goal, self.steps_done, self.done = preset.steps, 0, False
        self._remedies = remedies
        self._first = _Run(preset.label, Trainer(preset.settings, words))
        self._runs = {
            name: _Run(remedy.label, self._first.trainer.fork(**remedy.changes))
            for name, remedy in remedies.items()
            if remedy.patience is None
        }
        self.words = self._first.trainer.words
        self.attempts = self._attempts()
        self._work = self._pieces()

    def run_for(self, seconds: float = math.inf) -> int:
        """Train for so many seconds; how far every run has come."""
        deadline = time.perf_counter() + seconds
        while not self.done and time.perf_counter() < deadline:
            next(self._work, None)
        return self.steps_done

    def _pieces(self) -> Iterator[None]:
        """The work, piece by piece: each `next` is a few steps of one run, or its losses."""
        due = 0
        while True:
            for run in (self._first, *self._runs.values()):
                while run.trainer.steps_done < due and not run.trainer.diverged:
                    run.trainer.step(min(PIECE, due - run.trainer.steps_done))
                    yield
                run.look()
                yield
            self.steps_done, self.attempts = due, self._attempts()
            if due == self.goal:
                break
            due = min(self.goal, due + max(1, due // GAP_SHARE))
        self.done = True

    def _attempts(self) -> tuple[Attempt, ...]:
        """The overfitting run, then each remedy in its order."""
        first = self._first.attempt()
        tried: list[Attempt] = []
        for name, remedy in self._remedies.items():
            patience = remedy.patience
            tried.append(self._runs[name].attempt() if patience is None else stopped(first, remedy.label, patience))
        return first, *tried


def stopped(attempt: Attempt, label: str, patience: int) -> Attempt:
    """A run as early stopping leaves it: its curve ends where the patience does, and its best network is kept."""
    end = stopping_step(attempt.steps, attempt.dev, patience)
    count = len(attempt.steps) if end is None else attempt.steps.index(end) + 1
    steps, train, dev = attempt.steps[:count], attempt.train[:count], attempt.dev[:count]
    return Attempt(label, steps, train, dev, best_step(steps, dev) or 0)


def in_front(attempts: Sequence[Attempt]) -> list[str]:
    """The labels of the runs that end with the lowest dev loss, lowest first: those within chance of it are ties."""
    known = sorted((attempt.final[1], attempt.label) for attempt in attempts if math.isfinite(attempt.final[1]))
    return [label for dev, label in known if dev <= known[0][0] + CHANCE]
