"""The activations of the hidden layer as a histogram from -1 to 1, of a network as it is and of a changed copy."""

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure
from mlp.saturation import saturated_fraction

TITLE = "Histogram of the activations"
BINS = 41
EDGES = np.linspace(-1, 1, BINS + 1)


def figure(hidden: Tensor, changed: Tensor) -> go.Figure:
    """Two hidden layers (B, H)."""
    made = empty_figure(height=300, legend=LEGEND_ABOVE, margin={"t": 36}, bargap=0.05, barmode="overlay")
    made.update_layout(
        xaxis={"title": {"text": "h = tanh(pre-activation)"}, "range": [-1.03, 1.03], "zeroline": False},
        yaxis={"title": {"text": "fraction"}, "tickformat": ".0%", "rangemode": "tozero"},
    )
    for name, colour, opacity in (("with W1 multiplied", "accent", 1.0), ("as it is", "consonant", 0.55)):
        made.add_bar(
            name=name, marker={"color": LIGHT[colour]}, opacity=opacity,
            hovertemplate=f"{name}, h near %{{x:.2f}}: %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
    return apply(made, update(hidden, changed))


def update(hidden: Tensor, changed: Tensor) -> Patch:
    """What to change for the numbers now. Traces: the changed copy, the network as it is."""
    middles = ((EDGES[1:] + EDGES[:-1]) / 2).round(4).tolist()
    before, after = saturated_fraction(hidden), saturated_fraction(changed)
    return {
        "data": [{"x": middles, "y": _fractions(layer)} for layer in (changed, hidden)],
        "label": f"{TITLE}: {before:.1%} are saturated as it is, {after:.1%} with W1 multiplied.",
    }


def _fractions(hidden: Tensor) -> list[float]:
    """The fraction of all activations in each bin; those that are not a number are in none."""
    values = hidden.numpy().ravel()
    counts = np.histogram(values[np.isfinite(values)], EDGES)[0]
    return (counts / max(1, values.size)).round(5).tolist()
