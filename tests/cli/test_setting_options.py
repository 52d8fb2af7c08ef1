"""Every setting is an option with its own bounds, made from the one table."""

from typing import Any

import click
import pytest
from click.testing import CliRunner

from mlp.cli.setting_options import option_of, settings_of, settings_options
from mlp.settings import SPECS, Settings, Spec, show
from tests.cli.terminal import Terminal

OPTIONS = [spec for name, spec in SPECS.items() if name != "word_list"]
NUMBERS = [spec for spec in OPTIONS if spec.choices is None]


def given_by(*arguments: str) -> dict[str, Any]:
    """What a command is called with."""
    found: list[dict[str, Any]] = []

    @click.command()
    @settings_options
    def command(given: dict[str, Any]) -> None:
        found.append(given)

    CliRunner().invoke(command, arguments, catch_exceptions=False)
    return found[0]


def legal(spec: Spec) -> list[Any]:
    if spec.choices is not None:
        return list(spec.choices)
    number = int if spec.whole else float
    return [number(spec.low or 0), number(spec.high or 0), *([None] if spec.none else [])]


@pytest.mark.parametrize("spec", OPTIONS, ids=lambda spec: spec.name)
def test_each_takes_every_legal_value(spec: Spec) -> None:
    for value in legal(spec):
        text = [option_of(spec.name), show(spec.name, value)]
        if isinstance(value, bool):
            text = ["--direct" if value else "--no-direct"]
        given = given_by(*text)
        assert given == {spec.name: value}
        assert type(given[spec.name]) is type(value)


@pytest.mark.parametrize("spec", NUMBERS, ids=lambda spec: spec.name)
def test_each_refuses_what_lies_beyond_its_bounds(terminal: Terminal, spec: Spec) -> None:
    for value in ((spec.low or 0) - 1e-6, (spec.high or 0) + 1, "nan", "x"):
        found = terminal("train", f"{option_of(spec.name)}={value}")
        assert found.code == 2
        assert f"'{option_of(spec.name)}': {spec.sentence()}" in found.err


def test_what_is_not_given_is_the_default() -> None:
    assert given_by() == {}
    assert settings_of({}, None) == Settings()


def test_the_help_tells_of_every_setting_its_bounds_and_its_default(terminal: Terminal) -> None:
    said = " ".join(terminal("train", "--help").out.split())
    for spec in OPTIONS:
        assert option_of(spec.name) in said
        assert spec.help.split(".")[0] in said
    assert "[1 to 1,024; default: 100]" in said
    assert "[1 to 4,096, or full; default: 32]" in said
