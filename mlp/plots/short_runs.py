"""Short runs side by side (`mlp.lessons.short_runs`): the loss of each as a curve, and a loss to compare with."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.lessons.short_runs import Curve
from mlp.plots.patches import Patch, apply, number, short
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure

TITLE = "Short runs side by side"
COLOURS = ("dev", "accent", "test", "vowel", "sign", "consonant", "good")
SPAN = 1.2  # nats above the lowest loss that the picture shows


def figure(curves: Sequence[Curve], steps: int, split: str, reference: tuple[str, float] | None = None) -> go.Figure:
    """At most seven curves over so many steps, losses of a split in nats; `reference` is a named loss, drawn dotted."""
    made = empty_figure(height=330, legend=LEGEND_ABOVE, margin={"t": 64})
    made.update_layout(
        xaxis={"title": {"text": "step"}, "range": [0, steps], "zeroline": False},
        yaxis={"title": {"text": f"{split} loss in nats"}, "zeroline": False},
    )
    for curve, colour in zip(curves, COLOURS, strict=False):
        hover = f"{curve.label}, step %{{x:,}}: %{{y:.4f}} nats<extra></extra>"
        line = {"color": LIGHT[colour], "width": 2}
        made.add_scatter(name=curve.label, mode="lines", line=line, hovertemplate=hover)
    if reference and math.isfinite(reference[1]):
        line = {"color": LIGHT["muted"], "width": 2, "dash": "dot"}
        made.add_scatter(
            name=reference[0], mode="lines", line=line,
            hovertemplate=f"{reference[0]}: %{{y:.4f}} nats<extra></extra>",
        )  # fmt: skip
    return apply(made, update(curves, steps, split, reference))


def update(curves: Sequence[Curve], steps: int, split: str, reference: tuple[str, float] | None = None) -> Patch:
    """What to change for the numbers now; the arguments are those of `figure`.

    Traces: the curves, then the reference where there is one.
    """
    compared = reference if reference and math.isfinite(reference[1]) else None
    lowest = [*(loss for curve in curves for loss in curve.losses), *([compared[1]] if compared else [])]
    bottom = min((loss for loss in lowest if math.isfinite(loss)), default=2.0)
    said = "; ".join(f"{curve.label} {short(curve.last)} nats" for curve in curves if curve.losses)
    return {
        "data": [
            *({"x": list(curve.steps), "y": [number(loss) for loss in curve.losses]} for curve in curves[:7]),
            *([{"x": [0, steps], "y": [compared[1]] * 2}] if compared else []),
        ],
        "layout": {"yaxis.range": [max(0.0, bottom - 0.1), bottom + SPAN]},
        "label": f"{TITLE}, the {split} loss over {steps:,} steps: {said or 'none has begun yet'}.",
    }
