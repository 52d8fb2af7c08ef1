"""The embedding in three dimensions: a scatter of letters that can be turned; the view that was chosen stays."""

import numpy as np
import plotly.graph_objects as go

from mlp.dataset import Dataset
from mlp.plots import embedding
from mlp.plots.letters import font_sizes
from mlp.plots.patches import Patch, finite
from mlp.plots.theme import LIGHT, built_once, empty_figure, shown

TITLE = embedding.TITLE


@built_once
def figure(height: int = 620) -> go.Figure:
    """The plot without its points; `update` brings them."""
    drawn = empty_figure(height, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    axis = {
        "gridcolor": LIGHT["grid"],
        "color": LIGHT["muted"],
        "showbackground": False,
        "zerolinecolor": LIGHT["line"],
    }
    drawn.update_layout(scene={"xaxis": axis, "yaxis": axis, "zaxis": axis, "aspectmode": "cube", "uirevision": "kept"})
    drawn.add_scatter3d(
        x=[], y=[], z=[], text=[], mode="text", textfont={"size": [], "color": []},
        hovertemplate="<b>%{text}</b>  (%{x:.3f}, %{y:.3f}, %{z:.3f})<extra></extra>",
    )  # fmt: skip
    return drawn


def update(C: np.ndarray, dataset: Dataset, step: int, reach: np.ndarray, basis: np.ndarray | None = None) -> Patch:
    """Where the letters are now.

    Args:
        C: (V, embedding_dim), three dimensions at least. reach: lowest and highest coordinates of the axes, (2, 3).
        basis: (embedding_dim, 3) to project on; the first three dimensions where left out.
    """
    points = C[:, :3] if basis is None else C @ basis
    characters = dataset.vocabulary.characters
    names = (
        ["component 1", "component 2", "component 3"] if basis is not None else [f"dimension {i}" for i in (1, 2, 3)]
    )
    layout: Patch = {}
    for place, (axis, name) in enumerate(zip("xyz", names, strict=True)):
        layout |= {
            f"scene.{axis}axis.title.text": name,
            f"scene.{axis}axis.range": embedding.axis_range(reach[:, place]),
        }
    x, y, z = (finite(column.tolist()) for column in points.T)
    return {
        "data": [
            {
                "x": x, "y": y, "z": z, "text": [shown(character) for character in characters],
                "textfont": {"size": font_sizes(dataset), "color": _colours(dataset)},
            }
        ],
        "layout": layout,
        "label": embedding.text_alternative(C, dataset.vocabulary, step),
    }  # fmt: skip


def _colours(dataset: Dataset) -> list[str]:
    groups = [embedding.group_of(character) for character in dataset.vocabulary.characters]
    return [LIGHT["muted"] if row in dataset.untrained else LIGHT[group] for row, group in enumerate(groups)]
