"""A run done again from its recipe, exactly; by one call, or a piece at a time."""

import math
from collections.abc import Callable, Sequence

from mlp.limits import LIMITS, Limits
from mlp.settings import SPECS
from mlp.training.recipe import Recipe
from mlp.training.trainer import CHECK_EVERY, Trainer


class Replay:
    """A trainer on its way to where a recipe says, which makes the recipe's changes as their steps come.

    Args:
        recipe: of the run. words: for a recipe that does not hold its own. until: an earlier step to end at.
        limits: how much may be kept of the run.

    Raises:
        ValueError: the words cannot be had or are others, or `until` is later than the recipe's last step.
    """

    def __init__(
        self, recipe: Recipe, words: Sequence[str] | None = None, until: int | None = None, limits: Limits = LIMITS
    ) -> None:
        if until is not None and not 0 <= until <= recipe.step:
            raise ValueError(f"There is no step {until:,} in this run, which has come to step {recipe.step:,}.")
        self.goal = recipe.step if until is None else until
        self._recipe, self._history = recipe, recipe.history()
        self.trainer = Trainer(recipe.settings, recipe.words.load(words), limits)
        self.arrive()

    @property
    def next_stop(self) -> int:
        """How far to train at most before `arrive` is called again."""
        change = self._history.next_change(self.trainer.steps_done)
        return self.goal if change is None else min(change, self.goal)

    @property
    def done(self) -> bool:
        """True at the goal, and where this machine's numbers overflow before it."""
        return self.trainer.steps_done >= self.goal or self.trainer.diverged is not None

    def arrive(self) -> None:
        """Make the change that the recipe has at the step the trainer has come to, if there is one."""
        trainer = self.trainer
        settings = self._history.at(trainer.steps_done)
        if changes := [name for name in settings.differences(trainer.settings) if SPECS[name].live]:
            trainer.change(**{name: getattr(settings, name) for name in changes})
        if trainer.steps_done == self._recipe.step:
            trainer.history.goings_back = self._recipe.goings_back
            if self._recipe.diverged:
                trainer.diverged, trainer.last_batch_loss = self._recipe.diverged, math.inf


def replay(
    recipe: Recipe,
    words: Sequence[str] | None = None,
    until: int | None = None,
    progress: Callable[[int, int], bool | None] | None = None,
) -> Trainer:
    """The run of a recipe again, bit for bit.

    Args:
        words: for a recipe that does not hold its own. until: an earlier step to end at.
        progress: told (steps done, steps in all) every few hundred steps; where it returns False, the run ends there.

    Raises:
        ValueError: the words cannot be had or are others, or `until` is later than the recipe's last step.
    """
    again = Replay(recipe, words, until)
    while not again.done:
        again.trainer.step(min(again.next_stop - again.trainer.steps_done, CHECK_EVERY))
        again.arrive()
        if progress and progress(again.trainer.steps_done, again.goal) is False:
            break
    return again.trainer
