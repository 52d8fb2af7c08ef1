"""From logits towards probabilities: the logits of one example and their exponentials, a bar for each character."""

import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply, named_ticks, numbers, short
from mlp.plots.theme import LIGHT, empty_figure, shown

TITLE = "Logits and their exponentials"


def figure(logits: Tensor, label: int, characters: tuple[str, ...]) -> go.Figure:
    """Logits (V,) of one example above, exp(logits) below; `label` is the target."""
    made = empty_figure(height=400, barmode="overlay", showlegend=False)
    axis = made.layout.yaxis.to_plotly_json()
    made.update_layout(
        xaxis={"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False, "anchor": "y2"},
        yaxis={"title": {"text": "logit"}, "domain": [0.56, 1], "zeroline": True},
        yaxis2={**axis, "title": {"text": "exp(logit)"}, "domain": [0, 0.44], "rangemode": "tozero"},
    )
    for axis_name, what in (("y", "logit"), ("y2", "exp(logit)")):
        hover = f"%{{customdata}}: {what} %{{y:.4g}}<extra></extra>"
        for colour in ("consonant", "accent"):
            made.add_bar(marker={"color": LIGHT[colour]}, yaxis=axis_name, hovertemplate=hover)
    return apply(made, update(logits, label, characters))


def update(logits: Tensor, label: int, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now. Traces: logits of the others, of the target; then the exponentials."""
    counts = logits.exp()
    names = [shown(character) for character in characters]
    places = list(range(len(characters)))
    data = []
    for heights in (numbers(logits), numbers(counts)):
        others = [None if index == label else height for index, height in enumerate(heights)]
        data.append({"x": places, "y": others, "customdata": names})
        data.append({"x": [label], "y": [heights[label]], "customdata": [names[label]]})
    best = int(logits.nan_to_num().argmax())
    return {
        "data": data,
        "layout": {**named_ticks(names), "xaxis.range": [-0.6, len(places) - 0.4]},
        "label": f"{TITLE}: the highest logit is {short(logits[best].item())}, of “{characters[best]}”; "
        f"the target “{characters[label]}” has {short(logits[label].item())}. "
        f"The exponentials add up to {short(counts.sum().item())}.",
    }
