"""`train`: one run, from its settings or from where a saved one stands, to its losses."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

import mlp
from mlp.cli.changes import Change, ChangeType, Schedule
from mlp.cli.endings import Diverged, Interrupted
from mlp.cli.files import check_writable, read_list, read_run, save
from mlp.cli.goal import STEPS, Goal
from mlp.cli.results import loss_text, print_json
from mlp.cli.setting_options import option_of, settings_of, settings_options, words_option
from mlp.cli.watching import SLICE_SECONDS, bar, getting_ready, interruptible
from mlp.settings import SPECS

if TYPE_CHECKING:
    from mlp import Trainer
    from mlp.analysis.diagnosis import Diagnosis


@click.command()
@click.option("--steps", type=click.IntRange(min=0), metavar="N", help=f"Updates to make.  [default: {STEPS:,}]")
@click.option("--epochs", type=click.IntRange(min=0), metavar="N", help="Passes over the training examples instead.")
@words_option
@click.option("--from", "source", metavar="FILE", help="Go on with this saved run (- for standard input).")
@click.option("--out", metavar="FILE", help="Save the run: `--from` reads it, and so does the app.")
@click.option("--change", "changes", type=ChangeType(), multiple=True, metavar="STEP:NAME=VALUE",
              help="Another value from a step on, as in 5000:learning_rate=0.01; may be repeated.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object in one line.")
@settings_options
def train(
    given: dict[str, Any], steps: int | None, epochs: int | None, words_name: str | None, source: str | None,
    out: str | None, changes: tuple[Change, ...], as_json: bool,
) -> None:  # fmt: skip
    """Train a network; print its losses and what is happening to it.

    Ctrl-C ends the training after the step at hand: the losses so far are printed, and the run is saved if --out says
    where.

    \b
    Examples:
      python -m mlp train
      python -m mlp train --words my-names.txt --hidden 200 --epochs 10 --out run.mlp
      python -m mlp train --from run.mlp --steps 5000 --learning-rate 0.01 --out run.mlp
      python -m mlp train --steps 8000 --change 4000:learning_rate=0.01
      python -m mlp train --json | jq .dev_loss
    """
    if out:
        check_writable(out)
    getting_ready()
    trainer = _trainer(given, words_name, source)
    schedule = Schedule(changes, trainer.steps_done)
    with interruptible() as interrupted:
        _train(trainer, Goal(trainer, steps, epochs), schedule, interrupted)
        stopped = interrupted()
        verdict = mlp.diagnose(trainer)
        try:
            if out:
                save(trainer, out)
        finally:
            _report(trainer, verdict, as_json)
    if verdict.verdict == "diverged":
        raise Diverged(" ".join([verdict.sentence, *verdict.reasons]))
    if stopped:
        raise Interrupted(f"Interrupted at step {trainer.steps_done:,}.")
    for change in schedule.waiting:
        click.echo(f"--change {change.step}: the run ended before, at step {trainer.steps_done:,}.", err=True)


def _trainer(given: dict[str, Any], words_name: str | None, source: str | None) -> "Trainer":
    """A new run, or a saved one with those settings changed that may change."""
    if source is None:
        return mlp.Trainer(settings_of(given, words_name), read_list(words_name or "pokemon"))
    fixed = [option_of(name) for name in given if not SPECS[name].live] + (["--words"] if words_name else [])
    if fixed:
        raise click.UsageError(f"{', '.join(fixed)}: a saved run keeps what it began with. Leave out these or --from.")
    trainer = read_run(source)
    if given:
        trainer.change(**given)
    return trainer


def _train(trainer: "Trainer", goal: Goal, schedule: Schedule, interrupted: Callable[[], bool]) -> None:
    with bar(goal.length, "Training") as show_progress:
        while not interrupted():
            schedule.make_due(trainer)
            if not goal.left or trainer.diverged:
                break
            trainer.run_for(SLICE_SECONDS, schedule.cap(trainer, goal.left))
            show_progress(goal.done, f"step {trainer.steps_done:,}  batch loss {loss_text(trainer.last_batch_loss)}")


def _report(trainer: "Trainer", verdict: "Diagnosis", as_json: bool) -> None:
    """The losses and the verdict; of a run that diverged, those of the last step that was finite."""
    train, dev = trainer.evaluate("train"), trainer.evaluate("dev")
    if as_json:
        print_json(
            step=trainer.steps_done, epoch=trainer.epoch_done, train_loss=train, dev_loss=dev,
            verdict=verdict.verdict, sentence=verdict.sentence, reasons=verdict.reasons,
        )  # fmt: skip
        return
    click.echo(f"step {trainer.steps_done}")
    click.echo(f"epoch {trainer.epoch_done:.2f}")
    click.echo(f"train loss {loss_text(train)}")
    click.echo(f"dev loss {loss_text(dev)}")
    click.echo(f"verdict {verdict.verdict}")
    if verdict.verdict != "diverged":  # of which stderr tells
        click.echo(verdict.sentence)
