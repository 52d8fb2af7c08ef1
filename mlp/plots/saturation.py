"""The saturation map: which hidden unit is saturated for which example of a batch, and which are dead."""

import plotly.graph_objects as go
from torch import Tensor

from mlp.lessons.hidden import saturation
from mlp.plots.patches import Patch, apply, numbers
from mlp.plots.theme import LIGHT, empty_figure
from mlp.saturation import SATURATED

TITLE = "Saturation of the hidden units"
MAX_EXAMPLES, MAX_UNITS = 64, 256
MARGIN = 1e-4


def figure(hidden: Tensor) -> go.Figure:
    """The hidden layer (B, hidden) of a batch: a row an example, a column a unit, dead units marked.

    A click on a cell or a mark names the unit (`meta`, `customdata`).
    """
    made = empty_figure(height=360, margin={"l": 56, "r": 16, "t": 24, "b": 48}, showlegend=False)
    axis = {"showgrid": False, "zeroline": False, "tickformat": "d"}
    made.update_layout(
        xaxis={"title": {"text": "hidden unit"}, **axis},
        yaxis={"title": {"text": "example"}, **axis},
        meta={"columns": True},
    )
    steps = [[0, LIGHT["low"]], [SATURATED, LIGHT["line"]], [SATURATED, LIGHT["high"]], [1, LIGHT["high"]]]
    made.add_heatmap(
        zmin=0, zmax=1, colorscale=steps, showscale=False, xgap=1, ygap=1,
        hovertemplate="example %{y}, unit %{x}: |tanh| = %{z}<extra></extra>",
    )  # fmt: skip
    marker = {"symbol": "triangle-down", "size": 10, "color": LIGHT["bad"]}
    made.add_scatter(
        mode="markers",
        marker=marker,
        cliponaxis=False,
        hovertemplate="unit %{x} is dead for these examples<extra></extra>",
    )
    return apply(made, update(hidden))


def update(hidden: Tensor) -> Patch:
    """What to change for the numbers now. The first 64 examples and 256 units are drawn, all of them are judged."""
    found = saturation(hidden)
    part = hidden[:MAX_EXAMPLES, :MAX_UNITS].abs()
    mask = found.mask[: part.shape[0], : part.shape[1]]
    low, high = SATURATED - MARGIN, SATURATED + MARGIN  # so that no rounding takes a value across the threshold
    sizes = part.where(~mask, part.clamp(min=high)).where(mask, part.clamp(max=low))
    dead = [unit for unit in found.dead if unit < part.shape[1]]
    partly = (
        f" The first {part.shape[0]} examples and {part.shape[1]} units are drawn."
        if part.shape != hidden.shape
        else ""
    )
    return {
        "data": [
            {"z": numbers(sizes)},
            {"x": dead, "y": [-1] * len(dead), "customdata": [[str(unit)] for unit in dead]},
        ],
        "layout": {
            "height": 130 + 8 * max(10, part.shape[0]),
            "xaxis.range": [-0.5, part.shape[1] - 0.5],
            "xaxis.dtick": 1 if part.shape[1] <= 10 else 10 if part.shape[1] <= 100 else 20,
            "yaxis.range": [part.shape[0] - 0.5, -1.5],  # the room above is for the marks of dead units
        },
        "label": f"{TITLE}: {found.fraction:.0%} of {hidden.shape[0]:,} × {hidden.shape[1]:,} outputs are beyond "
        f"±{SATURATED}; dead units (beyond it for every example): {len(found.dead):,}.{partly}",
    }
