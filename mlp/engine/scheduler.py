"""One engine for all runs of a process: it gives each playing run short turns, and never two at once.

A run is driven by commands, which wait in a queue until its next turn, so that a command never meets a half-made
update. Whoever watches asks for the next snapshot and gets an immutable one. A run that nobody asks about pauses.
The engine knows nothing of web pages.
"""

import atexit
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import torch

from mlp.engine.job import Job, Work
from mlp.engine.map_run import MapRun
from mlp.engine.run import Run
from mlp.engine.tally import Tally
from mlp.limits import LIMITS, Limits
from mlp.settings import Settings
from mlp.sweep.fit_map import FitMap

ROUND_SECONDS = 0.015  # which the players of a lane share
TURN_SECONDS = 0.0005, 0.012  # the shortest and the longest turn
BUSY_SECONDS = 0.005
STOP_SECONDS = 10.0

log = logging.getLogger(__name__)


class Player(Protocol):
    """What the engine can give turns to."""

    busy: threading.Lock

    def turn(self, seconds: float) -> float:
        """Work for about so many seconds; the seconds until the next turn is due: 0 now, inf never."""
        ...

    def fail(self, error: Exception) -> float:
        """Stop after an error, and say so; as `turn`, the seconds until the next turn is due."""
        ...


class Engine:
    """Three schedulers, each a thread that starts when it first has work: for light runs, for heavy ones, for jobs.

    A heavy run, one of whose steps or new networks would take much longer than a turn, cannot hold up the light ones.

    Attributes:
        made: how many updates its runs have made in all; not counted are those of maps and other jobs.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits, self.made = limits, Tally()
        self._lanes = _Lane("light", self._wake), _Lane("heavy", self._wake), _Lane("jobs", self._wake)
        atexit.register(self.stop)  # a thread that is cut off inside PyTorch would take the process down with it

    def start(self, settings: Settings, words: Sequence[str] | None = None) -> Run:
        """A new run, paused and untrained."""
        return Run(settings, words, self._wake, self.limits, self.made)

    def start_map(self, fits: FitMap, goal: int, changed: Callable[[], None]) -> MapRun:
        """A map of fits that trains at once, beside the runs, up to step `goal`; `changed` is called as it comes on."""
        return MapRun(fits, goal, self._wake, changed)

    def start_job(self, work: Work, changed: Callable[[], None]) -> Job:
        """Work that is done at once, beside the runs; `changed` is called as it comes on."""
        return Job(work, self._wake, changed)

    def stop(self) -> None:
        """End the threads after their running turns; the runs stay as they are."""
        for lane in self._lanes:
            lane.stop()

    def _wake(self, player: Player) -> None:
        light, heavy, jobs = self._lanes
        if isinstance(player, Run):
            (heavy if player.heavy else light).add(player)
        else:
            jobs.add(player)


class _Lane:
    """A thread that gives the runs in its queue a turn each, in order, for as long as they have something to do."""

    def __init__(self, name: str, hand_on: Callable[[Player], None]) -> None:
        self._name, self._hand_on = name, hand_on
        self._ready: deque[Player] = deque()
        self._sleeping: dict[Player, float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def add(self, run: Player) -> None:
        with self._changed:
            self._sleeping.pop(run, None)
            if run not in self._ready:
                self._ready.append(run)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=f"mlp-engine-{self._name}", daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _work(self) -> None:
        torch.set_num_threads(1)  # it counts for each thread anew
        while self._one_turn():
            pass

    def _one_turn(self) -> bool:
        """A turn of the next run; False at the end. The thread holds on to no run that it has done with."""
        run = self._next()
        if run is None:
            return False
        again = self._give_turn(run, self._share())
        if again <= 0:
            self._hand_on(run)  # its settings, and so its lane, may have changed
        elif math.isfinite(again):
            with self._changed:
                self._sleeping[run] = time.monotonic() + again
        return True

    def _share(self) -> float:
        """Seconds for one turn: many players get short ones, so that none waits long for its next."""
        shortest, longest = TURN_SECONDS
        return min(longest, max(shortest, ROUND_SECONDS / (1 + len(self._ready))))

    def _give_turn(self, run: Player, seconds: float) -> float:
        """One turn of about so long; seconds until the run wants the next one."""
        if not run.busy.acquire(blocking=False):
            return BUSY_SECONDS  # the other lane has it just now
        try:
            return run.turn(seconds)
        except Exception as error:  # one run's fault must not stop the others
            log.exception("A turn failed")
            return self._give_up(run, error)
        finally:
            run.busy.release()

    def _give_up(self, run: Player, error: Exception) -> float:
        try:
            return run.fail(error)
        except Exception:  # as where those whom it would tell are gone
            log.exception("A failed turn could not be told")
            return math.inf

    def _next(self) -> Player | None:
        """The run whose turn it is; waits until there is one. None at the end."""
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                for run in [run for run, due in self._sleeping.items() if due <= now]:
                    del self._sleeping[run]
                    self._ready.append(run)
                if self._ready:
                    return self._ready.popleft()
                self._changed.wait(min(self._sleeping.values()) - now if self._sleeping else None)
        return None
