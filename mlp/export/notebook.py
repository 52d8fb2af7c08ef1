"""A run as a Jupyter notebook that trains it again: the pieces of the script, each explained in a cell before it."""

from mlp.export.pieces import pieces
from mlp.training.trainer import Trainer


def export_notebook(trainer: Trainer) -> str:
    """The notebook (nbformat 4) of a run, without outputs; the same run gives the same text."""
    import nbformat  # here, since it takes a third of a second and few need it
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = []
    for number, piece in enumerate(pieces(trainer)):
        heading = "#" if not number else "##"
        cells.append(new_markdown_cell(f"{heading} {piece.title}\n\n{piece.explanation}", id=f"text-{number}"))
        cells.append(new_code_cell(piece.code, id=f"code-{number}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return nbformat.writes(notebook)
