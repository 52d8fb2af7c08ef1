"""How often each character occurs, as bars, the most frequent first."""

import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply
from mlp.plots.theme import LIGHT, empty_figure, shown

TITLE = "Characters by frequency"
MAX_SHOWN = 60


def figure(counts: Tensor, characters: tuple[str, ...]) -> go.Figure:
    """Counts (V,) int64 of the characters (`mlp.lessons.examples.character_counts`)."""
    made = empty_figure(height=300, showlegend=False, bargap=0.15)
    made.update_layout(
        xaxis={"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "count"}, "rangemode": "tozero"},
    )
    made.add_bar(marker={"color": LIGHT["consonant"]}, hovertemplate="%{customdata}: %{y} times<extra></extra>")
    return apply(made, update(counts, characters))


def update(counts: Tensor, characters: tuple[str, ...]) -> Patch:
    """What to change for other words; of a large alphabet, the 60 most frequent characters are shown."""
    kept = counts.argsort(descending=True, stable=True)[:MAX_SHOWN].tolist()
    labels = [shown(characters[index]) for index in kept]
    places = list(range(len(kept)))
    partly = "" if len(kept) == len(characters) else f" The {MAX_SHOWN} most frequent of {len(characters)} are shown."
    return {
        "data": [{"x": places, "y": counts[kept].tolist(), "customdata": labels}],
        "layout": {
            "xaxis.tickvals": places, "xaxis.ticktext": labels, "xaxis.range": [-0.6, len(kept) - 0.4],
        },
        "label": f"{TITLE}: “{characters[kept[0]]}” is the most frequent next character: {int(counts.max()):,} of "
        f"{int(counts.sum()):,}.{partly}",
    }  # fmt: skip
