"""How much of a dev loss is luck: the same network from several seeds, with the same words to learn and to judge by."""

import math
import statistics
from typing import NamedTuple

from mlp.analysis.race import Race, Runner
from mlp.dataset import Dataset
from mlp.settings import Settings, later_seed
from mlp.training.loop import Loop

SEEDS, STEPS = 5, 2000


class Spread(NamedTuple):
    """How far apart some losses are, in nats: the lowest and the highest, and their standard deviation."""

    low: float
    high: float
    deviation: float


class Luck(Race):
    """Networks that differ in their seed alone: in their first weights, and in the order of their examples.

    The seed of the settings has dealt the words; the others, which follow it, deal none. So the first network is that
    of the settings, and the others are measured on the same dev words.

    Args:
        settings, dataset: of the first network.
    """

    def __init__(self, settings: Settings, dataset: Dataset, seeds: int = SEEDS, steps: int = STEPS) -> None:
        self.settings, self.dataset = settings, dataset
        self.seeds = [later_seed(settings.seed, by) for by in range(seeds)]
        loops = [_Endless(settings.with_changes(seed=seed), dataset) for seed in self.seeds]
        super().__init__([Runner(f"Seed {loop.settings.seed}", loop) for loop in loops], steps)

    def spread(self) -> Spread | None:
        """Of the dev losses now; None where one is not known, or not finite."""
        losses = [attempt.final[1] for attempt in self.attempts]
        if not all(map(math.isfinite, losses)):
            return None
        return Spread(min(losses), max(losses), statistics.stdev(losses))


class _Endless(Loop):
    """A loop that stands still once its parameters have overflowed."""

    def step(self, count: int) -> None:
        """Make so many updates."""
        if bool(self.model.theta.isfinite().all()):
            self.updates(self.steps_done + count)
