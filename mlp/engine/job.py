"""Background work as the engine plays it: it comes on in turns, can be stopped and taken up again, and rests unwatched.

Jobs have a lane of the engine for themselves, so that neither they nor the runs wait for one another.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Protocol

WATCH_SECONDS = 4.0
TELL_SECONDS = 0.1
LONG_TURN = 1.0
UNWATCHED = "Stopped because the page was left."


class Work(Protocol):
    """What can be done in slices."""

    @property
    def done(self) -> bool:
        """True when nothing is left to do."""
        ...

    def run_for(self, seconds: float) -> int:
        """Work for about so many seconds."""
        ...


class Job:
    """Work that the engine does at once, beside the runs. Every method may be called from any thread.

    Attributes:
        work: what is done; others may only read what it publishes, or hold `busy`.
        playing: True while it is done. note: one line about why it rests, or "".
        goes_on: whether it does so by itself when somebody looks again, as after a page that was slow in coming.
    """

    goes_on = True

    def __init__(self, work: Work, wake: Callable[["Job"], None], changed: Callable[[], None]) -> None:
        self.work, self.note = work, ""
        self.busy = threading.Lock()  # held by the engine during a turn
        self._wake, self._changed = wake, changed
        self._told = 0.0
        self.playing = False
        self.play()

    def play(self) -> None:
        """Work, or go on working."""
        self.playing, self.note = not self.work.done, ""
        self.keep_alive()
        self._wake(self)

    def stop(self) -> None:
        """Rest after the running turn; what was done stays."""
        self.playing = False
        self._wake(self)

    def detach(self) -> None:
        """Rest because nobody looks any more."""
        if self.playing:
            self.note = UNWATCHED
            self.stop()

    def keep_alive(self) -> None:
        """Say that somebody is looking: this keeps it going, and has it go on where it rests because nobody did."""
        self._watched_at = time.monotonic()
        if self.goes_on and not self.playing and self.note == UNWATCHED:
            self.play()

    @property
    def done(self) -> bool:
        """True when nothing is left to do."""
        return self.work.done

    def turn(self, seconds: float) -> float:
        begin = time.monotonic()
        if self.playing and begin - self._watched_at > WATCH_SECONDS:
            self.playing, self.note = False, UNWATCHED
        if self.playing:
            self.work.run_for(seconds)
            if self.work.done:
                self.playing = False  # and never True here: a stop may have come meanwhile
        if not self.playing:
            self._rest()
        now = time.monotonic()
        self._watched_at += max(0.0, now - begin - LONG_TURN)  # nobody could be shown anything meanwhile
        if not self.playing or now - self._told > TELL_SECONDS:
            self._told = now
            self._changed()
        return 0.0 if self.playing else math.inf

    def _rest(self) -> None:
        """Called when the work has come to an end or was stopped."""

    def fail(self, error: Exception) -> float:
        self.playing, self.note = False, f"Stopped because of an error: {str(error) or type(error).__name__}"
        self._changed()
        return math.inf
