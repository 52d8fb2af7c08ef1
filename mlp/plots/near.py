"""How far the characters that are nearest to one now have been from it over the training."""

from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.plots import over_steps
from mlp.plots.patches import Patch, each_number, short
from mlp.plots.theme import LIGHT, built_once, shown

TITLE = "Distances over the training"
COLOURS = ("accent", "train", "dev", "test")


@built_once
def figure() -> go.Figure:
    """The lines without their points; `update` brings them."""
    made = over_steps.empty("distance", height=300)
    for colour in COLOURS:
        made.add_scatter(
            x=[], y=[], mode="lines", line={"color": LIGHT[colour], "width": 2.5}, connectgaps=True,
            hovertemplate="%{y:.3f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    made.update_yaxes(rangemode="tozero")
    return made


def update(character: str, steps: Sequence[int], lines: Sequence[tuple[str, Sequence[float]]], latest: int) -> Patch:
    """The lines of up to four neighbours, the nearest first: (character, its distance at each of `steps`)."""
    data: list[Patch] = [
        {**over_steps.line(steps, each_number(line)), "name": f"to {shown(name)}", "visible": True}
        for name, line in lines
    ]
    data += [{"x": [], "y": [], "visible": False}] * (len(COLOURS) - len(lines))
    said = ", ".join(
        f"“{name}” {short(line[-1])} (at step {steps[0]:,}: {short(line[0])})" for name, line in lines if line
    )
    return {
        "data": data,
        "layout": over_steps.axis(latest),
        "label": f"{TITLE}: nearest to “{character}” at step {steps[-1]:,} are {said}." if steps else f"{TITLE}: none.",
    }
