"""Code that goes wrong, and what PyTorch says of it: its own words, had by running the code."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A line of code, the name of its error, the first line of the message, and why it is so."""

    code: str
    error: str
    message: str
    why: str


def mistake(code: str, names: dict[str, Any], why: str) -> Mistake:
    """Run a line that is to fail, with these names, and keep what it says."""
    try:
        eval(code, dict(names))
    except Exception as error:  # whatever PyTorch raises is what is wanted
        return Mistake(code, type(error).__name__, str(error).partition("\n")[0], why)
    return Mistake(code, "", "This version of PyTorch accepts it.", why)
