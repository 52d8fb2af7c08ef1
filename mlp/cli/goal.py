"""How far a run is to go: so many steps, or so many epochs."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlp import Trainer

STEPS = 20_000
PARTS = 1000  # of an epoch, in which the bar counts


class Goal:
    """Steps, or epochs: to the end of the running pass, and as many whole ones as make up the number.

    Raises:
        click.UsageError: both are given.
    """

    def __init__(self, trainer: "Trainer", steps: int | None, epochs: int | None) -> None:
        if steps is not None and epochs is not None:
            raise click.UsageError("Give --steps or --epochs, not both.")
        self._trainer, self._from, self._passes = trainer, trainer.steps_done, trainer.batches.passes
        self._steps, self._epochs = STEPS if steps is None else steps, epochs
        self._epoch = trainer.epoch_done

    @property
    def left(self) -> int:
        """Steps that may be made before this is asked again; 0 at the goal."""
        if self._epochs is None:
            return self._from + self._steps - self._trainer.steps_done
        if self._trainer.batches.passes - self._passes >= self._epochs:
            return 0
        return self._trainer.batches.left_in_pass

    @property
    def length(self) -> int:
        """Of the bar."""
        return self._steps if self._epochs is None else PARTS * self._epochs

    @property
    def done(self) -> int:
        """How much of the bar is full."""
        if self._epochs is None:
            return self._trainer.steps_done - self._from
        return round(PARTS * (self._trainer.epoch_done - self._epoch))
