"""A run as a script that trains it again: plain Python and PyTorch, to be read as well as run."""

from textwrap import fill

from mlp.export.pieces import Piece, pieces
from mlp.training.trainer import Trainer

WIDTH = 100


def export_script(trainer: Trainer) -> str:
    """A script that needs nothing but PyTorch, trains this run again, and prints its losses and some new words."""
    return "\n\n\n".join(_commented(piece) for piece in pieces(trainer)) + "\n"


def _commented(piece: Piece) -> str:
    """A piece whose title and explanation are comments."""
    lines = [f"# {piece.title}", "#"]
    for paragraph in piece.explanation.split("\n\n"):
        table = paragraph.startswith("    ")
        lines += paragraph.splitlines() if table else fill(paragraph, WIDTH - 2).splitlines()
        lines.append("")
    comments = [line if line.startswith("#") else f"# {line}".rstrip() for line in lines[:-1]]
    return "\n".join([*comments, piece.code])
