"""`sample`: new names from a saved run."""

import math
from typing import TYPE_CHECKING, Any

import click

from mlp.cli.files import read_run
from mlp.cli.results import print_json

if TYPE_CHECKING:
    from mlp import Trainer


@click.command()
@click.option("--from", "source", metavar="FILE", required=True, help="The saved run (- for standard input).")
@click.option("--count", type=click.IntRange(min=0), metavar="N", default=10, show_default=True, help="How many names.")
@click.option("--start", metavar="TEXT", default="", help="What every name begins with.")
@click.option("--temperature", type=click.FloatRange(min=0), metavar="X", default=1.0, show_default=True,
              help="Divides the logits: less than 1 prefers likely characters, 0 takes the likeliest.")  # fmt: skip
@click.option("--top-k", type=click.IntRange(min=1), metavar="K",
              help="Draw only from the K likeliest characters.  [default: all]")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of the draws.  [default: the run's own]")
@click.option("--json", "as_json", is_flag=True,
              help="One JSON object a name: name, origin, probability and surprise (nats a character, and the end); "
              "these two are the network's own, at temperature 1.")  # fmt: skip
def sample(source: str, count: int, start: str, as_json: bool, **how: Any) -> None:
    """Draw new names from a saved run, one a line. The same seed draws the same names.

    \b
    Examples:
      python -m mlp sample --from run.mlp
      python -m mlp sample --from run.mlp --count 5 --start ch --temperature 0.8 --top-k 5
      python -m mlp sample --from run.mlp --count 1000 | sort | uniq -c | sort -rn | head
      python -m mlp sample --from run.mlp --json | jq -r 'select(.origin == "new") | .name'
    """
    trainer = read_run(source)
    for name in _draw(trainer, count, start, **how):
        if as_json:
            surprise = trainer.surprise(name)
            chance = math.exp(-sum(surprise))
            print_json(name=name, origin=trainer.origin(name), probability=chance, surprise=surprise)
        else:
            click.echo(name)


def _draw(trainer: "Trainer", count: int, start: str, **how: Any) -> list[str]:
    try:
        trainer.sample(0, start=start)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--start'") from error
    try:
        return trainer.sample(count, start=start, **how)
    except ValueError as error:  # which names what is out of bounds
        raise click.UsageError(str(error)) from error
