"""What every curve over the steps of a run shares: its axes, and that a single point is seen too."""

from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.plots.loss import x_span
from mlp.plots.patches import Patch
from mlp.plots.theme import LEGEND_ABOVE, empty_figure


def empty(y_title: str, height: int = 330, *, share: bool = False) -> go.Figure:
    """A figure without lines. `share` is for numbers between 0 and 1, which are told in per cent."""
    made = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 36}, hovermode="x unified")
    made.update_xaxes(title_text="step", hoverformat=",")
    made.update_yaxes(title_text=y_title)
    if share:
        made.update_yaxes(range=[-0.02, 1.02], tickformat=".0%")
    return made


def line(steps: Sequence[int], values: Sequence[float | None]) -> Patch:
    """One line; a single point is no line, so it is a mark."""
    return {"x": list(steps), "y": list(values), "mode": "lines" if len(steps) > 1 else "markers"}


def axis(latest: int) -> Patch:
    """The layout of an axis that holds all steps up to the latest one."""
    return {"xaxis.range": list(x_span(latest, log_x=False))}
