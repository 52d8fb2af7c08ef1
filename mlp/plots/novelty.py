"""Where generated names are from over the training: the share that is copied, and the share that is new."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from mlp.plots import over_steps
from mlp.plots.patches import Patch, apply
from mlp.plots.theme import LIGHT, built_once

LINES = {
    "new": ("new", "muted"), "none": ("empty or cut off", "line"), "held": ("in dev or test", "dev"),
    "train": ("in the training list", "train"),
}  # fmt: skip

Shares = Mapping[str, float]


def title(noun: str) -> str:
    """What the figure shows, of "names" or "words"."""
    return f"Where the generated {noun} are from"


@built_once
def figure(noun: str) -> go.Figure:
    """The curves without their points; `update` brings them."""
    made = over_steps.empty(f"share of the {noun}", share=True)
    for name, colour in LINES.values():
        made.add_scatter(
            x=[], y=[], name=name, mode="lines", line={"color": LIGHT[colour], "width": 3},
            hovertemplate="%{y:.0%}<extra>" + name + "</extra>",
        )  # fmt: skip
    return apply(made, update([], 0, 1, noun))


def update(points: Sequence[tuple[int, Shares]], count: int, latest: int, noun: str) -> Patch:
    """The curves as far as they are known.

    Args:
        points: (step, share of each origin of `mlp.analysis.novelty.ORIGINS`), in the order of the steps.
        count: how many words were generated at each. latest: the step that the axis must hold.
        noun: what these are, "names" or "words".
    """
    steps = [step for step, _ in points]
    columns = {
        "new": [shares["new"] + shares["unused"] for _, shares in points],
        "train": [shares["train"] for _, shares in points],
        "held": [shares["dev"] + shares["test"] for _, shares in points],
        "none": [shares["cut off"] + shares["empty"] for _, shares in points],
    }
    return {
        "data": [over_steps.line(steps, columns[name]) for name in LINES],
        "layout": over_steps.axis(latest),
        "label": _finding(points, count, noun),
    }


def _finding(points: Sequence[tuple[int, Shares]], count: int, noun: str) -> str:
    if not points:
        return f"{title(noun)}: not worked out yet."
    (first, before), (last, now) = points[0], points[-1]
    grown = f", {before['train']:.0%} at step {first:,}" if last > first else ""
    held = now["dev"] + now["test"]
    return (
        f"{title(noun)}: at step {last:,}, {now['train']:.0%} of {count} {noun} are in the training list{grown}; "
        f"{held:.0%} are in dev or test, which the network has never seen; {now['new'] + now['unused']:.0%} are new."
    )
