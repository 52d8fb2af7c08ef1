"""`--change STEP:NAME=VALUE`: settings that change while a network trains."""

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mlp.cli.setting_options import checked, name_of
from mlp.settings import SPECS

if TYPE_CHECKING:
    from mlp import Trainer

FORM = "Write STEP:NAME=VALUE, as in 5000:learning_rate=0.01."


class Change(NamedTuple):
    """A setting's value from a step on."""

    step: int
    name: str
    value: Any


class ChangeType(click.ParamType):
    """`5000:learning_rate=0.01` as a `Change`."""

    name = "change"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Change:
        """Fails with a sentence where it is not of that form, or the setting cannot change on the way."""
        step, colon, rest = value.partition(":")
        said, equals, text = rest.partition("=")
        if not (colon and equals and step.strip().isdecimal()):
            self.fail(f"“{value}” is not understood. {FORM}", param, ctx)
        live = [each for each in SPECS if SPECS[each].live]
        if (name := name_of(said)) not in live:
            self.fail(f"“{said}” cannot change while a network trains. These can: {', '.join(live)}.", param, ctx)
        try:
            return Change(int(step), name, checked(name, text))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Schedule:
    """The changes of a run that are still to come.

    Raises:
        click.UsageError: one of them should have come before the run's first step here.
    """

    def __init__(self, changes: tuple[Change, ...], first_step: int) -> None:
        self.waiting = sorted(changes, key=lambda change: change.step)
        if self.waiting and self.waiting[0].step < first_step:
            raise click.UsageError(f"--change {self.waiting[0].step}: this run is at step {first_step} already.")

    def make_due(self, trainer: "Trainer") -> None:
        """Make the changes of the step that the run has come to."""
        while self.waiting and self.waiting[0].step == trainer.steps_done:
            _, name, value = self.waiting.pop(0)
            trainer.change(**{name: value})

    def cap(self, trainer: "Trainer", steps: int) -> int:
        """No more than so many steps, and none beyond the next change."""
        return min(steps, self.waiting[0].step - trainer.steps_done) if self.waiting else steps
