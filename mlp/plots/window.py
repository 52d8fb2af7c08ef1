"""The window that slides over a word: the context it covers, and the character that is to be predicted."""

import plotly.graph_objects as go

from mlp.graphemes import clusters
from mlp.plots.patches import Patch, apply
from mlp.plots.theme import LIGHT, empty_figure, shown
from mlp.words import BOUNDARY

TITLE = "Window over the word"
MAX_CELLS = 21
FEWEST = 9


def figure(word: str, position: int, block_size: int, index: dict[str, int]) -> go.Figure:
    """A box for each character of a word between its boundaries, with its index below.

    Args:
        position: how far the window has slid: the number of the example.
        index: the index of each character.
    """
    made = empty_figure(height=172, margin={"l": 4, "r": 4, "t": 4, "b": 4}, showlegend=False, hovermode=False)
    hidden = {"visible": False, "fixedrange": True, "showgrid": False, "zeroline": False}
    made.update_layout(xaxis=hidden, yaxis={**hidden, "range": [-0.75, 1.75]})
    for line, fill in (("line", "panel"), ("accent", "zero"), ("dev", "zero")):
        made.add_scatter(
            mode="lines",
            fill="toself",
            fillcolor=LIGHT[fill],
            line={"color": LIGHT[line], "width": 2},
            hoverinfo="skip",
        )
    for size, colour in ((22, "ink"), (13, "muted")):
        made.add_scatter(mode="text", textfont={"size": size, "color": LIGHT[colour]})
    for colour in ("accent", "dev"):
        made.add_scatter(mode="text", textfont={"size": 15, "color": LIGHT[colour]})
    return apply(made, update(word, position, block_size, index))


def update(word: str, position: int, block_size: int, index: dict[str, int]) -> Patch:
    """What to change for another word, position or block size; of a long word the part around the window is shown.

    Traces: the other boxes, those of the context, that of the next character, characters, indices, two headings.
    """
    padded = [*BOUNDARY * block_size, *clusters(word), BOUNDARY]
    target = position + block_size
    first = max(0, min(position + block_size // 2 - MAX_CELLS // 2, len(padded) - MAX_CELLS))
    cells = range(first, min(len(padded), first + MAX_CELLS))
    window = range(position, target)
    others = [cell for cell in cells if cell not in window and cell != target]
    context, follower = "".join(padded[position:target]), padded[target]
    characters = [shown(padded[cell]) for cell in cells]
    return {
        "data": [
            _boxes(others),
            _boxes(window),
            _boxes([target]),
            {"x": list(cells), "y": [0.5] * len(cells), "text": characters},
            {"x": list(cells), "y": [-0.3] * len(cells), "text": [str(index[padded[cell]]) for cell in cells]},
            {"x": [position + (block_size - 1) / 2], "y": [1.4], "text": ["context"]},
            {"x": [target], "y": [1.4], "text": ["next"]},
        ],
        "layout": {"xaxis.range": [first - 0.6, first + max(FEWEST, len(cells)) - 0.4]},
        "label": f"{TITLE}: position {position + 1} of {len(padded) - block_size}; after the context “{context}” "
        f"comes “{follower}”.",
    }


def _boxes(cells: range | list[int]) -> Patch:
    """The outlines of some boxes, with a gap in the line between them."""
    half = 0.44
    x, y = [], []
    for cell in cells:
        x += [cell - half, cell + half, cell + half, cell - half, cell - half, None]
        y += [0, 0, 1, 1, 0, None]
    return {"x": x, "y": y}
