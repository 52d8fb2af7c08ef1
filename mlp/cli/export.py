"""`export`: what a user takes home from a saved run, in the forms of `mlp.export`."""

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mlp.cli.endings import FileFault
from mlp.cli.files import check_writable, read_run

if TYPE_CHECKING:
    from mlp import Trainer

Content = str | bytes | dict[str, str]  # of a file, or of the files of a folder by name


class Form(NamedTuple):
    """A form: the module and function that make it of a trainer, and what it is."""

    module: str
    function: str
    help: str

    def make(self, trainer: "Trainer") -> Content:
        """The run in this form; its module is imported only now."""
        content: Content = getattr(import_module(self.module), self.function)(trainer)
        return content


FORMS = {
    "script": Form("mlp", "export_script", "a Python script that trains the same network by itself"),
    "notebook": Form("mlp", "export_notebook", "the same as a Jupyter notebook"),
    "model": Form("mlp.export.weights", "export_model", "the weights as safetensors with a model card, zipped"),
    "history": Form("mlp.export.history", "history_csv", "the losses over the steps, as CSV"),
    "replay": Form("mlp.export.replay_page", "replay_page", "a web page that plays the run again"),
    "figures": Form("mlp.cli.figures", "figure_pages", "the figures, a web page each, in the folder FILE"),
}
LISTED = "\n".join(f"  {name:<9} {form.help}" for name, form in FORMS.items())
HELP = f"""Write a saved run in another form.

\b
Forms:
{LISTED}

\b
Examples:
  python -m mlp export --from run.mlp --format script --out run.py
  python -m mlp export --from run.mlp --format history | head
  python -m mlp export --from run.mlp --format figures --out figures"""


@click.command(help=HELP)
@click.option("--from", "source", metavar="FILE", required=True, help="The saved run (- for standard input).")
@click.option("--format", "form", type=click.Choice(list(FORMS)), required=True, help="Which form; see above.")
@click.option("--out", metavar="FILE", default="-", help="Where to write it.  [default: standard output]")
def export(source: str, form: str, out: str) -> None:
    """See `HELP`."""
    if form == "figures" and out == "-":
        raise click.BadParameter("Figures are several files: name a folder for them.", param_hint="'--out'")
    if form != "figures" and out != "-":
        check_writable(out)
    trainer = read_run(source)
    trainer.timeline.losses("dev")  # works out what is not known yet, so that no loss is missing
    content = FORMS[form].make(trainer)
    try:
        _write(content, out)
    except OSError as error:
        raise FileFault.of(out, error) from error


def _write(content: Content, out: str) -> None:
    """To standard output, to a file, or where there are several by name, into a folder."""
    if isinstance(content, dict):
        Path(out).mkdir(parents=True, exist_ok=True)
        for name, text in content.items():
            _write(text, str(Path(out) / name))
        return
    data = content.encode() if isinstance(content, str) else content
    if out == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(out).write_bytes(data)
