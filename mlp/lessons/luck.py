"""How much of a dev loss is luck: the same network from several seeds, with the same words to learn and to judge by."""

import math
import statistics
from dataclasses import replace
from typing import NamedTuple

from mlp.analysis.race import Race, Runner
from mlp.dataset import Dataset
from mlp.lessons.effort import shortened
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
        settings, dataset: of the first network. steps: how many each is to take.

    Attributes:
        short: what was made smaller, so that nobody waits long.
    """

    def __init__(self, settings: Settings, dataset: Dataset, steps: int = STEPS) -> None:
        self.settings, self.dataset = settings, dataset
        self.short = shortened(settings, dataset, SEEDS, steps)
        self.seeds = [later_seed(settings.seed, by) for by in range(SEEDS)]
        judged = replace(dataset, dev=dataset.dev.first(len(self.short.test)))
        loops = [_Halting(self.short.settings.with_changes(seed=seed), judged) for seed in self.seeds]
        super().__init__([_OnDev(f"Seed {loop.settings.seed}", loop) for loop in loops], self.short.steps)

    def spread(self) -> Spread | None:
        """Of the dev losses now; None where one is not known, or not finite."""
        losses = [attempt.final[1] for attempt in self.attempts]
        if not all(map(math.isfinite, losses)):
            return None
        return Spread(min(losses), max(losses), statistics.stdev(losses))


class _OnDev(Runner):
    """Of these runs nobody asks for the train loss."""

    def look(self) -> None:
        self.steps.append(self.trainer.steps_done)
        self.train.append(math.nan)
        self.dev.append(self.trainer.evaluate("dev"))


class _Halting(Loop):
    """A loop that stands still once its parameters have overflowed."""

    def step(self, count: int) -> None:
        """Make so many updates."""
        if bool(self.model.theta.isfinite().all()):
            self.updates(self.steps_done + count)
