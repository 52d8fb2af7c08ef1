"""What follows one context in the training words, beside what the network now predicts."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.lessons.examples import Followed
from mlp.plots.patches import Patch, apply, numbers
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure, shown

TITLE = "What follows this context"
MAX_BARS = 40


def figure(followed: Followed, logits: Tensor, characters: tuple[str, ...]) -> go.Figure:
    """Fractions of the training examples beside the network's probabilities.

    Args:
        followed: the counts of the context (`mlp.lessons.examples.followers`).
        logits: (V,) the network's, for this context.
        characters: those of the vocabulary, in its order.
    """
    made = empty_figure(height=340, bargap=0.2, legend=LEGEND_ABOVE)
    made.update_layout(
        margin={"t": 40},
        xaxis={"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": "fraction"}, "range": [0, 1], "tickformat": ".0%"},
    )
    hover = "%{customdata}: %{y:.1%}<extra></extra>"
    for name, colour in (("in the training examples", "accent"), ("predicted by the network", "consonant")):
        made.add_bar(name=name, marker={"color": LIGHT[colour]}, hovertemplate=hover)
    return apply(made, update(followed, logits, characters))


def update(followed: Followed, logits: Tensor, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now. First come the characters that do follow, then the others, 40 at most."""
    counts = dict(followed.counts)
    rest = [character for character in characters if character not in counts]
    kept = [*counts, *rest][:MAX_BARS]
    place = {character: i for i, character in enumerate(characters)}
    predicted = torch.softmax(logits, 0)[[place[character] for character in kept]]
    labels = [shown(character) for character in kept]
    fractions = [counts.get(character, 0) / max(1, followed.total) for character in kept]
    places = list(range(len(kept)))
    return {
        "data": [
            {"x": places, "y": fractions, "customdata": labels},
            {"x": places, "y": numbers(predicted), "customdata": labels},
        ],
        "layout": {"xaxis.tickvals": places, "xaxis.ticktext": labels, "xaxis.range": [-0.6, len(kept) - 0.4]},
        "label": f"{TITLE}: {_in_words(followed)}.",
    }


def _in_words(followed: Followed) -> str:
    """The most frequent of what follows, for the label."""
    if not followed.counts:
        return f"“{followed.context}” does not occur in the training examples"
    (best, count), kinds = followed.counts[0], len(followed.counts)
    times = "once" if followed.total == 1 else f"{followed.total:,} times"
    if kinds == 1:
        return f"after “{followed.context}” ({times}) comes only “{best}”"
    most = f"most often “{best}” ({count / followed.total:.0%})"
    return f"after “{followed.context}” ({times}) come {kinds} different characters, {most}"
