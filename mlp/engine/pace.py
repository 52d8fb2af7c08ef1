"""How fast a playing run goes: at full speed, so many steps a second, or as fast as a person can follow.

Most happens early: after a hundred steps the letters have been told from each other, and the next change as large takes
a thousand. So `WATCH` slows down evenly in log steps: the first hundred take ten seconds, each tenfold after that five.
"""

import math
import time
from typing import Literal

WATCH: Literal["watch"] = "watch"
Pace = float | Literal["watch"] | None
BEGINNING = 100  # steps, at an even pace
SECONDS = 10.0, 5.0  # for the beginning, and for each tenfold after it
BRISK = 1.0, 1.0  # the same on the way to a goal, as where a preset is played out
TURNS = 40  # a second at most: more steps a second are made in one go


def rate(pace: Pace, step: int, to_goal: bool = False) -> float:
    """Steps a second at a step; inf at full speed."""
    if pace is None:
        return math.inf
    if pace != WATCH:
        return pace
    beginning, tenfold = BRISK if to_goal else SECONDS
    return BEGINNING / beginning if step < BEGINNING else step * math.log(10) / tenfold


class Metronome:
    """Tells how many steps are due. After a rest the first is due at once, and no more than that."""

    def __init__(self) -> None:
        self._due, self._at = 1.0, time.monotonic()

    def due(self, rate: float) -> int:
        """Steps to make now, at so many a second; 0 where it is too early."""
        now, enough = time.monotonic(), _enough(rate)
        self._due, self._at = min(self._due + rate * (now - self._at), 2 * enough), now
        if self._due < enough - 1e-6:  # a clock's reading is rounded
            return 0
        count = int(self._due + 1e-6)
        self._due -= count
        return count

    def rests_for(self, rate: float) -> float:
        """Seconds until steps are due."""
        return max(0.0, (_enough(rate) - self._due) / rate - (time.monotonic() - self._at))


def _enough(rate: float) -> float:
    return max(1.0, rate / TURNS)
