"""The loss curve: train and dev over the steps, the batch loss as a faint trace, and what a random guess would lose."""

import math
from typing import Any

import plotly.graph_objects as go

from mlp.plots.theme import LIGHT, blank
from mlp.snapshot import Curve

TITLE = "Loss curve"


def figure(height: int = 460) -> go.Figure:
    """The curve without its points; `update` brings them."""
    drawn = blank(
        height, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}, margin_t=34, hovermode="x unified"
    )
    hover = "%{y:.4f}<extra>%{fullData.name}</extra>"
    faint = {"color": LIGHT["line"], "width": 1}
    drawn.add_scatter(x=[], y=[], name="batch", mode="lines", line=faint, hovertemplate=hover, connectgaps=True)
    for split in ("train", "dev"):
        drawn.add_scatter(
            x=[], y=[], customdata=[], name=split, mode="lines", line={"color": LIGHT[split], "width": 3},
            hovertemplate="%{y:.4f} at epoch %{customdata:.2f}<extra>" + split + "</extra>", connectgaps=True,
        )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], name="random guess", mode="lines", line={"color": LIGHT["muted"], "width": 1.5, "dash": "dash"},
        hovertemplate=hover,
    )  # fmt: skip
    drawn.update_xaxes(title="step", hoverformat=",")
    drawn.update_yaxes(title="loss in nats")
    return drawn


def update(
    curve: Curve,
    vocabulary_size: int,
    step: int,
    *,
    log_x: bool = False,
    log_y: bool = False,
    batch_loss: float = math.nan,
) -> dict[str, Any]:
    """The curve as far as it is known now, up to `step`."""
    steps, epochs = list(curve.steps), list(curve.epochs)
    batch_steps, batch = list(steps), [number(loss) for loss in curve.batch]
    if step > steps[-1]:
        batch_steps.append(step)
        batch.append(number(batch_loss))
    chance = math.log(vocabulary_size)
    guess = f"random guess, ln {vocabulary_size} = {chance:.2f}"
    data = [
        {"x": batch_steps, "y": batch},
        {"x": steps, "y": [number(loss) for loss in curve.train], "customdata": epochs},
        {"x": steps, "y": [number(loss) for loss in curve.dev], "customdata": epochs},
        {"x": [1 if log_x else 0, max(step, 1)], "y": [chance, chance], "name": guess},
    ]
    layout: dict[str, Any] = {"xaxis.type": "log" if log_x else "linear", "yaxis.type": "log" if log_y else "linear"}
    top, bottom = y_range(curve, chance)
    layout["yaxis.range"] = [math.log10(bottom), math.log10(top)] if log_y else [bottom, top]
    return {"data": data, "layout": layout, "label": text_alternative(curve, vocabulary_size, step)}


def y_range(curve: Curve, chance: float) -> tuple[float, float]:
    """The losses that the chart shows, top and bottom, on a coarse grid so that the axis seldom moves.

    Once the network is better than chance, its first losses (near 17 with N(0, 1) weights) would squeeze the rest
    into a line: the picture then begins just above chance. Double-click shows everything.
    """
    losses = [loss for loss in (*curve.train, *curve.dev) if math.isfinite(loss)]
    if not losses:
        return 1.3 * chance, 0.1
    latest = next(loss for loss in reversed(curve.train) if math.isfinite(loss))
    half = len(curve.dev) // 2
    recent = [loss for loss in (*curve.dev[half:], *curve.train[half:]) if math.isfinite(loss)]
    high = max(losses) if latest > chance else max(1.15 * chance, *(1.05 * loss for loss in recent if loss < 1e6), 0)
    return math.ceil(2 * min(high, 1e6)) / 2, max(0.05, math.floor(4 * (min(losses) - 0.1)) / 4)


def number(value: float) -> float | None:
    """A loss for the chart, to five digits; None where it is not a finite number."""
    return float(f"{value:.5g}") if math.isfinite(value) else None


def text_alternative(curve: Curve, vocabulary_size: int, step: int) -> str:
    """The curve in words: the latest losses, the best dev loss, and the random guess."""
    known = [i for i, loss in enumerate(curve.train) if math.isfinite(loss)]
    start = f"{TITLE} at step {step:,}: "
    guess = f"A random guess loses {math.log(vocabulary_size):.3f}."
    if not known:
        return f"{start}no losses yet. {guess}"
    i = known[-1]
    text = f"{start}train loss {curve.train[i]:.3f}"
    tried = [j for j in known if math.isfinite(curve.dev[j])]
    if tried:
        best = min(tried, key=lambda j: curve.dev[j])
        text += f", dev loss {curve.dev[i]:.3f}; lowest dev loss {curve.dev[best]:.3f} at step {curve.steps[best]:,}"
    return f"{text}. {guess}"
