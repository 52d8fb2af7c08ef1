"""A command run in this process, as a terminal would run it."""

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from mlp.cli.main import run


class Result(NamedTuple):
    """The exit code of a command, and what it wrote."""

    code: int
    out: str
    err: str

    def number(self, name: str) -> float:
        """The number in the line that begins with a name, as in "train loss 2.312"."""
        return next(float(line.removeprefix(name)) for line in self.out.splitlines() if line.startswith(f"{name} "))


Terminal = Callable[..., Result]


def terminal(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A function that runs a command; `stdin` is what is piped into it."""

    def command(*arguments: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = run([str(argument) for argument in arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Result(code, out.decode("utf-8", "backslashreplace"), err.decode())

    return command
