"""What follows one context in the training words, beside what the network now expects to follow it."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.lessons.examples import Followed
from mlp.plots.patches import Patch, apply, numbers
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, blank, shown

TITLE = "What follows this context"
MOST = 40


def figure(followed: Followed, logits: Tensor, characters: tuple[str, ...]) -> go.Figure:
    """Shares of the training examples beside the network's probabilities.

    Args:
        followed: the counts of the context (`mlp.lessons.examples.followers`).
        logits: (V,) the network's, for this context.
        characters: those of the vocabulary, in its order.
    """
    made = blank(height=340, bargap=0.2, legend=LEGEND_ABOVE)
    made.update_layout(
        margin_t=40,
        xaxis={"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "share"}, "range": [0, 1], "tickformat": ".0%"},
    )
    hover = "%{customdata}: %{y:.1%}<extra></extra>"
    for name, colour in (("in the training examples", "accent"), ("expected by the network now", "consonant")):
        made.add_bar(name=name, marker={"color": LIGHT[colour]}, hovertemplate=hover)
    return apply(made, update(followed, logits, characters))


def update(followed: Followed, logits: Tensor, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now. First come the characters that do follow, then the others, 40 at most."""
    counts = dict(followed.counts)
    rest = [character for character in characters if character not in counts]
    kept = [*counts, *rest][:MOST]
    place = {character: i for i, character in enumerate(characters)}
    expected = torch.softmax(logits, 0)[[place[character] for character in kept]]
    labels = [shown(character) for character in kept]
    shares = [counts.get(character, 0) / max(1, followed.total) for character in kept]
    places = list(range(len(kept)))
    said = (
        f"after “{followed.context}”, met {followed.total:,} times, come {len(counts)} different characters, "
        f"most often “{kept[0]}” ({shares[0]:.0%})"
        if counts
        else f"“{followed.context}” does not occur in the training examples"
    )
    return {
        "data": [
            {"x": places, "y": shares, "customdata": labels},
            {"x": places, "y": numbers(expected), "customdata": labels},
        ],
        "layout": {"xaxis.tickvals": places, "xaxis.ticktext": labels, "xaxis.range": [-0.6, len(kept) - 0.4]},
        "label": f"{TITLE}: {said}.",
    }
