"""Code that goes wrong, and what PyTorch says of it: its own words, had by running the code."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """A line of code, the name of its error, the first line of the message, and why it is so."""

    code: str
    error: str
    message: str
    why: str


def mistake(code: str, run: Callable[[], object], why: str) -> Mistake:
    """Run what is to fail, a line of code as a function, and keep what it says."""
    try:
        run()
    except Exception as error:  # whatever PyTorch raises is what is wanted
        return Mistake(code, type(error).__name__, str(error).partition("\n")[0], why)
    return Mistake(code, "", "This version of PyTorch accepts it.", why)
