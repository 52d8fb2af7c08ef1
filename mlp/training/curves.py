"""Reading a loss curve: its best step, where early stopping would have stopped, and a smoothed look at it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CHANCE = 0.03  # nats by which dev losses differ with the seed alone: a smaller difference says nothing
SPACING = 1.05  # by ratio, of the steps that a curve is read at: about eight in what is averaged
SMOOTHED_OVER = 0.2  # a loss is averaged with those of the steps up to 20 % before and after
NOISE_POINTS = 8  # at least; else those of the second half


def best_step(steps: Sequence[int], dev: Sequence[float]) -> int | None:
    """The step with the lowest dev loss, the first of equals; None where no dev loss is known."""
    known = list(filter(math.isfinite, dev))
    return steps[dev.index(min(known))] if known else None


def stopping_step(steps: Sequence[int], dev: Sequence[float], patience: int) -> int | None:
    """Early stopping: the first step at which the lowest dev loss lies `patience` steps back; None if there is none."""
    lowest, since = math.inf, 0
    for step, loss in zip(steps, dev, strict=True):
        if loss < lowest:
            lowest, since = loss, step
        elif math.isfinite(loss) and step - since >= patience:
            return step
    return None


def reading_steps(steps: Sequence[int]) -> list[int]:
    """The steps at which a curve is read: the first, the last, and between them some 5 % apart.

    They follow from the steps alone, so everyone who reads the same run at the same step reads the same losses.
    """
    kept = list(steps[:1])
    for step in steps[1:]:
        if step >= kept[-1] * SPACING or step == steps[-1]:
            kept.append(step)
    return kept


@dataclass(frozen=True)
class Point:
    """Smoothed losses at a step in nats, and the standard error that the noise of the curve leaves in each."""

    step: int
    train: float
    dev: float
    train_error: float
    dev_error: float


@dataclass(frozen=True, eq=False)
class Smoothed:
    """The known part of a curve: steps, smoothed losses in nats and their errors, (points,) each; dev may be nan.

    `train_noise` is the standard deviation in nats of the latest train losses about their trend.
    """

    steps: np.ndarray
    train: np.ndarray
    dev: np.ndarray
    train_error: np.ndarray
    dev_error: np.ndarray
    train_noise: float

    @staticmethod
    def of(steps: Sequence[int], train: Sequence[float], dev: Sequence[float]) -> "Smoothed":
        """The curve of losses as they were measured; points whose train loss is not finite are left out."""
        s, t, d = (np.asarray(values, dtype=np.float64) for values in (steps, train, dev))
        known = np.isfinite(t)
        s, t, d = s[known], t[known], d[known]
        (train_mean, train_error), (dev_mean, dev_error) = _smooth(s, t), _smooth(s, d)
        return Smoothed(s, train_mean, dev_mean, train_error, dev_error, _noise(s, t))

    def at(self, step: float) -> Point:
        """The last point up to a step."""
        return self._point(max(0, int(np.searchsorted(self.steps, step, side="right")) - 1))

    def best(self) -> Point:
        """The point with the lowest smoothed dev loss."""
        return self._point(int(np.nanargmin(self.dev)))

    def lowest_train(self) -> Point:
        """The point with the lowest smoothed train loss."""
        return self._point(int(np.argmin(self.train)))

    def _point(self, place: int) -> Point:
        columns = self.train, self.dev, self.train_error, self.dev_error
        return Point(int(self.steps[place]), *(float(column[place]) for column in columns))


def _smooth(steps: np.ndarray, losses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each loss averaged with those of the steps close by, by ratio, and the error of that; nan where none is known."""
    known = np.isfinite(losses)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, losses, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    first = np.searchsorted(steps, steps * (1 - SMOOTHED_OVER), side="left")
    last = np.searchsorted(steps, steps * (1 + SMOOTHED_OVER), side="right")
    number = counts[last] - counts[first]
    mean = np.where(number > 0, (sums[last] - sums[first]) / np.maximum(number, 1), np.nan)
    return mean, _noise(steps[known], losses[known]) / np.sqrt(np.maximum(number, 1))


def _noise(steps: np.ndarray, losses: np.ndarray) -> float:
    """The standard deviation of the latest losses about their trend, by how far each lies off the line through the
    two beside it; the median of that, so that a single leap does not count.
    """
    if len(steps) < 5:
        return 0.0
    count = max(NOISE_POINTS, int((steps >= steps[-1] / 2).sum()))
    s, x = steps[-count:], losses[-count:]
    part = (s[1:-1] - s[:-2]) / (s[2:] - s[:-2])
    off = x[1:-1] - ((1 - part) * x[:-2] + part * x[2:])
    return float(1.4826 * np.median(np.abs(off) / np.sqrt(1 + part**2 + (1 - part) ** 2)))
