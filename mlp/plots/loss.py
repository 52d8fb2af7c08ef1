"""The loss curve: train and dev over the steps, the batch loss as a faint trace, and what gives their numbers meaning.

That is the loss of a uniform guess, and, where asked for: counting models, the lowest possible train loss, the best
step, and the curves of pinned runs.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import plotly.graph_objects as go

from mlp.engine.snapshot import Curve
from mlp.plots import changes, compare, levels
from mlp.plots.patches import each_number, number
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, built_once, empty_figure
from mlp.training.curves import best_step
from mlp.training.history import Change

TITLE = "Loss curve"
BEST = "best dev"
TURN = "turn of the smoothed dev loss"
GUESS = "uniform guess"  # what the first level is called until it has its loss
HERE = "the step that is shown"
ENDING = "where the curve has come to"
OF_ONE_RUN = ("batch", "train", "dev", BEST, TURN, GUESS)
ENDS = 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0  # times a power of ten, where the axis of the steps may end
ROOM = 0.03  # of the axis, at each of its ends
FAR = 1e6  # nats: what lies beyond is not drawn
APART = 0.06  # of the axis: two names at the ends of the curves that are nearer would meet
EARLY, LATE = 0.12, 0.8  # a best step before or after these shares of the axis has its number where there is room


@dataclass(frozen=True)
class Extras:
    """What a reader may add to the curve.

    `references` are losses by name; `ghosts` pinned runs; `words` names the current run's word list, and `dev_words`
    are those that its dev loss is measured on, so that the axis can say so where a ghost has others. `turn` is the step
    from which on the smoothed dev loss has risen, where it has (`mlp.diagnose`). `changes` are the settings that were
    changed on the way. `here` is the step that the reader looks at, where that is an earlier one.
    """

    log_x: bool = False
    log_y: bool = False
    references: Mapping[str, float] = field(default_factory=dict)
    ghosts: Sequence[compare.Line] = ()
    words: str = ""
    dev_words: tuple[str, ...] = ()
    turn: int | None = None
    changes: Sequence[Change] = ()
    here: int | None = None


@built_once
def figure(height: int = 430) -> go.Figure:
    """The curve without its points; `update` brings them."""
    drawn = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 34, "r": 52}, hovermode="x unified")
    faint = {"color": LIGHT["batch"], "width": 1}
    hover = "%{y:.4f}<extra>%{fullData.name}</extra>"
    drawn.add_scatter(x=[], y=[], name="batch", mode="lines", line=faint, hovertemplate=hover, connectgaps=True)
    for split in ("train", "dev"):
        drawn.add_scatter(
            x=[], y=[], customdata=[], name=split, mode="lines", line={"color": LIGHT[split], "width": 3},
            hovertemplate="%{y:.4f} at epoch %{customdata:.2f}<extra>" + split + "</extra>", connectgaps=True,
            showlegend=False,
        )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], name=BEST, mode="markers+text", hovertemplate=hover, visible=False, showlegend=False,
        textposition="bottom center", textfont={"color": LIGHT["dev"], "size": 14},
        marker={"symbol": "star", "size": 15, "color": LIGHT["good"], "line": {"color": LIGHT["paper"], "width": 1.5}},
    )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], name=TURN, mode="markers+text", hovertemplate=hover, visible=False, showlegend=False,
        textposition="top center", textfont={"color": LIGHT["dev"], "size": 14},
        marker={"symbol": "triangle-up", "size": 13, "color": LIGHT["dev"]},
    )  # fmt: skip
    changes.add(drawn)
    levels.add(drawn, first=GUESS)
    compare.add_ghosts(drawn)
    drawn.add_scatter(
        x=[], y=[], name=HERE, mode="lines", visible=False, showlegend=False, hoverinfo="skip",
        line={"color": LIGHT["accent"], "width": 2.5},
    )  # fmt: skip
    for split in ("train", "dev"):
        drawn.add_scatter(
            x=[], y=[], text=[split], name=ENDING, mode="markers+text", visible=False, showlegend=False,
            textfont={"color": LIGHT[split], "size": 15}, marker={"color": LIGHT[split], "size": 8}, cliponaxis=False,
            hoverinfo="skip",
        )  # fmt: skip
    drawn.update_xaxes(title_text="step", hoverformat=",")
    drawn.update_yaxes(title_text="loss in nats")
    return drawn


def update(
    curve: Curve, vocabulary_size: int, step: int, batch_loss: float = math.nan, extras: Extras | None = None
) -> dict[str, Any]:
    """The curve as far as it is known now, up to `step`, whose own batch lost `batch_loss` nats."""
    extras = extras or Extras()
    steps, epochs = list(curve.steps), list(curve.epochs)
    batch_steps, batch = list(steps), each_number(curve.batch)
    if step > steps[-1]:
        batch_steps.append(step)
        batch.append(number(batch_loss))
    chance = math.log(vocabulary_size)
    references = {f"uniform guess, ln {vocabulary_size}": chance, **extras.references}
    top, bottom = y_range(curve, chance, [*references.values(), *_ends(extras.ghosts)])
    span = x_span(max([step, *(ghost.steps[-1] for ghost in extras.ghosts if ghost.steps)]), log_x=extras.log_x)
    data = [
        {"x": batch_steps, "y": batch},
        {"x": steps, "y": each_number(curve.train), "customdata": epochs},
        {"x": steps, "y": each_number(curve.dev), "customdata": epochs},
        _best(curve, span, extras.log_x),
        _turn(curve, extras.turn),
        *changes.patches(extras.changes, span, (bottom, top), log_x=extras.log_x),
        *levels.patches(
            references, span, (bottom, top), log_x=extras.log_x, log_y=extras.log_y, ends=_at_the_right(curve, span)
        ),
        *compare.ghost_patches(extras.ghosts),
        _here(extras.here, (bottom, top)),
        *_endings(curve, (bottom, top), extras.log_y),
    ]
    layout = {
        "xaxis.type": "log" if extras.log_x else "linear",
        "xaxis.range": _padded(span, log_x=extras.log_x),
        "yaxis.type": "log" if extras.log_y else "linear",
        "yaxis.range": [math.log10(bottom), math.log10(top)] if extras.log_y else [bottom, top],
        "yaxis.title.text": compare.axis_title(
            [*((ghost.words, ghost.dev_words) for ghost in extras.ghosts), (extras.words, extras.dev_words)]
        ),
    }
    label = text_alternative(curve, vocabulary_size, step) + "".join(
        f" Changed at {changes.sentence(change)}." for change in extras.changes[-3:]
    )
    return {"data": data, "layout": layout, "label": label}


def _best(curve: Curve, span: tuple[float, float], log_x: bool) -> dict[str, Any]:
    """The star on the dev curve, once it has come past its lowest point."""
    best, last = best_step(curve.steps, curve.dev), _last(curve.steps, curve.dev)
    if not best or last is None or last[0] == best:
        return {"visible": False, "x": [], "y": []}
    loss = curve.dev[curve.steps.index(best)]
    left, right = (math.log(end) for end in span) if log_x else span
    along = ((math.log(best) if log_x else best) - left) / (right - left)
    side = "left" if along > LATE else "right" if along < EARLY else "center"
    return {
        "visible": True, "x": [best], "y": [number(loss)], "name": BEST, "text": [f"best {loss:.3f}"],
        "textposition": f"bottom {side}",
    }  # fmt: skip


def _turn(curve: Curve, turn: int | None) -> dict[str, Any]:
    """The mark on the dev curve from which on it rises, as the verdict says; where the best step is, is chance."""
    known = [loss for loss in curve.dev[: bisect_right(curve.steps, turn or -1)] if math.isfinite(loss)]
    if not known:
        return {"visible": False, "x": [], "y": []}
    return {"visible": True, "x": [turn], "y": [number(known[-1])], "text": ["turns up"]}


def _here(step: int | None, y: tuple[float, float]) -> dict[str, Any]:
    """The line at the step that the reader looks at."""
    if step is None:
        return {"visible": False, "x": [], "y": []}
    return {"visible": True, "x": [step, step], "y": list(y)}


def _endings(curve: Curve, y: tuple[float, float], log_y: bool) -> list[dict[str, Any]]:
    """A dot and a name where the train and the dev curve have come to; two names that would meet stand apart."""
    last = [_last(curve.steps, losses) for losses in (curve.train, curve.dev)]
    bottom, top = (levels.height(end, log_y) for end in y)
    heights = [levels.height(each[1], log_y) for each in last if each]
    close = len(heights) == 2 and abs(heights[0] - heights[1]) < APART * (top - bottom)
    upper = close and heights[0] > heights[1]
    above = "middle right" if heights and max(heights) > top - APART * (top - bottom) else "top right"
    sides = (above, "bottom right") if upper else ("bottom right", above)
    return [
        {"visible": True, "x": [end[0]], "y": [number(end[1])], "textposition": side if close else "middle right"}
        if end and bottom <= levels.height(end[1], log_y) <= top
        else {"visible": False, "x": [], "y": []}
        for end, side in zip(last, sides, strict=True)
    ]


def _at_the_right(curve: Curve, span: tuple[float, float]) -> list[float]:
    """Where the train and the dev curve have come to, if that is in the right half of the chart."""
    last = (_last(curve.steps, losses) for losses in (curve.train, curve.dev))
    return [end[1] for end in last if end and end[0] > sum(span) / 2]


def _last(steps: Sequence[int], losses: Sequence[float]) -> tuple[int, float] | None:
    """The last step of which a loss is known, and that loss."""
    known = next((i for i in reversed(range(len(steps))) if math.isfinite(losses[i])), None)
    return None if known is None else (steps[known], losses[known])


def _ends(ghosts: Sequence[compare.Line]) -> list[float]:
    """Where the pinned runs came to, so that the chart shows it."""
    return [loss for ghost in ghosts for loss in (*ghost.train[-1:], *ghost.dev[-1:]) if math.isfinite(loss)]


def x_span(step: int, *, log_x: bool) -> tuple[float, float]:
    """The steps that the chart shows, the last on a coarse grid, so that the axis seldom moves."""
    power = 10 ** (len(str(step)) - 1)
    last = next(power * end for end in (*ENDS, 10) if power * end >= step)
    return (1.0 if log_x else 0.0), max(10.0, last)


def _padded(span: tuple[float, float], *, log_x: bool) -> list[float]:
    """The axis of a span, with room at its ends for the marks there."""
    left, right = (math.log10(end) for end in span) if log_x else span
    room = ROOM * (right - left)
    return [left - room, right + room]


def y_range(curve: Curve, chance: float, also: Sequence[float] = ()) -> tuple[float, float]:
    """The losses that the chart shows, top and bottom, on a coarse grid so that the axis seldom moves.

    Once the network is better than chance, its first losses (near 17 with N(0, 1) weights) would squeeze the rest
    into a line: the picture then begins just above chance. Double-click shows everything.
    """
    half, losses = len(curve.steps) // 2, _finite(curve.train, curve.dev)
    shown = [loss for loss in also if math.isfinite(loss)]
    if not losses:
        return 1.3 * max(chance, *shown, 0), 0.1
    last = _last(curve.steps, curve.train)
    latest = last[1] if last else losses[-1]
    recent = filter(FAR.__gt__, _finite(curve.train[half:], curve.dev[half:]))
    high = max(losses) if latest > chance else max(1.15 * chance, 1.05 * max(recent, default=0.0))
    low = min(min(losses), *shown, math.inf)
    return math.ceil(2 * min(max(high, *shown, 0), FAR)) / 2, max(0.05, math.floor(4 * (low - 0.1)) / 4)


def _finite(*losses: Sequence[float]) -> list[float]:
    return list(filter(math.isfinite, chain(*losses)))


def text_alternative(curve: Curve, vocabulary_size: int, step: int) -> str:
    """The curve in words: the latest losses, the best dev loss, and that of a uniform guess."""
    last, best = _last(curve.steps, curve.train), best_step(curve.steps, curve.dev)
    start = f"{TITLE} at step {step:,}: "
    guess = f"A uniform guess has a loss of {math.log(vocabulary_size):.3f}."
    if last is None:
        return f"{start}no losses yet. {guess}"
    at, train = last
    then = "" if at == step else f"known last at step {at:,}: "
    text = f"{start}{then}train loss {train:.3f}"
    if best is not None:
        dev, lowest = (curve.dev[curve.steps.index(place)] for place in (at, best))
        text += f", dev loss {dev:.3f}; lowest dev loss {lowest:.3f} at step {best:,}"
    return f"{text}. {guess}"
