"""The tanh curve with the hidden units of one example as points on it, and below it their slopes."""

import math

import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.lessons.hidden import slope
from mlp.plots.patches import Patch, apply, numbers, reach, short
from mlp.plots.theme import LIGHT, empty_figure
from mlp.saturation import SATURATED, saturated

TITLE = "tanh and this example’s hidden units"
LEAST_REACH, MAX_REACH = 4.0, 13.5
CURVE = torch.linspace(-1, 1, 201)
AT_UNIT = "unit %{customdata[0]}<br>"
HOVER = {"y": "tanh(%{x:.3f}) = %{y:.4f}", "y2": "slope at %{x:.3f}: %{y:.4f}"}


def figure(preactivation: Tensor, unit: int = 0) -> go.Figure:
    """One example's pre-activations (hidden,) on the curve and on its slope; the tangent is that of the chosen unit.

    The number of its unit is the `customdata` of each point.
    """
    made = empty_figure(height=540, showlegend=False)
    made.update_layout(
        xaxis={"title": {"text": "pre-activation"}, "anchor": "y2"},
        yaxis={"title": {"text": "tanh"}, "range": [-1.15, 1.15], "domain": [0.36, 1.0]},
        yaxis2={**made.layout.yaxis.to_plotly_json(), "title": {"text": "slope"}, "range": [-0.1, 1.15]},
    )
    made.layout.yaxis2.update(domain=[0.0, 0.28], tickvals=[0, 0.5, 1])
    for level in (-SATURATED, SATURATED):
        made.add_hline(y=level, line={"color": LIGHT["line"], "width": 1, "dash": "dot"})
    _add_curve(made, "y")
    made.add_scatter(mode="lines", line={"color": LIGHT["accent"], "width": 2, "dash": "dash"}, hoverinfo="skip")
    _add_curve(made, "y2")
    return apply(made, update(preactivation, unit))


def _add_curve(made: go.Figure, axis: str) -> None:
    """A curve, the units on it, the saturated ones, and a ring around the chosen one."""
    line = {"color": LIGHT["muted"], "width": 3}
    made.add_scatter(mode="lines", line=line, hoverinfo="skip", yaxis=axis)  # so that it hides no unit from the pointer
    hover = f"{AT_UNIT}{HOVER[axis]}<extra></extra>"
    for colour in ("train", "bad"):
        marker = {"color": LIGHT[colour], "size": 8, "opacity": 0.7}
        made.add_scatter(mode="markers", marker=marker, hovertemplate=hover, yaxis=axis)
    ring = {"color": LIGHT["accent"], "size": 16, "symbol": "circle-open", "line": {"width": 3}}
    made.add_scatter(mode="markers", marker=ring, hovertemplate=hover, yaxis=axis)


def update(preactivation: Tensor, unit: int = 0) -> Patch:
    """What to change for the numbers now.

    Traces: curve, units, saturated units, chosen unit, tangent; then slope, units, saturated units, chosen unit.
    """
    hidden = torch.tanh(preactivation)
    beyond = saturated(hidden)
    bound = _bound(reach(preactivation, LEAST_REACH))
    unit = min(unit, len(hidden) - 1)
    a, h = preactivation[unit].item(), hidden[unit].item()
    count = int(beyond.sum())
    return {
        "data": [
            *_traces(bound, preactivation, hidden, beyond, unit, as_slope=False),
            _tangent(a, h, bound),
            *_traces(bound, preactivation, hidden, beyond, unit, as_slope=True),
        ],
        "layout": {"xaxis.range": [-bound, bound]},
        "label": f"{TITLE}: {count} of {len(hidden)} units saturated (beyond ±{SATURATED})"
        f"{_outside(preactivation, bound)}. Unit {unit} has the pre-activation {short(a)}, the output {short(h)} and "
        f"the slope {short(1 - h * h)}.",
    }


def _traces(
    bound: float, preactivation: Tensor, hidden: Tensor, beyond: Tensor, unit: int, *, as_slope: bool
) -> list[Patch]:
    """Curve, units, saturated units, chosen unit: of tanh, or of its slope."""
    along = CURVE * bound
    curve, height = torch.tanh(along), hidden
    if as_slope:
        curve, height = slope(curve), slope(hidden)
    chosen = torch.arange(len(hidden)) == unit
    points = [_points(preactivation, height, of) for of in (~beyond, beyond, chosen)]
    return [{"x": numbers(along, 5), "y": numbers(curve, 5)}, *points]


def _points(preactivation: Tensor, height: Tensor, chosen: Tensor) -> Patch:
    units = chosen.nonzero()[:, 0]
    names = [[str(unit)] for unit in units.tolist()]
    return {"x": numbers(preactivation[units], 5), "y": numbers(height[units], 5), "customdata": names}


def _tangent(a: float, h: float, bound: float) -> Patch:
    """The tangent at (a, h), as far as it stays within the chart; empty where the numbers are not finite."""
    if not (math.isfinite(a) and math.isfinite(h)):
        return {"x": [], "y": []}
    steep = 1 - h * h
    half = min(bound / 4, 0.6 / steep if steep else bound)
    return {"x": [a - half, a + half], "y": [h - steep * half, h + steep * half]}


def _bound(largest: float) -> float:
    """4, 6, 9, …: up to 13.5: the axis keeps still until the numbers are half as large again."""
    return min(MAX_REACH, LEAST_REACH * 1.5 ** math.ceil(math.log(largest / LEAST_REACH, 1.5)))


def _outside(preactivation: Tensor, bound: float) -> str:
    count = int((preactivation.abs() > bound).sum())
    return f", {count} of them beyond the edges of the chart" if count else ""
