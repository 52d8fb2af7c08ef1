"""The price of a prediction: -ln p against the probability p of the target, with a word's examples on the curve."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.lessons.output import price
from mlp.plots.patches import Patch, apply, number
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure, shown

TITLE = "The loss of one example"
LEAST = 0.001
CURVE = [LEAST * (1 / LEAST) ** (i / 200) for i in range(201)]


def figure(p: float, losses: Sequence[float], labels: Sequence[str]) -> go.Figure:
    """The curve, a dot at the probability p, and a small one for each example of a word, whose targets are `labels`."""
    made = empty_figure(height=330, legend=LEGEND_ABOVE, margin={"t": 36})
    made.update_layout(
        xaxis={"title": {"text": "probability of the target"}, "range": [0, 1.02], "zeroline": False},
        yaxis={"title": {"text": "loss in nats"}, "zeroline": False},
    )
    hover = "%{text}p = %{x:.4g}: %{y:.4f} nats<extra></extra>"
    made.add_scatter(mode="lines", name="−ln p", line={"color": LIGHT["muted"], "width": 2})
    for name, colour, size in (("your word’s examples", "consonant", 9), ("your probability", "accent", 15)):
        made.add_scatter(
            mode="markers", name=name, marker={"color": LIGHT[colour], "size": size}, hovertemplate=hover, text=[]
        )
    return apply(made, update(p, losses, labels))


def update(p: float, losses: Sequence[float], labels: Sequence[str]) -> Patch:
    """What to change for the numbers now. Traces: the curve, the examples, the dot."""
    top = max([price(LEAST), *(loss for loss in losses if math.isfinite(loss))])
    chances = [math.exp(-loss) if math.isfinite(loss) else None for loss in losses]
    return {
        "data": [
            {"x": [number(each) for each in CURVE], "y": [number(price(each)) for each in CURVE]},
            {
                "x": chances,
                "y": [number(loss) for loss in losses],
                "text": [f"{shown(label)}: " for label in labels],
            },
            {"x": [p], "y": [number(price(p))], "text": [""]},
        ],
        "layout": {"yaxis.range": [-0.03 * top, 1.05 * top]},
        "label": f"{TITLE}: at probability {p:g} the loss is {price(p):.4f} nats.",
    }
