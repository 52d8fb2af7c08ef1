"""How numbers are spread: a line for each tensor over the middles of its bins."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mlp.plots.patches import Patch
from mlp.plots.tensor_lines import STYLES
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure

TOPS = (0.05, 0.1, 0.2, 0.5, 1.0)

Bins = Mapping[str, tuple[np.ndarray, np.ndarray]]


def figure(names: Sequence[str], x_title: str, marks: Sequence[float] = (), height: int = 330) -> go.Figure:
    """The lines without their points; `update` brings them. `marks` are places on the axis that are told apart."""
    made = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 36}, showlegend=len(names) > 1)
    for name in names:
        colour, dash = STYLES[name]
        made.add_scatter(
            x=[], y=[], name=name, mode="lines",
            line={"color": LIGHT[colour], "width": 2.5, "dash": dash, "shape": "hvh"},
            hovertemplate="%{x:.3g}: %{y:.2%}<extra>" + name + "</extra>",
        )  # fmt: skip
    for mark in marks:
        made.add_vline(mark, line={"color": LIGHT["muted"], "width": 1.5, "dash": "dash"})
    made.update_xaxes(title_text=x_title)
    made.update_yaxes(title_text="share of the numbers", tickformat=".0%")
    return made


def update(title: str, bins: Bins, finding: str) -> Patch:
    """What to change for the numbers now: for each name the middles of its bins and the share in each."""
    highest = max((float(shares.max()) for _, shares in bins.values() if shares.size), default=0.0)
    ends = [float(middles[place]) for middles, _ in bins.values() if middles.size for place in (0, -1)]
    top = next((top for top in TOPS if 1.05 * highest <= top), 1.05)
    room = 0.03 * (max(ends, default=1.0) - min(ends, default=0.0)) or 0.1
    return {
        "data": [{"x": middles.tolist(), "y": np.round(shares, 5).tolist()} for middles, shares in bins.values()],
        "layout": {
            "yaxis.range": [0, top],
            "xaxis.range": [min(ends, default=0.0) - room, max(ends, default=1.0) + room],
        },
        "label": f"{title}: {finding}",
    }
