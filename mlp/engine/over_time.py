"""Something measured of a run at some of its remembered steps, so that it can be drawn as a curve over the training.

The sums are made beside the run, as a job, so they neither slow it nor hold up a page; what was measured is kept for as
long as the run remembers that step as it was.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from torch import Tensor

from mlp.engine.job import Job
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Curve, Snapshot

T = TypeVar("T")

Known = dict[int, tuple[Tensor, T]]  # step -> the parameters it was measured of, and what came of it

POINTS = 64  # of a curve at most; half of them at least, where the run remembers so many


class OverTime(Generic[T]):
    """A measure of one run at chosen steps.

    Args:
        engine: whose jobs it takes. changed: called as more becomes known.
        measure: of a run, as a snapshot, and a step that it remembers (see `mlp.engine.moment`).
    """

    def __init__(self, engine: Engine, measure: Callable[[Snapshot, int], T], changed: Callable[[], None]) -> None:
        self._engine, self._measure, self._changed = engine, measure, changed
        self._known: Known[T] = {}
        self._of = (-1, -1)
        self._job: Job | None = None

    def __call__(self, snapshot: Snapshot) -> list[tuple[int, T]]:
        """What is known up to the step of a snapshot, as (step, measure); what is missing will soon be."""
        present = snapshot.now
        self._forget_another_past(present)
        steps = chosen_steps(present.curve)
        missing = [step for step in steps if step in present.thetas and step not in self._known]
        if self._job:
            self._job.keep_alive()
        if missing and not self.busy:
            work = _Measuring(self._measure, present, _coarse_first(missing, steps), self._known)
            self._job = self._engine.start_job(work, self._changed)
        found = [(step, self._known.get(step)) for step in steps if step <= snapshot.step]
        return [(step, known[1]) for step, known in found if known]

    @property
    def busy(self) -> bool:
        """Whether more will soon be known."""
        return bool(self._job and self._job.playing)

    def _forget_another_past(self, present: Snapshot) -> None:
        """After a new network, or after going back, keep only what is still true of the steps that are remembered."""
        of = present.network, len(present.recipe.goings_back)
        if of == self._of:
            return
        if self._job:
            self._job.stop()
        self._job, self._of = None, of
        self._known = {step: known for step, known in self._known.items() if present.thetas.get(step) is known[0]}


class _Measuring(Generic[T]):
    """The work of measuring some steps (see `mlp.engine.job.Work`)."""

    def __init__(
        self, measure: Callable[[Snapshot, int], T], present: Snapshot, steps: list[int], into: "Known[T]"
    ) -> None:
        self._measure, self._present, self._left, self._into = measure, present, steps[::-1], into

    @property
    def done(self) -> bool:
        """True when no step is left."""
        return not self._left

    def run_for(self, seconds: float) -> int:
        """Measure steps for about so many seconds; how many there were."""
        deadline, count = time.monotonic() + seconds, 0
        while self._left and (not count or time.monotonic() < deadline):
            step = self._left.pop()
            theta = self._present.thetas.get(step)
            if theta is not None:  # the run still remembers it
                self._into[step] = theta, self._measure(self._present, step)
            count += 1
        return count


def chosen_steps(curve: Curve) -> list[int]:
    """The remembered steps at which a run is measured: every one, every second, every fourth … of them.

    They follow from how many there are alone, and most of them stay as the run goes on.
    """
    return list(curve.steps[:: _stride(len(curve.steps))])


def _stride(count: int) -> int:
    stride = 1
    while (count - 1) // stride + 1 > POINTS:
        stride *= 2
    return stride


def _coarse_first(missing: list[int], steps: list[int]) -> list[int]:
    """The missing steps in such an order that a curve of the whole run is there soon, and then becomes finer."""
    places = {step: place for place, step in enumerate(steps)}
    return sorted(missing, key=lambda step: -(places[step] & -places[step]) if places[step] else -len(steps))
