"""The plane of a two-dimensional embedding, coloured by how probable a next character is for each place in it."""

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from mlp.dataset import Dataset
from mlp.plots import embedding
from mlp.plots.letters import font_sizes
from mlp.plots.patches import Patch, finite, numbers, short
from mlp.plots.theme import LIGHT, SEQUENTIAL, built_once, empty_figure, shown

TITLE = "Probability over the plane"
CELLS = 41


@built_once
def figure(height: int = 560) -> go.Figure:
    """The plane without its numbers; `update` brings them."""
    drawn = empty_figure(height, showlegend=False, dragmode=False)  # letters are dragged, not the axes
    drawn.add_heatmap(
        z=[[0.0]], zmin=0, zmax=1, colorscale=SEQUENTIAL, zsmooth="best", hovertemplate="%{z:.4f}<extra></extra>",
        colorbar={"title": {"text": "probability"}, "thickness": 12, "outlinewidth": 0, "tickformat": ".2g"},
    )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], text=[], mode="markers+text", textposition="middle center", hoverinfo="skip",
        textfont={"size": [], "color": LIGHT["ink"]}, marker={"size": 12, "opacity": 0, "color": LIGHT["ink"]},
    )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], mode="lines", hoverinfo="skip", line={"color": LIGHT["dev"], "width": 2, "dash": "dot"},
    )  # fmt: skip
    drawn.update_xaxes(title_text="dimension 1", showgrid=False, zeroline=False)
    drawn.update_yaxes(title_text="dimension 2", showgrid=False, zeroline=False)
    return drawn


def cells(ranges: tuple[list[float], list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """The places that the plane is worked out at: along dimension 1 and along dimension 2, (CELLS,) each."""
    across, up = (np.linspace(low, high, CELLS, dtype=np.float32) for low, high in ranges)
    return across, up


def update(
    chances: Tensor,
    C: np.ndarray,
    places: np.ndarray,
    true: np.ndarray,
    dataset: Dataset,
    ranges: tuple[list[float], list[float]],
    said: tuple[str, str, int],
    row: int,
) -> Patch:
    """What to change for the numbers now.

    Args:
        chances: (CELLS, CELLS), the probability at each place (`mlp.lessons.what_if.plane`).
        C: (V, 2), where the characters are meant to be; places: where their letters are, which make room for one
            another; true: where they are in the network.
        ranges: of the two axes. said: the context, the next character, and which character of the context is moved.
        row: the character that is in that place of the context now; it has a ring.
    """
    context, target, slot = said
    across, up = cells(ranges)
    highest = float(chances.nan_to_num().max())
    top = next((top for top in (0.05, 0.1, 0.2, 0.5) if highest <= top), 1.0)
    moved = np.flatnonzero((true != C).any(1) & np.isfinite(C).all(1))
    ways = [[*true[index].tolist(), *C[index].tolist()] for index in moved]
    characters = dataset.vocabulary.characters
    return {
        "data": [
            {"z": numbers(chances), "x": across.tolist(), "y": up.tolist(), "zmax": top},
            {
                "x": finite(places[:, 0].tolist()), "y": finite(places[:, 1].tolist()),
                "text": [shown(character) for character in characters], "textfont.size": font_sizes(dataset),
            },
            {
                "x": [place for way in ways for place in (way[0], way[2], None)],
                "y": [place for way in ways for place in (way[1], way[3], None)],
            },
        ],
        "layout": {
            "xaxis.range": ranges[0], "yaxis.range": ranges[1], "shapes": [embedding.ring(places[row].tolist())],
            "annotations": embedding.beyond(places, dataset.vocabulary, *ranges),
        },
        "label": f"{TITLE}: with character {slot + 1} of the context “{context}” at each place, “{target}” comes next "
        f"with a probability of {short(float(chances.min()))} to {short(float(chances.max()))}.",
    }  # fmt: skip
