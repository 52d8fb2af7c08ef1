"""The network's prediction for one example: a bar for each character, the target marked."""

import math

import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.plots.patches import Patch, apply, named_ticks, numbers, short
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure, shown

TITLE = "Probability of the next character"
TOPS = (0.2, 0.5)  # where the scale ends, unless it has to reach 1: few ends, so that it seldom changes


def figure(logits: Tensor, label: int, characters: tuple[str, ...]) -> go.Figure:
    """Logits (V,) of one example as probabilities, over the characters of the vocabulary; `label` is the target."""
    legend = {**LEGEND_ABOVE, "x": 1, "xanchor": "right"}
    made = empty_figure(height=350, barmode="overlay", legend=legend, margin={"t": 36})
    made.update_layout(
        xaxis={"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "probability"}, "range": [0, 1]},
    )
    hover = "%{x}: %{y:.4f}<br>logit %{customdata:.3f}<extra></extra>"
    for name, colour in (("predicted probability", "consonant"), ("target", "accent")):
        made.add_bar(name=name, marker={"color": LIGHT[colour]}, hovertemplate=hover)
    uniform = {"color": LIGHT["muted"], "dash": "dot", "width": 1.5}
    made.add_scatter(
        name="uniform guess, 1/V", mode="lines", line=uniform, hovertemplate="1 / V = %{y:.4f}<extra></extra>"
    )
    return apply(made, update(logits, label, characters))


def update(logits: Tensor, label: int, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now. Traces: the other characters, the target, the uniform guess."""
    V = len(characters)
    probabilities = torch.softmax(logits, 0)
    scores, heights = numbers(logits), numbers(probabilities)
    others = [None if index == label else height for index, height in enumerate(heights)]
    true, best = probabilities[label].item(), int(probabilities.nan_to_num().argmax())
    highest = probabilities.nan_to_num().max().item()
    loss = abs(math.log(true)) if true > 0 else math.inf
    places = list(range(V))
    return {
        "data": [
            {"x": places, "y": others, "customdata": scores},
            {"x": [label], "y": [heights[label]], "customdata": [scores[label]]},
            {"x": [-0.5, V - 0.5], "y": [1 / V, 1 / V]},
        ],
        "layout": {
            **named_ticks([shown(character) for character in characters]),
            "xaxis.range": [-0.6, V - 0.4],
            "yaxis.range": [0, scale_top(max(highest, 1 / V))],
        },
        "label": f"{TITLE}: the target “{characters[label]}” gets {short(true)}, a loss of {short(loss)} nats; "
        f"the most likely is “{characters[best]}” with {short(probabilities[best].item())}.",
    }


def scale_top(highest: float) -> float:
    """Where the scale of probabilities up to `highest` ends."""
    return next((top for top in TOPS if 1.05 * highest <= top), 1.05)
