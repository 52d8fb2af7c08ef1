"""Early stopping: a run ends by itself when its dev loss has not improved for so many steps.

What it does then is the same everywhere: the best step is restored.
"""

import sys
import time
from bisect import bisect_left
from typing import Literal

from mlp.training.curves import stopping_step
from mlp.training.trainer import Trainer


class EarlyStopping:
    """The rule for one trainer. It judges at remembered steps only, so it stops at the same step on every machine."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._from = 0

    def judge(self, patience: int | None, seconds: float) -> Literal["go on", "stop", "unknown"]:
        """What to do, by all dev losses since it stopped last.

        Losses that nobody has worked out yet it works out, for so many seconds; what is left is "unknown" till then.
        """
        timeline = self._trainer.timeline
        if not patience or timeline.steps[-1] != self._trainer.steps_done:
            return "go on"
        begin, steps = time.monotonic(), timeline.steps[bisect_left(timeline.steps, self._from) :]
        for step in steps:
            if step not in timeline.known and time.monotonic() - begin > seconds:
                return "unknown"
            timeline.losses_at(step)
        if stopping_step(steps, [timeline.known[step][1] for step in steps], patience) is None:
            return "go on"
        self._from = self._trainer.steps_done  # pressing Play again gives it as much patience again
        return "stop"

    def most(self, patience: int | None) -> int:
        """Updates up to the next step at which it judges."""
        return self._trainer.timeline.due() - self._trainer.steps_done if patience else sys.maxsize
