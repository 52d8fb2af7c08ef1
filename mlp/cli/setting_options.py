"""The settings as options, made from the table of settings: a new row there is a new option here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError

from mlp.settings import SPECS, Settings, Spec, explain, nearest, parse, show
from mlp.words import WORD_LISTS

NAMES = [name for name in SPECS if name != "word_list"]  # which is `--words`, as the words may be of a file

Command = Callable[..., None]


def settings_options(command: Command) -> Command:
    """An option a setting; the command is called with `given`, the values of those on the command line."""

    @wraps(command)
    def collected(**values: Any) -> None:
        texts = {name: values.pop(name) for name in NAMES}
        command(given={name: parse(name, text) for name, text in texts.items() if text is not None}, **values)

    taking: Command = collected
    for name in reversed(NAMES):
        taking = _option(SPECS[name])(taking)
    return taking


def words_option(command: Command) -> Command:
    """`--words`, the name of a list or of a file."""
    help = "The words to learn from: “pokemon”, “names”, a text file with one word a line, or - for standard input."
    return click.option("--words", "words_name", metavar="NAME|FILE", help=f"{help}  [default: pokemon]")(command)


def settings_of(given: dict[str, Any], words_name: str | None) -> Settings:
    """All settings of a run; of words from a file, the default list's name stays, which says nothing of them."""
    shipped = {"word_list": words_name} if words_name in WORD_LISTS else {}
    try:
        return Settings(**{**given, **shipped})
    except ValidationError as error:
        raise click.UsageError(explain(error)) from error


def option_of(name: str) -> str:
    """A setting's name as an option."""
    return f"--{name.replace('_', '-')}"


def name_of(text: str) -> str | None:
    """The setting that a user means by `learning_rate` or `learning-rate`; None where there is none."""
    name = text.strip().replace("-", "_")
    return name if name in SPECS else None


def checked(name: str, text: str) -> Any:
    """A setting's value from a text.

    Raises:
        ValueError: the setting cannot have that value; the message says what is legal.
    """
    value, fault = nearest(name, text)
    if fault:
        raise ValueError(SPECS[name].sentence())
    return value


class SettingText(click.ParamType):
    """The text of a value that a setting can have. It stays text, since None is a value as well as no value."""

    def __init__(self, spec: Spec) -> None:
        self.name, self._spec = spec.name, spec

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Fails with the setting's own sentence."""
        try:
            checked(self._spec.name, value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


def _option(spec: Spec) -> Callable[[Command], Command]:
    name, default = option_of(spec.name), show(spec.name, spec.default)
    if isinstance(spec.default, bool):
        return click.option(f"{name}/--no-{name[2:]}", spec.name, default=None, help=spec.help)
    help = f"{spec.help}  [{_legal(spec)}; default: {default}]"
    return click.option(name, spec.name, type=SettingText(spec), metavar=_metavar(spec), help=help)


def _metavar(spec: Spec) -> str:
    if spec.choices is not None:
        return "|".join(map(str, spec.choices))
    return ("N" if spec.whole else "X") + (f"|{spec.none}" if spec.none else "")


def _legal(spec: Spec) -> str:
    if spec.choices is not None:
        return "; ".join(f"{choice}: {label}" for choice, label in spec.choices.items())
    bounds = f"{spec.low:,.0f} to {spec.high:,.0f}" if spec.whole else f"{spec.low:g} to {spec.high:g}"
    return bounds + (f", or {spec.none}" if spec.none else "")
