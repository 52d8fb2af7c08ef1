"""What is measured of one network while it trains: how fast, at what cost, and how far its characters have gone."""

import time

import numpy as np

from mlp.training.trainer import Trainer

SPEED_SECONDS = 0.5


class Throughput:
    """The measures of one trainer.

    Attributes:
        seconds, steps: what the updates that were played took in all.
        speed: steps a second just now, 0 at rest.
        reach: (2, embedding_dim), the lowest and highest coordinates that C has had.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.seconds, self.steps, self.speed = 0.0, 0, 0.0
        self._C = trainer.model.C.numpy()
        self.reach = np.stack([self._C.min(0), self._C.max(0)])
        self.start_clock()

    def start_clock(self) -> None:
        """Measure the speed from here on."""
        self._mark = time.monotonic(), self._trainer.steps_done

    def count(self, steps: int, seconds: float) -> None:
        """So many updates took so long; a run that diverged may have gone back."""
        self.steps += max(0, steps)
        self.seconds += seconds

    def look(self, playing: bool) -> None:
        """After some updates."""
        C = self._C
        self.reach = np.stack([np.minimum(self.reach[0], C.min(0)), np.maximum(self.reach[1], C.max(0))])
        now, (then, steps) = time.monotonic(), self._mark
        if playing and now - then > SPEED_SECONDS:
            self.speed = (self._trainer.steps_done - steps) / (now - then)
            self.start_clock()
