"""A piece of a map of fits that any machine can train: one network, from a state to a later step.

What comes of it follows from what it is handed alone, so a piece whose worker has gone is done again by another and
gives the same numbers, to the last bit on processors of one kind.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import torch

from mlp.kernel.choice import compile_now
from mlp.settings import Settings
from mlp.sweep.cell import Cell, Trained
from mlp.sweep.engines import EngineError
from mlp.training.loop import State
from mlp.words import WordList

PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Piece:
    """A network, where it stands, the step it is to come to, and the steps on the way that are remembered, rising.

    `made_with` is what the asker computes with (see `made_with`).
    """

    settings: Settings
    words: WordList
    state: State
    goal: int
    remember: tuple[int, ...]
    made_with: str


def train_on(executor: Executor, cells: Sequence[Cell], goal: int, remember: Sequence[int]) -> None:
    """Bring networks that stand at one step to a later one on an executor, remembering the steps that are named.

    Raises:
        EngineError: the executor could not finish; the networks then are as they were before.
    """
    pieces = [Piece(cell.settings, cell.words, cell.state(), goal, tuple(remember), made_with()) for cell in cells]
    try:
        came_back = list(executor.map(train, pieces))
    except EngineError:
        raise
    except Exception as error:  # each kind of executor has its own
        raise EngineError(f"The sweep’s engine could not finish: {type(error).__name__}: {error}") from error
    for cell, trained in zip(cells, came_back, strict=True):
        cell.take(trained)


def train(piece: Piece) -> Trained:
    """Do a piece; this is what a worker runs.

    Raises:
        EngineError: this process has other code than the asker, so its numbers could be others.
    """
    if made_with() != piece.made_with:
        raise EngineError(f"The sweep is made with {piece.made_with}, but this worker with {made_with()}.")
    torch.set_num_threads(1)  # it counts for each thread anew
    cell = Cell(piece.settings, piece.words)
    cell.restore(piece.state)
    for step in piece.remember:
        cell.work(step)
        cell.remember()
    cell.work(piece.goal)
    return cell.trained()


@cache
def made_with() -> str:
    """What the numbers of this process follow from, beside its kind of processor, as one line."""
    sources = b"".join(path.read_bytes() for path in sorted(PACKAGE.rglob("*.py")))
    libraries = ", ".join(f"{name} {version(name).partition('+')[0]}" for name in ("torch", "numba"))
    return f"{libraries}, mlp {sha256(sources).hexdigest()[:8]} ({compile_now().__name__})"
