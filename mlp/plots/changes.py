"""Marks on a curve for settings that were changed while the run went on: a line at the step, and what was changed."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from mlp.plots.theme import LIGHT
from mlp.settings import in_words
from mlp.training.history import Change

NAME = "settings changed"
CLOSE = 0.02  # of the axis: changes of the same settings nearer than this are one drag of a slider
MAX_NAMED = 8  # more marks than these have their names in the hover text alone


def add(drawn: go.Figure) -> None:
    """Room for the marks in a chart; `patches` brings them."""
    drawn.add_scatter(
        x=[], y=[], name=NAME, mode="lines", visible=False, showlegend=False,
        hovertemplate="%{customdata}<extra></extra>", line={"color": LIGHT["muted"], "width": 1.2, "dash": "dot"},
    )  # fmt: skip
    drawn.add_scatter(  # for themselves: where some points of a trace have no text, Plotly loses that of others
        x=[], y=[], text=[], name=NAME, mode="text", visible=False, showlegend=False, textposition="top right",
        textfont={"color": LIGHT["muted"], "size": 12}, hoverinfo="skip",
    )  # fmt: skip


def patches(
    changes: Sequence[Change], x: tuple[float, float], y: tuple[float, float], *, log_x: bool
) -> list[dict[str, Any]]:
    """A line for each change, or drag of changes, from the bottom to the top of the axis `y`; `x` is the other axis."""
    marks = _drags(changes, x, log_x)
    if not marks:
        none: dict[str, Any] = {"visible": False, "x": [], "y": []}
        return [{**none, "customdata": []}, {**none, "text": []}]
    bottom, top = y
    named = [sentence(mark) for mark in marks]
    lines = {
        "visible": True,
        "x": [place for mark in marks for place in (mark.step, mark.step, None)],
        "y": [bottom, top, None] * len(marks),
        "customdata": [text for name in named for text in (name, name, "")],
    }
    labelled = marks if len(marks) <= MAX_NAMED else []
    labels = {
        "visible": True,
        "x": [mark.step for mark in labelled],
        "y": [bottom] * len(labelled),
        "text": [_label(mark) for mark in labelled],
    }
    return [lines, labels]


def sentence(change: Change) -> str:
    """What was changed, and when."""
    return f"step {change.step:,}: {_label(change)}"


def _label(change: Change) -> str:
    return in_words(change.settings)


def _drags(changes: Sequence[Change], x: tuple[float, float], log_x: bool) -> list[Change]:
    """The changes, of which those of one drag are one, at its last step and with its last value."""
    left, right = (math.log(end) for end in x) if log_x else x
    kept: list[Change] = []
    for change in changes:
        place = math.log(change.step) if log_x else change.step
        if kept and kept[-1].settings.keys() == change.settings.keys():
            last = math.log(kept[-1].step) if log_x else kept[-1].step
            if place - last < CLOSE * (right - left):
                kept.pop()
        kept.append(change)
    return kept
