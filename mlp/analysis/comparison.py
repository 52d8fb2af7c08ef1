"""The remedies side by side: the overfitting preset and each change against it, trained in step."""

import math
from collections.abc import Mapping, Sequence

from mlp.analysis.presets import Preset, Remedy
from mlp.analysis.race import Attempt, Race, Runner
from mlp.training.curves import CHANCE, best_step, stopping_step
from mlp.training.trainer import Trainer

ROOM_BYTES = 500_000  # for the states that each run keeps


class _Light(Runner):
    """A run with a timeline that nobody asks for: only a few of its states are kept."""

    trainer: Trainer

    def look(self) -> None:
        self.trainer.timeline = self.trainer.timeline.thinned(ROOM_BYTES)
        super().look()


class Comparison(Race):
    """Every remedy tried on a preset, on the same words.

    Args:
        preset: what overfits. remedies: what is changed in it. Early stopping trains nothing of its own: it is the
            overfitting run up to where its patience ends. words: those of the preset's list where left out.

    Attributes:
        words: the list that all of them learn from.
    """

    def __init__(self, preset: Preset, remedies: Mapping[str, Remedy], words: Sequence[str] | None = None) -> None:
        self._remedies = remedies
        first = Trainer(preset.settings, words)
        self.words = first.words
        self._first = _Light(preset.label, first)
        self._tried = {
            name: _Light(remedy.label, first.fork(**remedy.changes))
            for name, remedy in remedies.items()
            if remedy.patience is None
        }
        super().__init__([self._first, *self._tried.values()], preset.steps)

    def told(self) -> tuple[Attempt, ...]:
        """The overfitting run, then each remedy in its order."""
        first = self._first.attempt()
        tried: list[Attempt] = []
        for name, remedy in self._remedies.items():
            patience = remedy.patience
            tried.append(self._tried[name].attempt() if patience is None else stopped(first, remedy.label, patience))
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
