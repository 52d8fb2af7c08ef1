"""The learning-rate finder's curve: the loss over the exponent of the rate, smoothed, with the valley marked."""

import math
from typing import Any

import plotly.graph_objects as go

from mlp.analysis.rate_finder import HIGHEST_EXPONENT, LOWEST_EXPONENT, RateCurve
from mlp.plots.patches import number
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, built_once, empty_figure

TITLE = "Learning-rate finder"


@built_once
def figure(height: int = 380) -> go.Figure:
    """The curve without its points; `update` brings them."""
    drawn = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 34})
    hover = "%{y:.4f} at 10<sup>%{x:.2f}</sup><extra>%{fullData.name}</extra>"
    faint, strong = {"color": LIGHT["line"], "width": 1}, {"color": LIGHT["train"], "width": 3}
    drawn.add_scatter(x=[], y=[], name="batch", mode="lines", line=faint, hoverinfo="skip")
    drawn.add_scatter(x=[], y=[], name="smoothed", mode="lines", line=strong, hovertemplate=hover)
    drawn.add_scatter(
        x=[], y=[], name="end of the valley", mode="markers", hovertemplate=hover,
        marker={"symbol": "diamond", "size": 14, "color": LIGHT["good"]},
    )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], name="suggested rate", mode="lines", line={"color": LIGHT["accent"], "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )  # fmt: skip
    exponents = list(range(round(LOWEST_EXPONENT), round(HIGHEST_EXPONENT) + 1))
    drawn.update_xaxes(
        title_text="learning rate (log scale)", range=[LOWEST_EXPONENT, HIGHEST_EXPONENT], tickmode="array",
        tickvals=exponents, ticktext=[f"{10.0**exponent:g}" for exponent in exponents],
    )  # fmt: skip
    drawn.update_yaxes(title_text="loss in nats")
    return drawn


def update(curve: RateCurve) -> dict[str, Any]:
    """What the finder has found so far."""
    exponents = list(curve.exponents)
    if not exponents:
        empty: dict[str, list[float]] = {"x": [], "y": []}
        return {"data": [empty] * 4, "layout": {}, "label": f"{TITLE}: not started."}
    bottom, top = _range(curve)
    chosen = math.log10(curve.suggested)
    valley = {"x": [exponents[curve.valley]], "y": [number(curve.smoothed[curve.valley])]}
    data = [
        {"x": exponents, "y": [number(loss) for loss in curve.losses]},
        {"x": exponents, "y": [number(loss) for loss in curve.smoothed]},
        valley,
        {"x": [chosen, chosen], "y": [bottom, top], "name": f"suggested rate {curve.suggested:.2g}"},
    ]
    return {"data": data, "layout": {"yaxis.range": [bottom, top]}, "label": _label(curve)}


def _range(curve: RateCurve) -> tuple[float, float]:
    lowest, first = min(curve.smoothed), max(curve.smoothed[: max(1, len(curve.smoothed) // 2)])
    return max(0.0, math.floor(2 * (lowest - 0.5)) / 2), math.ceil(2 * (max(first, lowest + 1) + 0.5)) / 2


def _label(curve: RateCurve) -> str:
    """The curve in words: the valley, the suggestion, and where the loss blew up."""
    text = (
        f"{TITLE}: the valley ends near a rate of {10 ** curve.exponents[curve.valley]:.2g} with a smoothed loss of "
        f"{curve.smoothed[curve.valley]:.2f}; suggested rate {curve.suggested:.2g}."
    )
    if curve.stopped:
        text += f" At a rate of {10 ** curve.exponents[-1]:.2g} the loss had risen far above its lowest."
    return text
