"""Level lines with a name on each: what a curve is measured by. Names that would overlap stand side by side."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from mlp.plots.patches import number
from mlp.plots.theme import LIGHT

MAX_LEVELS = 7
DASHES = ("dash", "dot", "dashdot", "longdash", "longdashdot", "5px 9px", "2px 6px")
CLOSE = 0.055  # of the axis: lines nearer to one another than a name is high
COLUMNS = (1.0, 0.62, 0.3)  # shares of the width at which a name may end


def add(drawn: go.Figure, first: str = "") -> None:
    """Room for the lines in a chart, of which the first may have a name; `patches` brings them."""
    for index, dash in enumerate(DASHES):
        drawn.add_scatter(
            x=[], y=[], name="" if index else first, mode="lines+text", visible=False,
            line={"color": LIGHT["muted"], "width": 1.5, "dash": dash},
            hovertemplate="%{y:.4f}<extra>%{fullData.name}</extra>", showlegend=False, textposition="top left",
            textfont={"color": LIGHT["muted"], "size": 13},
        )  # fmt: skip


def patches(
    levels: Mapping[str, float],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    log_x: bool = False,
    log_y: bool = False,
    ends: Sequence[float] = (),
) -> list[dict[str, Any]]:
    """A line for each level that is a number, in nats, over `x` from left to right; `y` is the axis, bottom and top.

    `ends` are the losses at which other names stand at the right: a level's name makes room for one that is near.
    """
    known = {name: level for name, level in levels.items() if math.isfinite(level)}
    bottom, top = (height(end, log_y) for end in y)
    heights = {name: height(level, log_y) for name, level in known.items()}
    columns = _columns(heights, [height(end, log_y) for end in ends], CLOSE * (top - bottom))
    lines = [_line(name, level, x, COLUMNS[columns[name]], log_x) for name, level in known.items()]
    return [*lines, *[{"visible": False, "x": [], "y": []}] * MAX_LEVELS][:MAX_LEVELS]


def _line(name: str, level: float, x: tuple[float, float], share: float, log_x: bool) -> dict[str, Any]:
    """A line of three points, the name at the middle one."""
    left, right = x
    at = left * (right / left) ** share if log_x else left + share * (right - left)
    said = f"{name} = {level:.2f}"
    return {"visible": True, "x": [left, at, right], "y": [number(level)] * 3, "name": name, "text": ["", said, ""]}


def height(level: float, log_y: bool) -> float:
    """How high a loss stands on an axis, in the axis's own unit."""
    return math.log10(max(level, 1e-9)) if log_y else level


def _columns(heights: Mapping[str, float], ends: Sequence[float], close: float) -> dict[str, int]:
    """For each name the first column in which no name is close below it; the last one where there is none.

    In the first column the names at the ends of curves count, too; they stand a line above or below their curves.
    """
    placed: dict[str, int] = {}
    for name in sorted(heights, key=heights.__getitem__):
        taken = {placed[other] for other in placed if heights[name] - heights[other] < close}
        if any(abs(heights[name] - end) < 2 * close for end in ends):
            taken.add(0)
        placed[name] = next((column for column in range(len(COLUMNS)) if column not in taken), len(COLUMNS) - 1)
    return placed
