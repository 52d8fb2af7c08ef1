"""How surprising a word is, letter by letter, to the network and to a bigram: the hotter, the more surprising."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.graphemes import clusters
from mlp.plots.patches import Patch, apply, number, short
from mlp.plots.theme import SEQUENTIAL, empty_figure, shown

TITLE = "Surprise, letter by letter"
ROWS = ("network", "bigram")
MAX_WITH_NUMBERS = 16
END = "end"


def figure(word: str, network: Sequence[float], bigram: Sequence[float], V: int) -> go.Figure:
    """Nats of each character of a word and of its end, for the network and for the bigram of V characters."""
    made = empty_figure(height=190, margin={"l": 76, "r": 16, "t": 30, "b": 12})
    made.update_layout(
        xaxis={"side": "top", "tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False,
               "tickfont": {"size": 18}},
        yaxis={"tickmode": "array", "tickvals": [0, 1], "ticktext": list(ROWS), "range": [1.5, -0.5],
               "showgrid": False, "zeroline": False},
    )  # fmt: skip
    made.add_heatmap(
        colorscale=SEQUENTIAL, xgap=2, ygap=2, showscale=False, hoverongaps=False, zmin=0,
        hovertemplate="%{customdata}: %{z:.4f} nats<extra></extra>", textfont={"size": 15},
    )  # fmt: skip
    return apply(made, update(word, network, bigram, V))


def update(word: str, network: Sequence[float], bigram: Sequence[float], V: int) -> Patch:
    """What to change for the numbers now. The scale ends at twice what a uniform guess is surprised by, 2 ln V."""
    names = [*(shown(character) for character in clusters(word)), END]
    places = list(range(len(names)))
    rows = [[number(nats) for nats in each] for each in (network, bigram)]
    return {
        "data": [
            {
                "z": rows, "x": places, "y": [0, 1], "zmax": 2 * math.log(V),
                "texttemplate": "%{z:.2f}" if len(names) <= MAX_WITH_NUMBERS else "",
                "customdata": [[f"{name}, {row}" for name in names] for row in ROWS],
            }
        ],
        "layout": {"xaxis.tickvals": places, "xaxis.ticktext": names, "xaxis.range": [-0.5, len(names) - 0.5]},
        "label": finding(word, network, bigram),
    }  # fmt: skip


def finding(word: str, network: Sequence[float], bigram: Sequence[float]) -> str:
    """The chart in words: the sums, who is less surprised, and by which character the network is surprised most."""
    ours, theirs = sum(network), sum(bigram)
    if not math.isfinite(ours):
        return f"{TITLE}: the network’s numbers have overflowed."
    most = max(range(len(network)), key=network.__getitem__)
    what = f"“{clusters(word)[most]}”" if most < len(network) - 1 else "its end"
    return (
        f"{TITLE}: “{word}” surprises the network by {short(ours)} nats in all and the bigram by {short(theirs)}; "
        f"what surprises the network most is {what}, with {short(network[most])} nats."
    )
