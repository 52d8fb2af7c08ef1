"""How something of each tensor has changed over the training: a line for each, with a guide where there is one."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mlp.plots import over_steps
from mlp.plots.patches import Patch, each_number, short
from mlp.plots.theme import LIGHT

STYLES = {
    "C": ("accent", "solid"), "W1": ("train", "solid"), "b1": ("train", "dot"), "W2": ("dev", "solid"),
    "b2": ("dev", "dot"), "W": ("test", "solid"), "embedded": ("accent", "solid"), "preactivation": ("train", "dot"),
    "hidden": ("train", "solid"), "logits": ("dev", "solid"), "saturated outputs": ("train", "solid"),
    "dead units": ("bad", "solid"),
}  # fmt: skip  # of parameters, layers and shares: colour and dash
GUIDE = "guide"

Points = Sequence[tuple[int, Mapping[str, float]]]


def figure(names: Sequence[str], y_title: str, guide: float | None = None, *, share: bool = False) -> go.Figure:
    """The lines of some tensors without their points; `update` brings them.

    Args:
        guide: a level to be near. share: the numbers lie between 0 and 1.
    """
    made = over_steps.empty(y_title, share=share)
    for name in names:
        colour, dash = STYLES[name]
        made.add_scatter(
            x=[], y=[], name=name, mode="lines", line={"color": LIGHT[colour], "width": 2.5, "dash": dash},
            hovertemplate="%{y:.4g}<extra>" + name + "</extra>", connectgaps=True,
        )  # fmt: skip
    if guide is not None:
        made.add_scatter(
            x=[], y=[], name=f"{GUIDE}, {guide:g}".replace("-", "−"), mode="lines", hoverinfo="skip",
            line={"color": LIGHT["muted"], "width": 2, "dash": "dash"},
        )  # fmt: skip
    return made


def update(
    title: str,
    points: Points,
    names: Sequence[str],
    latest: int,
    *,
    guide: float | None = None,
    log: bool = False,
    share: bool = False,
) -> Patch:
    """The lines as far as they are known.

    Args:
        points: (step, a number for each name), in the order of the steps. latest: the step that the axis must hold.
        log: draw powers of ten at equal distances. share: the numbers lie between 0 and 1.
    """
    steps = [step for step, _ in points]
    data = [over_steps.line(steps, each_number([numbers[name] for _, numbers in points])) for name in names]
    layout = over_steps.axis(latest)
    if guide is not None:
        data.append({"x": layout["xaxis.range"], "y": [guide, guide]})
    if not share:
        layout |= {"yaxis.type": "log" if log else "linear", "yaxis.dtick": 1 if log else None}  # powers of ten alone
        layout["yaxis.range"] = _y_range([numbers[name] for _, numbers in points for name in names], guide, log=log)
    return {"data": data, "layout": layout, "label": _finding(title, points, names, share=share)}


def _y_range(values: Sequence[float], guide: float | None, *, log: bool) -> list[float]:
    """An axis on a coarse grid, so that it seldom moves."""
    known = np.asarray([*values, *([] if guide is None else [guide])], np.float64)
    known = known[np.isfinite(known) & ((known > 0) | (not log))]
    if not known.size:
        return [-1.0, 1.0]
    known = np.log10(known) if log else known
    low, high = float(known.min()), float(known.max())
    grid = 1.0 if log else 2.0 ** math.floor(math.log2(max(high - low, 0.5)) - 2)
    room = 0.05 if log else 0.2
    return [grid * math.floor(low / grid - room), grid * math.ceil(high / grid + room)]


def _finding(title: str, points: Points, names: Sequence[str], *, share: bool) -> str:
    if not points:
        return f"{title}: not worked out yet."

    def said(value: float) -> str:
        return f"{value:.0%}" if share and math.isfinite(value) else short(value)

    (first, before), (last, now) = points[0], points[-1]
    values = ", ".join(f"{name} {said(now[name])}" for name in names)
    if last == first:
        return f"{title} at step {last:,}: {values}."
    earlier = ", ".join(f"{name} {said(before[name])}" for name in names)
    return f"{title} at step {last:,}: {values}. At step {first:,}: {earlier}."
