"""`sweep`: a map of fits, that is many networks over one setting or two, as a table of their losses."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

import mlp
from mlp.cli.endings import Diverged, EngineFault, Interrupted
from mlp.cli.files import read_list
from mlp.cli.results import loss_text, print_json
from mlp.cli.setting_options import checked, name_of, settings_of, settings_options, words_option
from mlp.cli.watching import SLICE_SECONDS, bar, getting_ready, interruptible
from mlp.settings import SPECS, Settings, show
from mlp.sweep.engines import EngineError, open_engine

if TYPE_CHECKING:
    from mlp import FitMap, WordList
    from mlp.sweep.cell import Fit

STEPS = 5000
ENGINE = "MLP_SWEEP_ENGINE"  # the environment variable that says the same as --engine
Axis = tuple[str, list[Any]]


class AxisType(click.ParamType):
    """`hidden=2,10,100` as ("hidden", [2, 10, 100])."""

    name = "axis"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Axis:
        """Fails with a sentence where it is not of that form, or the setting cannot have such values."""
        said, equals, texts = value.partition("=")
        name = name_of(said)
        if not equals or name is None:
            self.fail(f"“{value}” is not understood. Write NAME=VALUE,VALUE,…, as in hidden=2,10,100.", param, ctx)
        try:
            return name, [checked(name, text) for text in texts.split(",")]
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.option("--x", type=AxisType(), required=True, metavar="NAME=VALUES", help="A setting, and its values.")
@click.option("--y", type=AxisType(), metavar="NAME=VALUES", help="Another setting, for a network of each pair.")
@click.option("--steps", type=click.IntRange(min=0), metavar="N", default=STEPS, show_default=True,
              help="Updates of each network.")  # fmt: skip
@click.option("--engine", metavar="NAME", default="threads", show_default=True, envvar=ENGINE, show_envvar=True,
              help="Where they train: threads of this process, or a Dask cluster as dask:tcp://HOST:8786.")  # fmt: skip
@words_option
@click.option("--csv", "form", flag_value="csv", help="The table as CSV.")
@click.option("--json", "form", flag_value="json", help="One JSON object a network, one in a line.")
@settings_options
def sweep(
    given: dict[str, Any],
    x: Axis,
    y: Axis | None,
    steps: int,
    engine: str,
    words_name: str | None,
    form: str | None,
) -> None:
    """Train networks side by side, each exactly as if alone; print the train and dev loss of each.

    An axis is hidden, train_examples, embedding_dim, block_size, weight_decay or learning_rate. A loss that overflowed
    is “inf”. Ctrl-C ends the sweep: the table shows where it has come to.

    \b
    Examples:
      python -m mlp sweep --x hidden=1,3,10,30,100
      python -m mlp sweep --x hidden=2,10,100 --y train_examples=256,1024,all --steps 2000
      python -m mlp sweep --x learning_rate=0.01,0.1,1 --init scaled --csv > rates.csv
      python -m mlp sweep --x hidden=10,100,300 --steps 200000 --engine dask:tcp://10.0.0.5:8786
    """
    settings, words = settings_of(given, words_name), read_list(words_name or "pokemon")
    getting_ready()
    with ExitStack() as stack:
        executor, interrupted = _executor(stack, engine), stack.enter_context(interruptible())
        fits = _untrained(settings, words, x, y or _one_value(settings, x[0]), executor)
        fault = _train(fits, steps, interrupted)
        stopped = interrupted()
        fits.loss("dev")  # so that all networks stand at the same step, and its losses are known
    _print_table(fits, [x[0], *([y[0]] if y else [])], form)
    if fault:
        raise EngineFault(f"{fault} These are the losses at step {fits.steps_done:,}.")
    if not fits.alive:
        raise Diverged("Every network diverged. Try a lower learning rate.")
    if stopped:
        raise Interrupted(f"Interrupted at step {fits.steps_done:,}.")


def _executor(stack: ExitStack, engine: str) -> Executor | None:
    """What `--engine` stands for, until the stack is closed."""
    try:
        return stack.enter_context(open_engine(engine))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except EngineError as error:
        raise EngineFault(str(error)) from error


def _untrained(settings: Settings, words: "WordList", x: Axis, y: Axis, executor: Executor | None) -> "FitMap":
    try:
        return mlp.FitMap(settings, words, x=x, y=y, executor=executor)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _one_value(settings: Settings, other: str) -> Axis:
    """A second axis that changes nothing."""
    name = "hidden" if other != "hidden" else "block_size"
    return name, [getattr(settings, name)]


def _train(fits: "FitMap", steps: int, interrupted: Callable[[], bool]) -> str:
    """Train up to a step; what was the matter with the engine, "" where it came through."""
    networks = len(fits.x[1]) * len(fits.y[1])
    with bar(steps * networks, f"Training {networks} networks") as show_progress:
        while fits.steps_done < steps and fits.alive and not interrupted():
            try:
                fits.run_for(SLICE_SECONDS, until=steps)
            except EngineError as error:
                return str(error)
            show_progress(fits.updates, f"step {fits.steps_done:,}")
    return ""


def _print_table(fits: "FitMap", axes: list[str], form: str | None) -> None:
    """A row a network: its place on the axes, the step it came to, and its losses in nats."""
    snapshot = fits.snapshot()
    rows = [_row(fit, axes, snapshot.step) for line in snapshot.fits for fit in line]
    if form == "json":
        for row in rows:
            print_json(**row)
        return
    texts = [_texts(row) for row in rows]
    click.echo(_as_csv(texts) if form == "csv" else _aligned(texts))


def _row(fit: "Fit", axes: list[str], step: int) -> dict[str, Any]:
    place = {axis: getattr(fit.settings, axis) for axis in axes}
    step = fit.diverged.step if fit.diverged else step
    return {**place, "step": step, "train_loss": fit.loss("train"), "dev_loss": fit.loss("dev")}


def _texts(row: dict[str, Any]) -> dict[str, str]:
    def text(name: str, value: Any) -> str:
        if name in SPECS:
            return show(name, value)
        return str(value) if name == "step" else loss_text(value)

    return {name: text(name, value) for name, value in row.items()}


def _as_csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, rows[0], lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().rstrip("\n")


def _aligned(rows: list[dict[str, str]]) -> str:
    """The columns under their names, to the right."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.rjust, line, widths)) for line in lines)
