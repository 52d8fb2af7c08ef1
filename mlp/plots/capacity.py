"""The capacity curve: train and dev loss against one setting of a map of fits, its best point marked."""

import math
from typing import Any

import plotly.graph_objects as go

from mlp.plots.patches import number
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure
from mlp.settings import SPECS, show
from mlp.sweep.cell import Fit
from mlp.sweep.fit_map import MapSnapshot

TITLE = "Capacity curve"


def figure(name: str, values: tuple[Any, ...], height: int = 380) -> go.Figure:
    """The curve over a setting's values without its points; `update` brings them."""
    legend = {**LEGEND_ABOVE, "itemsizing": "constant"}
    drawn = empty_figure(height, legend=legend, margin={"t": 34}, hovermode="x unified")
    for split in ("train", "dev"):
        drawn.add_scatter(
            x=[], y=[], name=split, mode="lines+markers", line={"color": LIGHT[split], "width": 3}, marker={"size": 8},
            hovertemplate="%{y:.4f}<extra>" + split + "</extra>",
        )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], name="best dev", mode="markers", hoverinfo="skip",
        marker={"symbol": "star-open", "size": 22, "color": LIGHT["good"], "line": {"width": 2}},
    )  # fmt: skip
    drawn.update_xaxes(**x_axis(name, values))
    drawn.update_yaxes(title_text="loss in nats")
    return drawn


def x_axis(name: str, values: tuple[Any, ...]) -> dict[str, Any]:
    """The axis for a setting's values, for the chart of another one to change to."""
    return {
        "title": {"text": SPECS[name].label},
        "range": [-0.3, len(values) - 0.7],
        "tickvals": list(range(len(values))),
        "ticktext": [show(name, value) for value in values],
    }


def update(snapshot: MapSnapshot, row: int, col: int, along: str = "x") -> dict[str, Any]:
    """The losses along the cursor's row (`along="x"`) or column ("y") of the map."""
    fits = list(snapshot.fits[row]) if along == "x" else [line[col] for line in snapshot.fits]
    place = col if along == "x" else row
    train, dev = ([fit.loss(split) for fit in fits] for split in ("train", "dev"))
    known = [i for i, loss in enumerate(dev) if math.isfinite(loss)]
    best = min(known, key=lambda i: dev[i]) if known else None
    positions = list(range(len(fits)))
    data = [
        {"x": positions, "y": [number(loss) for loss in train]},
        {"x": positions, "y": [number(loss) for loss in dev]},
        {"x": [] if best is None else [best], "y": [] if best is None else [number(dev[best])]},
    ]
    layout = {"yaxis.range": _range([*train, *dev], len(fits[0].dataset.vocabulary)), "shapes": [_line(place)]}
    return {"data": data, "layout": layout, "label": _label(snapshot, along, fits, place, best)}


def _line(place: int) -> dict[str, Any]:
    """The cursor: an upright line, as a shape, so that Plotly can move it without drawing the curves anew."""
    style = {"width": 2, "color": LIGHT["accent"], "dash": "dot"}
    return {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "yref": "paper", "line": style}


def _range(losses: list[float], V: int) -> list[float]:
    """Bottom and top; losses far beyond guessing run out of the picture and leave the U its room."""
    finite = [loss for loss in losses if math.isfinite(loss)] or [math.log(V)]
    top = min(max(finite), max(2 * math.log(V), 1.2 * min(finite)))
    return [max(0.0, math.floor(4 * (min(finite) - 0.1)) / 4), math.ceil(4 * (top + 0.1)) / 4]


def _label(snapshot: MapSnapshot, along: str, fits: list[Fit], place: int, best: int | None) -> str:
    name, values = snapshot.x if along == "x" else snapshot.y
    label = SPECS[name].label
    text = f"{TITLE} over {label} at step {snapshot.step:,}: "
    text += f"at {show(name, values[place])} " + _in_words(fits[place])
    if best is not None:
        text += f" The lowest dev loss is {fits[best].loss('dev'):.3f} at {show(name, values[best])}."
    return text


def _in_words(fit: Fit) -> str:
    if fit.diverged:
        return "the network diverged."
    if not fit.steps:
        return "the losses are not known yet."
    dev = "" if math.isnan(fit.dev[-1]) else f", dev loss {fit.dev[-1]:.3f}"
    return f"train loss {fit.train[-1]:.3f}{dev}."
