"""Whether the characters of a kind gather over the training: their neighbour purity beside what chance gives."""

from collections.abc import Sequence

import plotly.graph_objects as go

from mlp.analysis.neighbours import NEAREST, Purity
from mlp.plots.loss import x_span
from mlp.plots.patches import Patch, line_mode
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, empty_figure

TITLE = "Do the vowels gather?"

Points = Sequence[tuple[int, Purity]]


def figure(height: int = 330) -> go.Figure:
    """The curve without its points; `update` brings them."""
    made = empty_figure(height, legend=LEGEND_ABOVE, margin_t=36, hovermode="x unified")
    made.add_scatter(
        x=[], y=[], name="vowels among a vowel’s nearest", mode="lines", line={"color": LIGHT["vowel"], "width": 3},
        hovertemplate="%{y:.0%}<extra>vowels</extra>",
    )  # fmt: skip
    made.add_scatter(
        x=[], y=[], name="beyond chance", mode="lines", line={"color": LIGHT["muted"], "width": 1.5, "dash": "dot"},
        hovertemplate="%{y:.0%}<extra>beyond chance</extra>",
    )  # fmt: skip
    made.add_scatter(
        x=[], y=[], name="chance", mode="lines", line={"color": LIGHT["muted"], "width": 1.5, "dash": "dash"},
        hovertemplate="%{y:.0%}<extra>chance</extra>",
    )  # fmt: skip
    made.update_xaxes(title="step", hoverformat=",")
    made.update_yaxes(title=f"share of the {NEAREST} nearest", range=[-0.02, 1.02], tickformat=".0%")
    return made


def update(points: Points, latest: int) -> Patch:
    """The curve as far as it is known; `latest` is the step that the axis must hold."""
    steps = [step for step, _ in points]
    columns = [
        [each.value for _, each in points],
        [each.likely for _, each in points],
        [each.chance for _, each in points],
    ]
    return {
        "data": [{"x": steps, "y": list(column), "mode": line_mode(steps)} for column in columns],
        "layout": {"xaxis.range": list(x_span(latest, log_x=False))},
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
    return (
        f"{said} So they have gathered, and that has been so {f'since about step {since:,}' if since else 'all along'}."
    )
