"""The loss of each example of a word as a bar, beside that of a uniform guess."""

import math

import plotly.graph_objects as go
from torch import Tensor

from mlp.lessons.examples import Row
from mlp.lessons.output import example_losses
from mlp.plots.patches import Patch, apply, numbers, short, text
from mlp.plots.theme import LIGHT, empty_figure

TITLE = "Loss of each example"


def figure(logits: Tensor, Y: Tensor, rows: tuple[Row, ...]) -> go.Figure:
    """Logits (B, V) and labels Y (B,) of a word's examples, `rows` to name them."""
    made = empty_figure(height=320, showlegend=False)
    made.update_layout(
        xaxis={"tickmode": "array", "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "loss in nats"}, "rangemode": "tozero"},
    )
    made.add_bar(marker={"color": LIGHT["consonant"]}, hovertemplate="%{x}: %{y:.4f} nats<extra></extra>")
    for colour, dash, name in (("muted", "dot", "uniform guess, ln V"), ("accent", "solid", "their mean: the loss")):
        line = {"color": LIGHT[colour], "dash": dash, "width": 2}
        made.add_scatter(mode="lines", line=line, hovertemplate=name + ": %{y:.4f} nats<extra></extra>")
    return apply(made, update(logits, Y, rows))


def update(logits: Tensor, Y: Tensor, rows: tuple[Row, ...]) -> Patch:
    """What to change for the numbers now. Traces: the examples, a uniform guess (ln V), their mean."""
    losses = example_losses(logits, Y)
    mean, uniform = losses.mean().item(), math.log(logits.shape[1])
    places = list(range(len(rows)))
    ends = [-0.5, len(rows) - 0.5]
    worst = rows[int(losses.nan_to_num(math.inf).argmax())]
    level = mean if math.isfinite(mean) else None
    return {
        "data": [
            {"x": places, "y": numbers(losses)},
            {"x": ends, "y": [uniform, uniform]},
            {"x": ends, "y": [level, level]},
        ],
        "layout": {
            "xaxis.tickvals": places,
            "xaxis.ticktext": [f"{text(row.context)} → {text(row.label)}" for row in rows],
            "xaxis.range": [-0.6, len(rows) - 0.4],
        },
        "label": f"{TITLE}: the mean of {len(rows)} is {short(mean)} nats, that of a uniform guess is {uniform:.3f}. "
        f"The hardest is “{worst.arrow()}”, {short(losses.nan_to_num(math.inf).max().item())} nats.",
    }
