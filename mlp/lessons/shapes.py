"""Shapes to guess: those of a word's examples, and what comes out of an indexing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Shape = tuple[int, ...]


def read_shape(text: str) -> Shape:
    """A typed shape: "(6, 3)", "6, 3", "6 x 3" and "[6, 3]" are the same; "(6,)" and "6" have one dimension.

    Raises:
        ValueError: it is none.
    """
    inside = re.sub(r"^\s*(torch\.Size\(\[|[(\[])|(\]\)|[)\]])\s*$", "", text).strip()
    parts = [part for part in re.split(r"[,\s×x]+", inside) if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise ValueError("Type a shape like (6, 3), or (6,) for one dimension.")
    return tuple(map(int, parts))


def x_fault(guess: Shape, characters: int, block_size: int) -> str:
    """The first thing wrong with a guess at the shape of X for a word of so many characters; "" where it is right."""
    if len(guess) != 2:
        return (
            f"X has two dimensions: a row for each example, a column for each character of the context; {_given(guess)}"
        )
    if guess[0] != characters + 1:
        return f"X has {characters} + 1 = {characters + 1} rows: one for each character, and the end counts too."
    if guess[1] != block_size:
        return f"X has one column for each character of the context: the block size is {block_size}."
    return ""


def y_fault(guess: Shape, characters: int) -> str:
    """The first thing wrong with a guess at the shape of Y for a word of so many characters; "" where it is right."""
    if len(guess) != 1:
        return f"Y has one dimension, one number for each example; {_given(guess)}"
    if guess[0] != characters + 1:
        return f"Y has {characters} + 1 = {characters + 1} numbers: the end counts too."
    return ""


def _given(guess: Shape) -> str:
    return f"your guess has {len(guess)}."


@dataclass(frozen=True)
class Outcome:
    """An indexing: its code, and the shape that comes out, or what PyTorch says against it and shape None."""

    code: str
    shape: Shape | None
    error: str


def outcomes(C: Tensor, X: Tensor) -> list[Outcome]:
    """Three indexings of C (V, embedding_dim), X (N, block_size): two that give something, and one that cannot."""
    last = len(C) - 1
    some = [min(index, last) for index in (1, 2, 0)]
    listed = ", ".join(map(str, some))
    return [
        _outcome(f"C[[{listed}]]", lambda: C[some]),
        _outcome(f"C[{listed}]", lambda: C[tuple(some)]),
        _outcome("C[X]", lambda: C[X]),
    ]


def _outcome(code: str, run: Callable[[], Tensor]) -> Outcome:
    try:
        return Outcome(code, tuple(run().shape), "")
    except Exception as error:  # whatever PyTorch raises is what is wanted
        return Outcome(code, None, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
