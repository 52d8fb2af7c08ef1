"""The tanh curve, on which the hidden units of one example sit as points."""

import math

import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.lessons.hidden import SATURATED
from mlp.plots.patches import Patch, apply, numbers, reach, short
from mlp.plots.theme import LIGHT, blank

TITLE = "tanh and this example’s hidden units"
LEAST_REACH, MOST_REACH = 4.0, 13.5
CURVE = torch.linspace(-1, 1, 201)


def figure(preactivation: Tensor, unit: int = 0) -> go.Figure:
    """One example's pre-activations (hidden,) on the curve; the tangent is that of the chosen unit."""
    made = blank(height=400, showlegend=False)
    made.update_layout(
        xaxis={"title": {"text": "pre-activation"}}, yaxis={"title": {"text": "tanh"}, "range": [-1.15, 1.15]}
    )
    for level in (-SATURATED, SATURATED):
        made.add_hline(y=level, line={"color": LIGHT["line"], "width": 1, "dash": "dot"})
    line = {"color": LIGHT["muted"], "width": 3}
    made.add_scatter(mode="lines", line=line, hovertemplate="tanh(%{x:.2f}) = %{y:.3f}<extra></extra>")
    hover = "unit %{customdata}<br>tanh(%{x:.3f}) = %{y:.4f}<extra></extra>"
    made.add_scatter(mode="markers", marker={"color": LIGHT["train"], "size": 8, "opacity": 0.7}, hovertemplate=hover)
    made.add_scatter(mode="markers", marker={"color": LIGHT["bad"], "size": 8, "opacity": 0.7}, hovertemplate=hover)
    made.add_scatter(mode="lines", line={"color": LIGHT["accent"], "width": 2, "dash": "dash"}, hoverinfo="skip")
    ring = {"color": LIGHT["accent"], "size": 16, "symbol": "circle-open", "line": {"width": 3}}
    made.add_scatter(mode="markers", marker=ring, hovertemplate=hover)
    return apply(made, update(preactivation, unit))


def update(preactivation: Tensor, unit: int = 0) -> Patch:
    """What to change for the numbers now. Traces: curve, units, saturated units, tangent, chosen unit."""
    hidden = torch.tanh(preactivation)
    saturated = hidden.abs() > SATURATED
    bound = _bound(reach(preactivation, LEAST_REACH))
    curve = CURVE * bound
    unit = min(unit, len(hidden) - 1)
    a, h = preactivation[unit].item(), hidden[unit].item()
    count = int(saturated.sum())
    return {
        "data": [
            {"x": numbers(curve, 5), "y": numbers(torch.tanh(curve), 5)},
            _points(preactivation, hidden, ~saturated),
            _points(preactivation, hidden, saturated),
            _tangent(a, h, bound),
            {**_points(preactivation[unit : unit + 1], hidden[unit : unit + 1], None), "customdata": [unit]},
        ],
        "layout": {"xaxis.range": [-bound, bound]},
        "label": f"{TITLE}: {count} of {len(hidden)} units are saturated (beyond ±{SATURATED})"
        f"{_outside(preactivation, bound)}. Unit {unit} has the pre-activation {short(a)}, the value {short(h)} and "
        f"the slope {short(1 - h * h)}.",
    }


def _points(preactivation: Tensor, hidden: Tensor, chosen: Tensor | None) -> Patch:
    units = torch.arange(len(hidden)) if chosen is None else chosen.nonzero()[:, 0]
    return {"x": numbers(preactivation[units], 5), "y": numbers(hidden[units], 5), "customdata": units.tolist()}


def _tangent(a: float, h: float, bound: float) -> Patch:
    """The tangent at (a, h), as far as it stays within the chart; empty where the numbers are not finite."""
    if not (math.isfinite(a) and math.isfinite(h)):
        return {"x": [], "y": []}
    slope = 1 - h * h
    half = min(bound / 4, 0.6 / slope if slope else bound)
    return {"x": [a - half, a + half], "y": [h - slope * half, h + slope * half]}


def _bound(largest: float) -> float:
    """4, 6, 9, …: up to 13.5: the axis keeps still until the numbers are half as large again."""
    return min(MOST_REACH, LEAST_REACH * 1.5 ** math.ceil(math.log(largest / LEAST_REACH, 1.5)))


def _outside(preactivation: Tensor, bound: float) -> str:
    count = int((preactivation.abs() > bound).sum())
    return f", {count} of them beyond the edges of the chart" if count else ""
