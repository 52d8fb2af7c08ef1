"""A map of fits as the engine plays it: a job that trains the map up to a step and ends with that step's losses."""

from collections.abc import Callable

from mlp.engine.job import Job
from mlp.sweep.fit_map import FitMap


class MapRun(Job):
    """A map that trains up to step `goal`.

    Attributes:
        fits: the map; take only `fits.snapshot()` while it trains, and the networks only while holding `busy`.
    """

    goes_on = False  # it may be minutes of work: its page asks

    def __init__(self, fits: FitMap, goal: int, wake: Callable[[Job], None], changed: Callable[[], None]) -> None:
        self.fits, self.goal = fits, goal
        super().__init__(_UpTo(fits, goal), wake, changed)

    @property
    def share(self) -> float:
        """How much of the way to the goal is done, 0 to 1."""
        return 1.0 if self.done else self.fits.steps_done / self.goal

    def _rest(self) -> None:
        self.fits.loss("dev")  # so that the snapshot shows the step at which the networks stand


class _UpTo:
    """Training a map to a step, as work in slices."""

    def __init__(self, fits: FitMap, goal: int) -> None:
        self._fits, self._goal = fits, goal

    @property
    def done(self) -> bool:
        """True when every network has come to the goal or diverged."""
        return self._fits.steps_done >= self._goal or not self._fits.alive

    def run_for(self, seconds: float) -> int:
        return self._fits.run_for(seconds, self._goal)
