"""The losses of a run's curve, worked out beside the training for a share of the time."""

import math
import time
from contextlib import suppress

from mlp.engine.snapshot import Curve, curve_of
from mlp.kernel.parts import Interrupted
from mlp.training.trainer import Trainer

SHARE = 0.3  # of the time that training takes
PACED_SHARE = 0.05  # of the time that goes by, where training is slowed down so that a person can follow

Losses = tuple[int, float, float]  # step, train, dev


class LossBacklog:
    """What is known of one trainer's losses. A step's losses are worked out once, however often they are shown."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._exact: Losses | None = None
        self._curve: Curve | None = None
        self._size = 0, 0
        self._newest_next = True  # the curve's end and its widest gap take turns
        self._seconds = self._allowed = 0.0
        self._last: float | None = None  # when it went on while training was slowed down

    def go_on(self, seconds: float, training_seconds: float | None, *, paced: bool = False) -> tuple[int, bool]:
        """Work out losses that the curve still lacks, for so many seconds at most.

        Args:
            training_seconds: what training has taken so far, while it goes on; None while it rests.
            paced: whether it is slowed down: then it takes next to no time, of which no share would be left.

        Returns:
            how many losses were worked out, and whether there are more that should be worked out at once.
        """
        timeline, begin, found, step = self._trainer.timeline, time.monotonic(), 0, None
        rests = training_seconds is None
        if paced and self._last is not None:
            self._allowed += PACED_SHARE * min(begin - self._last, 1.0)
        self._last = begin if paced and not rests else None
        if rests and (self._exact is None or self._exact[0] != self._trainer.steps_done):
            self._exact = self._trainer.steps_done, *timeline.evaluate(self._trainer.model)
            found += 1
        allowed = seconds if training_seconds is None else min(seconds, self._share(training_seconds) - self._seconds)
        while (in_time := time.monotonic() - begin <= allowed) or rests:  # looking for a step takes time, too
            step = timeline.unknown(newest=self._newest_next)
            if step is None or not in_time:
                break
            timeline.losses_at(step)
            self._newest_next = not self._newest_next
            found += 1
        self._seconds += time.monotonic() - begin
        return found, step is not None and rests

    def look(self, training_seconds: float, *, always: bool) -> None:
        """Work out the losses of the network as it is, which is shown now; where that is dear, not every time."""
        within_share = self._seconds <= self._share(training_seconds)
        if (self._exact and self._exact[0] == self._trainer.steps_done) or not (always or within_share):
            return
        begin, step, timeline = time.monotonic(), self._trainer.steps_done, self._trainer.timeline
        with suppress(Interrupted):
            remembered = step in timeline.snapshots
            self._exact = step, *(timeline.losses_at(step) if remembered else timeline.evaluate(self._trainer.model))
        if not always:  # what is shown step by step must not use up what is left for the curve
            self._seconds += time.monotonic() - begin

    def _share(self, training_seconds: float) -> float:
        """How many seconds the losses may have taken by now."""
        return SHARE * (0.01 + training_seconds) + self._allowed

    def forget(self) -> None:
        """Look again, because the trainer went back to an earlier step."""
        self._curve = self._exact = None

    def curve(self) -> Curve:
        """The curve as far as it is known; made anew where more is known, as when early stopping needed to know."""
        timeline = self._trainer.timeline
        size = len(timeline.steps), len(timeline.known)
        if self._curve is None or self._size != size:
            self._curve, self._size = curve_of(timeline), size
        return self._curve

    def latest(self) -> Losses:
        """The losses worked out last: those of the network as it is, or of the last remembered step known."""
        timeline, exact = self._trainer.timeline, self._exact
        step = next((step for step in reversed(timeline.steps) if step in timeline.known), None)
        if exact and exact[0] <= self._trainer.steps_done and (step is None or exact[0] >= step):
            return exact
        return (self._trainer.steps_done, math.nan, math.nan) if step is None else (step, *timeline.known[step])
