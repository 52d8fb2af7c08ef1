"""The commands together, and how a process that runs one of them ends."""

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from mlp.cli.endings import CODES, Interrupted
from mlp.cli.export import export
from mlp.cli.sample import sample
from mlp.cli.sweep import sweep
from mlp.cli.train import train

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
HELP = """Train a character-level neural language model (Bengio et al. 2003) and see what it has learned.

Results go to standard output, messages and progress to standard error. Losses are in nats.

\b
Examples:
  python -m mlp train --hidden 200 --steps 5000 --out run.mlp
  python -m mlp train --from run.mlp --epochs 2 --learning-rate 0.01
  python -m mlp sample --from run.mlp --count 5 --start ch
  python -m mlp sweep --x hidden=2,10,100 --y train_examples=256,all
  python -m mlp export --from run.mlp --format script --out run.py"""


@click.group(help=HELP, epilog=CODES, invoke_without_command=True, context_settings=CONTEXT)
@click.pass_context
def commands(context: click.Context) -> None:
    """All commands; alone, their help."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (train, sample, sweep, export):
    command.epilog = CODES
    commands.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command, those of the process where none are given; its exit code."""
    try:
        code = commands.main(arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return Interrupted.exit_code
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """Run the command of this process and end it."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever reads the results may have read enough, as `head` does
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name may have letters that the terminal lacks
    sys.exit(run())
