"""Whether the characters of a kind gather over the training: their neighbour purity beside what chance gives."""

from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.analysis.neighbours import NEAREST, Purity
from mlp.plots import over_steps
from mlp.plots.patches import Patch
from mlp.plots.theme import LIGHT, built_once

TITLE = "Do the vowels gather?"

LINES = (
    ("vowels among a vowel’s nearest", "vowel", 3, "solid"), ("beyond chance", "muted", 1.5, "dot"),
    ("chance", "muted", 1.5, "dash"),
)  # fmt: skip

Points = Sequence[tuple[int, Purity]]


@built_once
def figure() -> go.Figure:
    """The curve without its points; `update` brings them."""
    made = over_steps.empty(f"share of the {NEAREST} nearest", share=True)
    for name, colour, width, dash in LINES:
        made.add_scatter(
            x=[], y=[], name=name, mode="lines", line={"color": LIGHT[colour], "width": width, "dash": dash},
            hovertemplate="%{y:.0%}<extra>" + name + "</extra>",
        )  # fmt: skip
    return made


def update(points: Points, latest: int) -> Patch:
    """The curve as far as it is known; `latest` is the step that the axis must hold."""
    steps = [step for step, _ in points]
    columns = [[getattr(each, name) for _, each in points] for name in ("value", "likely", "chance")]
    return {
        "data": [over_steps.line(steps, column) for column in columns],
        "layout": over_steps.axis(latest),
        "label": f"{TITLE} {finding(points)}",
    }


def finding(points: Points) -> str:
    """The curve in words: how pure the neighbourhoods are now, whether that is more than chance, and since when."""
    if not points:
        return "There is nothing to compare: fewer than two trained vowels, or numbers that have overflowed."
    step, now = points[-1]
    said = (
        f"At step {step:,}, {now.value:.0%} of the {NEAREST} characters nearest to a vowel are vowels; by chance it "
        f"would be {now.chance:.0%}, and more than {now.likely:.0%} only once in 20 times."
    )
    if not step:
        return f"{said} But nothing is trained yet, so whatever this shows is luck."
    if not now.gathered:
        return f"{said} So the vowels have not gathered here, or not more than chance explains."
    since = step
    for earlier, purity in reversed(points):
        if not purity.gathered:
            break
        since = earlier
    when = f"since about step {since:,}" if since else "all along"
    return f"{said} So they have gathered, and that has been so {when}."
