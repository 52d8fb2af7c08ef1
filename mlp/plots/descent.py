"""Two training runs from the same network: with the old gradients cleared before each step, and without."""

import math

import plotly.graph_objects as go

from mlp.lessons.descent import Descent
from mlp.plots.patches import Patch, apply, number, short
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure

TITLE = "The next steps, with and without clearing p.grad"
TOPS = tuple(lead * 10.0**power for power in range(9) for lead in (1, 2, 5))  # few, so that the scale seldom changes


def figure(found: Descent) -> go.Figure:
    """The loss of each step's batch, both ways."""
    made = empty_figure(height=330, legend=LEGEND_ABOVE, margin={"t": 36})
    made.update_layout(
        xaxis={"title": {"text": "steps from now"}, "zeroline": False}, yaxis={"title": {"text": "loss of the batch"}}
    )
    for name, colour, dash in (("cleared", "accent", "solid"), ("not cleared", "bad", "dash")):
        hover = f"{name}, step %{{x}}: %{{y:.4f}} nats<extra></extra>"
        line = {"color": LIGHT[colour], "width": 2, "dash": dash}
        made.add_scatter(name=name, mode="lines", line=line, hovertemplate=hover)
    return apply(made, update(found))


def update(found: Descent, shown: int | None = None) -> Patch:
    """What to change for the numbers now. Traces: gradients cleared, gradients piled up; of each the first `shown`."""
    if shown is not None and shown < len(found.cleared):
        return _begun(found, max(1, shown))
    ways = found.cleared, found.piled_up
    highest = max((loss for losses in ways for loss in losses if math.isfinite(loss)), default=1.0)
    steps = list(range(len(found.cleared)))
    return {
        "data": [{"x": steps, "y": [number(loss) for loss in losses]} for losses in ways],
        "layout": {
            "xaxis.range": [0, max(1, len(steps) - 1)],
            "yaxis.range": [0, next((top for top in TOPS if highest <= top), 1.05 * highest)],
        },
        "label": f"{TITLE}: the loss of the batch begins at {short(ways[0][0])} nats; after {len(steps) - 1} steps it "
        f"is {short(ways[0][-1])} with clearing and {short(ways[1][-1])} without.",
    }


def _begun(found: Descent, shown: int) -> Patch:
    """The first so many steps, with room for the others."""
    whole, begun = update(found), found.first(shown)
    return {
        "data": [
            {"x": list(range(shown)), "y": [number(loss) for loss in losses]}
            for losses in (begun.cleared, begun.piled_up)
        ],
        "layout": whole["layout"],
        "label": f"{TITLE}: the first {shown} of {len(found.cleared)} steps; the loss of the batch is now "
        f"{short(begun.cleared[-1])} nats with clearing and {short(begun.piled_up[-1])} without.",
    }
