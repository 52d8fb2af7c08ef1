"""What is drawn from: a bar for each character that may come next, as the network says it and after temperature."""

from collections.abc import Sequence

import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply, named_ticks, numbers, short
from mlp.plots.probabilities import scale_top
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure, shown

TITLE = "Next character"
OWN, CHANGED = "the network’s probability", "drawn from, after temperature and top-k"


def figure(own: Tensor, changed: Tensor, characters: Sequence[str], context: str) -> go.Figure:
    """Probabilities (V,) as the network gives them and as they are drawn from, after `context`."""
    made = empty_figure(height=330, barmode="overlay", legend=LEGEND_ABOVE, margin={"t": 36}, bargap=0.15)
    made.update_layout(
        xaxis={"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "probability"}, "range": [0, 1]},
    )
    outline = {"color": LIGHT["line"]}
    made.add_bar(name=OWN, marker=outline, hovertemplate="%{customdata}: %{y:.4f}<extra></extra>")
    made.add_bar(
        name=CHANGED, marker={"color": LIGHT["accent"]}, width=0.5,
        hovertemplate="%{customdata}: drawn with probability %{y:.4f}<extra></extra>",
    )  # fmt: skip
    return apply(made, update(own, changed, characters, context))


def update(own: Tensor, changed: Tensor, characters: Sequence[str], context: str) -> Patch:
    """What to change for the numbers now. Traces: the network's probabilities, and those that are drawn from."""
    V = len(characters)
    places, names = list(range(V)), [shown(character) for character in characters]
    highest = max(own.nan_to_num().max().item(), changed.nan_to_num().max().item())
    likeliest = own.nan_to_num().argsort(descending=True, stable=True)[:3].tolist()
    said = ", ".join(f"“{characters[index]}” ({short(own[index].item())})" for index in likeliest)
    possible = int((changed > 0).sum())
    some = "" if possible == V else f" After temperature and top-k, {possible} of {V} can still be drawn."
    return {
        "data": [
            {"x": places, "y": numbers(own), "customdata": names},
            {"x": places, "y": numbers(changed), "customdata": names},
        ],
        "layout": {
            **named_ticks(names), "xaxis.range": [-0.6, V - 0.4],
            "yaxis.range": [0, scale_top(max(highest, 1 / V))],
        },
        "label": f"{TITLE} after “{context}”: the likeliest are {said}.{some}",
    }  # fmt: skip
