"""The learning-rate finder: one short run over ever higher rates shows which of them a network can bear.

The rate rises exponentially from 10⁻³ to 10, a mini-batch at each, as in the notes' exponents −3 … 1 (and Smith 2017).
It works on a copy: the trainer that it is asked about is untouched.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from mlp.training.trainer import Trainer

LOWEST_EXPONENT, HIGHEST_EXPONENT = -3.0, 1.0
SMOOTHING = 0.96  # of the running mean of the losses stays at each step
TOO_HIGH = 1.5  # times the lowest smoothed loss, and a nat more: the rates have become too high
AT_LEAST = 20  # steps before it may stop
BURN_IN = 0.05  # the share of the steps whose mean still hangs on the luck of a few batches
FLAT = 1.01  # times the lowest smoothed loss still belongs to the valley
SAFETY = 0.5  # the suggestion, as a share of the rate in the valley


@dataclass(frozen=True)
class RateCurve:
    """What was found, one entry a step.

    Attributes:
        exponents: log10 of the learning rates. losses: of each batch, in nats. smoothed: their running mean.
        valley: the index of the highest rate whose smoothed loss is about the lowest. suggested: a rate safely below.
        stopped: True where the loss blew up before the highest rate.
    """

    exponents: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    valley: int
    suggested: float
    stopped: bool


class RateFinder:
    """The search in slices: `run_for` some milliseconds at a time, `curve` whenever wanted.

    Args:
        trainer: whose network, examples and optimizer are tried; only read, and only here.
        steps: how many batches the rates are spread over.
    """

    def __init__(self, trainer: Trainer, steps: int = 1000) -> None:
        self._copy = _twin(trainer)
        self._rates = np.logspace(LOWEST_EXPONENT, HIGHEST_EXPONENT, steps).tolist()
        self._losses: list[float] = []
        self._smoothed: list[float] = []
        self._sum, self.stopped = 0.0, False

    @property
    def done(self) -> bool:
        """True when every rate was tried, or the loss blew up."""
        return self.stopped or len(self._losses) == len(self._rates)

    def run_for(self, seconds: float = math.inf) -> int:
        """Try rates for so many seconds; how many were tried in all."""
        deadline = time.perf_counter() + seconds
        while not self.done and time.perf_counter() < deadline:
            self._try_next()
        return len(self._losses)

    def curve(self) -> RateCurve:
        """What was found so far, from any thread; the valley of nothing is at the lowest rate."""
        smoothed = tuple(self._smoothed)
        losses = tuple(self._losses[: len(smoothed)])
        exponents = tuple(np.log10(self._rates[: len(smoothed)]).tolist())
        valley = self._valley(smoothed)
        return RateCurve(exponents, losses, smoothed, valley, SAFETY * self._rates[valley], self.stopped)

    def _valley(self, smoothed: tuple[float, ...]) -> int:
        settled = np.array(smoothed)
        settled[: int(BURN_IN * len(self._rates))] = np.inf
        lowest = settled.min(initial=np.inf)
        return int(np.flatnonzero(settled <= FLAT * lowest)[-1]) if np.isfinite(lowest) else 0

    def _try_next(self) -> None:
        """One batch at the next rate."""
        self._copy.change(learning_rate=self._rates[len(self._losses)])
        loss = self._copy.step()
        if self._copy.diverged or not math.isfinite(loss):
            self.stopped = True
            return
        self._losses.append(loss)
        self._smoothed.append(self._mean())
        lowest = min(self._smoothed)
        self.stopped = len(self._losses) >= AT_LEAST and self._smoothed[-1] > TOO_HIGH * lowest + 1

    def _mean(self) -> float:
        """The running mean of the losses, in which the first ones do not count for more than they should."""
        self._sum = SMOOTHING * self._sum + (1 - SMOOTHING) * self._losses[-1]
        return self._sum / (1 - SMOOTHING ** len(self._losses))


def find_rate(trainer: Trainer, steps: int = 1000) -> RateCurve:
    """The whole search at once."""
    finder = RateFinder(trainer, steps)
    finder.run_for()
    return finder.curve()


def _twin(trainer: Trainer) -> Trainer:
    """A trainer with the same parameters, optimizer's memory and next batches, and nothing shared with the first."""
    twin = Trainer(trainer.settings, trainer.words)
    twin.restore(trainer.state())
    return twin
