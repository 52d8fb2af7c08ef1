"""A map of fits as the engine plays it: it trains in turns, can be stopped and taken up again, and rests unwatched."""

import math
import threading
import time
from collections.abc import Callable

from mlp.sweep import FitMap

WATCH_SECONDS = 4.0
TELL_SECONDS = 0.1
OWN_LANE = 1_000_000_000


class MapRun:
    """A map that trains up to step `goal`. Every method may be called from any thread and returns at once.

    Attributes:
        fits: the map; take only `fits.snapshot()` while it trains. goal: the step at which it is done.
        playing: True while it trains. note: one line about why it rests, or "".
    """

    def __init__(self, fits: FitMap, goal: int, wake: Callable[["MapRun"], None], changed: Callable[[], None]) -> None:
        self.fits, self.goal, self.note = fits, goal, ""
        self.busy = threading.Lock()  # held by the engine during a turn; whoever holds it may read the networks
        self._wake, self._changed = wake, changed
        self._told = 0.0
        self.playing = False
        self.play()

    def play(self) -> None:
        """Train, or go on training."""
        self.playing, self.note = not self.done, ""
        self.watch()
        self._wake(self)

    def stop(self) -> None:
        """Rest after the running turn; what was trained stays."""
        self.playing = False
        self._changed()

    def watch(self) -> None:
        """Say that somebody is looking: this is what keeps it training."""
        self._watched_at = time.monotonic()

    @property
    def done(self) -> bool:
        """True when every network has come to the goal or diverged."""
        return self.fits.steps_done >= self.goal or not self.fits.alive

    def work_per_step(self) -> int:
        return OWN_LANE

    def turn(self, seconds: float) -> float:
        if not self.playing:
            return math.inf
        if time.monotonic() - self._watched_at > WATCH_SECONDS:
            self.playing, self.note = False, "Stopped, because nobody was watching."
        else:
            self.fits.run_for(seconds, self.goal)
            if self.done:
                self.playing = False  # and never True here: a stop may have come meanwhile
        if not self.playing or time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            self._changed()
        return 0.0 if self.playing else math.inf

    def fail(self, error: Exception) -> None:
        self.playing, self.note = False, f"Training stopped: {error}"
        self._changed()
