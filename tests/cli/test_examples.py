"""The examples of the help texts and of docs/terminal.md are right: the commands parse, the Python runs."""

import re
import shlex
from typing import Any

import click
import plotly.graph_objects as go
import pytest

from mlp.cli.main import commands
from tests.cli.terminal import Terminal
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")
HELPS = [str(command.help) for command in (commands, *commands.commands.values())]
LINES = sorted({line.split("python -m mlp ")[1] for text in [PAGE, *HELPS] for line in text.splitlines()
                if re.match(r"[^“`]*python -m mlp (train|sample|sweep|export)", line)})  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_commands_parse(line: str) -> None:
    name, *arguments = shlex.split(re.split(r"[|>#]", line)[0])
    commands.commands[name].make_context(name, arguments)


def test_there_are_examples_of_every_command() -> None:
    assert {line.split()[0] for line in LINES} == commands.commands.keys()
    assert all("Examples:" in text for text in HELPS)


def test_what_the_page_shows_of_a_run_is_what_it_prints(terminal: Terminal) -> None:
    found = re.search(r"\$ python -m mlp (.*)\n([^`]*)", PAGE)
    assert found
    number = r"\d+\.\d+|\d+"
    printed = terminal(*shlex.split(found[1])).out
    assert re.sub(number, "#", printed) == re.sub(number, "#", found[2])
    stated = [float(text) for text in re.findall(number, found[2])]
    assert [float(text) for text in re.findall(number, printed)] == pytest.approx(stated, abs=0.011)  # rounding


def test_the_cells_of_the_page_end_in_figures() -> None:
    names: dict[str, Any] = {}
    titles = []
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        *lines, last = block.strip().splitlines()
        exec("\n".join(lines), names)
        shown = eval(last, names)
        assert isinstance(shown, go.Figure)
        assert any(len(trace.x if trace.x is not None else trace.z) for trace in shown.data)
        titles.append(shown.layout.xaxis.title.text)
    assert titles[:3] == ["step", "dimension 1", "Hidden units"]


def test_every_exit_code_of_the_help_is_on_the_page() -> None:
    codes = re.findall(r"^  (\d+) ", str(commands.epilog), re.MULTILINE)
    assert codes == re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)


def test_the_examples_are_shown_line_by_line() -> None:
    """What is not meant to be wrapped is not."""
    for command in commands.commands.values():
        help = command.get_help(click.Context(command, info_name=command.name))
        for line in re.findall(r"^ +(python -m mlp .*)$", str(command.help), re.MULTILINE):
            assert line in help
