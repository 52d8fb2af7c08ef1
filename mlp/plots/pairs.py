"""How often one character follows another, as a heatmap."""

import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply
from mlp.plots.theme import LIGHT, SEQUENTIAL, empty_figure, shown

TITLE = "Pairs of characters"
MAX_SHOWN = 60


def figure(counts: Tensor, characters: tuple[str, ...]) -> go.Figure:
    """Pair counts (V, V) int64 (`mlp.lessons.examples.pair_counts`): a row for the first character of a pair."""
    made = empty_figure(height=720, margin={"l": 56, "r": 16, "t": 56, "b": 16})
    axis = {"showgrid": False, "zeroline": False, "tickmode": "array", "tickfont": {"size": 12}}
    made.update_layout(
        xaxis={**axis, "side": "top", "title": {"text": "second character", "standoff": 4}, "tickangle": 0},
        yaxis={**axis, "autorange": "reversed", "title": {"text": "first character", "standoff": 4}},
    )
    made.add_heatmap(
        colorscale=SEQUENTIAL,
        xgap=1,
        ygap=1,
        showscale=False,
        hovertemplate="%{y} followed by %{x}: %{customdata} times<extra></extra>",
        texttemplate="%{text}",
    )
    made.update_xaxes(tickfont_color=LIGHT["ink"])
    return apply(made, update(counts, characters))


def update(counts: Tensor, characters: tuple[str, ...]) -> Patch:
    """What to change for other words; of a large alphabet, the 60 most frequent characters are shown."""
    kept = sorted(counts.sum(0).argsort(descending=True, stable=True)[:MAX_SHOWN].tolist())
    part = counts[kept][:, kept]
    labels = [shown(characters[index]) for index in kept]
    places = list(range(len(kept)))
    first, then = divmod(int(counts.argmax()), len(characters))
    partly = "" if len(kept) == len(characters) else f" The {MAX_SHOWN} most frequent of {len(characters)} characters."
    heatmap = {
        "z": part.sqrt().tolist(),  # the root, so that rare pairs are seen too
        "customdata": part.tolist(),
        "text": [[count or "" for count in row] for row in part.tolist()],
    }
    return {
        "data": [heatmap],
        "layout": {
            f"{axis}.{key}": value
            for axis in ("xaxis", "yaxis")
            for key, value in (("tickvals", places), ("ticktext", labels))
        },
        "label": f"{TITLE}: {int((counts > 0).sum()):,} of {counts.numel():,} pairs occur; the most frequent is "
        f"“{characters[first]}” followed by “{characters[then]}”, {int(counts.max()):,} times.{partly}",
    }
