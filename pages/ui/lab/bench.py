"""What one browser tab does in the fitting lab: its map of fits with a cursor, its rate search, its comparison."""

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from mlp.analysis.comparison import Comparison
from mlp.analysis.presets import remedies
from mlp.analysis.rate_finder import RateFinder
from mlp.engine.job import Job
from mlp.engine.map_run import MapRun
from mlp.settings import nearest
from mlp.sweep.fit_map import FitMap
from mlp.training.trainer import Trainer
from pages.ui.live.session import Session, current


class Lab:
    """The lab of one session. What the socket calls (`move`, `steer`) may come from any thread."""

    def __init__(self, session: Session) -> None:
        self.run, self.engine = session.run, session.engine
        self.map: MapRun | None = None
        self.opened = False  # whether its page was
        self.asked = 0  # how many maps were asked for
        self.cursor, self.along = (0, 0), "x"
        self.search: Job | None = None
        self.comparison: Job | None = None
        session.handlers |= {"cursor": self.move, "map": self.steer}

    def train_map(self, fits: FitMap, steps: int, *, asked: bool = True) -> None:
        """Train a new map in place of the last one; the cursor begins in its middle. The first comes unasked."""
        if self.map:
            self.map.stop()
        self.cursor = len(fits.y[1]) // 2, len(fits.x[1]) // 2
        self.asked += asked
        self.map = self.engine.start_map(fits, steps, self.run.notify)

    def move(self, value: Any) -> None:
        """Put the cursor on a column ("x"), a row ("y") or both; a number outside the map becomes the nearest inside.

        Raises:
            ValueError: there is no map, or the value makes no sense.
        """
        if not self.map or not isinstance(value, dict) or not value:
            raise ValueError("That cell does not exist.")
        fits = self.map.fits
        if len(value) == 1:
            self.along = "y" if "y" in value else "x"
        row, col = (value.get(axis, at) for axis, at in zip("yx", self.cursor, strict=True))
        self.cursor = _place(row, len(fits.y[1])), _place(col, len(fits.x[1]))
        self.run.notify()

    def steer(self, value: Any) -> None:
        """Stop the map, or go on with it."""
        if self.map:
            self.map.play() if value == "go on" else self.map.stop()
            self.run.notify()

    def leave(self) -> None:
        """Let the map rest, as when the page is left."""
        if self.map:
            self.map.detach()

    def open(self) -> None:
        """Make the network under the cursor the session's own, with the numbers that the map shows."""
        if not self.map:
            return
        self.map.stop()
        with self.map.busy:
            self.map.fits.loss("dev")
            trainer = self.map.fits.trainer(*self.cursor)
        self.run.adopt(trainer, f"Opened from the fitting lab at step {trainer.steps_done:,}.")

    def find_rate(self) -> None:
        """Search on a copy of the session's network, taken between two of its updates."""

        def begin(trainer: Trainer) -> None:
            self.search = self.engine.start_job(RateFinder(trainer), self.run.notify)

        if self.search:
            self.search.stop()
        self.run.call(begin)

    def use_rate(self) -> None:
        """Give the session's network the suggested rate."""
        if self.search and isinstance(self.search.work, RateFinder):
            rate, _ = nearest("learning_rate", f"{self.search.work.curve().suggested:.2g}")
            self.run.set("learning_rate", rate)

    def compare(self, times: int = 1) -> None:
        """Train the overfitting preset and its remedies side by side, so many times its steps, on the words at hand."""
        if self.comparison:
            self.comparison.stop()
        trainer = self.run.trainer
        preset, tried = remedies(trainer.settings.word_list)
        made = Comparison(replace(preset, steps=times * preset.steps), tried, trainer.words)
        self.comparison = self.engine.start_job(made, self.run.notify)


_labs: WeakKeyDictionary[Session, Lab] = WeakKeyDictionary()


def lab() -> Lab:
    """The lab of the session whose script calls."""
    session = current()
    here = _labs.get(session)
    if here is None:
        here = _labs[session] = Lab(session)
    session.on_leave = here.leave
    return here


def lab_of(session: Session) -> Lab | None:
    """The lab of a session that has been there; None of others."""
    return _labs.get(session)


def _place(value: Any, count: int) -> int:
    """The row or column nearest to what was sent.

    Raises:
        ValueError: it is not a number.
    """
    try:
        return round(min(max(float(value), 0.0), count - 1.0))
    except (TypeError, ValueError):
        raise ValueError("That cell does not exist.") from None
