"""The embedding plot with an arrow on each character: how the next step moves it."""

import math

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from mlp.plots import embedding
from mlp.plots.patches import Patch, apply, numbers, short
from mlp.plots.patches import reach as largest
from mlp.plots.theme import LIGHT, empty_figure, shown

TITLE = "How the next step moves each embedding"
PLOT = 1000, 500  # pixels, nearly
LONGEST = 0.12  # of the map's width or height
FACTORS = tuple(round(lead * 10.0**power, 4) for power in range(-3, 5) for lead in (1, 2, 5))


def figure(before: Tensor, move: Tensor, characters: tuple[str, ...], reach: np.ndarray) -> go.Figure:
    """The map.

    Args:
        before: (V, embedding_dim), the lookup table C; of more than two dimensions the first two are drawn, and of a
            single one each character gets a line of its own. move: (V, embedding_dim), what the step adds to it.
        characters: those of the vocabulary, V of them. reach: what the axes hold (`stable_range`).

    Arrows too short to see, or too long for the map, are drawn longer or shorter, by a round factor that the label
    states.
    """
    made = empty_figure(height=600, showlegend=False)
    flat = before.shape[1] == 1
    first, second = embedding.axis_titles(min(2, before.shape[1]), None)
    of = f" of {before.shape[1]}" if before.shape[1] > 2 else ""
    made.update_layout(
        xaxis={"zeroline": True, "title": {"text": first + of}},
        yaxis={"zeroline": not flat, "showgrid": not flat, "title": {"text": second + of}},
    )
    if flat:
        names = [shown(character) for character in characters]
        made.update_yaxes(tickmode="array", tickfont={"size": 12}, tickvals=list(range(len(names))), ticktext=names)
    arrow = {"symbol": "arrow", "angleref": "previous", "color": LIGHT["accent"], "opacity": 1, "line": {"width": 0}}
    line = {"color": LIGHT["accent"], "width": 2.5}
    made.add_scatter(mode="lines+markers", line=line, marker=arrow, hoverinfo="skip", cliponaxis=False)
    place, way = "%{x:.3f}", "%{customdata[0]}"
    if not flat:
        place, way = f"({place}, %{{y:.3f}})", f"({way}, %{{customdata[1]}})"
    made.add_scatter(
        mode="markers" if flat else "markers+text",
        marker={"size": 7, "line": {"width": 0}},
        textfont={"size": 16},
        textposition="top center",
        hovertemplate=f"<b>%{{text}}</b>  {place}<br>moves by {way}<extra></extra>",
    )
    return apply(made, update(before, move, characters, reach))


def update(before: Tensor, move: Tensor, characters: tuple[str, ...], reach: np.ndarray) -> Patch:
    """What to change for the numbers now. Traces: arrows, characters."""
    times = magnification(move, reach)
    moving = move.any(1).tolist()
    x_range, y_range = _ranges(reach) if before.shape[1] > 1 else (*_ranges(reach), [len(before) - 0.2, -0.8])
    starts, tips = _points(before), _points(before + times * move)
    arrows = [(start, tip) for start, tip, moves in zip(starts, tips, moving, strict=True) if moves and times]
    dots = [LIGHT["accent" if moves else "line"] for moves in moving]
    letters = [LIGHT["ink" if moves else "muted"] for moves in moving]
    farthest = move.norm(dim=1).max().item()
    return {
        "data": [
            {
                "x": [x for start, tip in arrows for x in (start[0], tip[0], None)],
                "y": [y for start, tip in arrows for y in (start[1], tip[1], None)],
                "marker": {
                    "size": [size for start, tip in arrows for size in (0, _head(start, tip, x_range, y_range), 0)]
                },
            },
            {
                "x": [start[0] for start in starts],
                "y": [start[1] for start in starts],
                "text": [shown(character) for character in characters],
                "customdata": numbers(move[:, :2]),
                "marker": {"color": dots},
                "textfont": {"color": letters},
            },
        ],
        "layout": {"xaxis.range": x_range, "yaxis.range": y_range},
        "label": f"{TITLE}: {sum(moving)} of {len(before)} embeddings move, the farthest by {short(farthest)}; "
        f"arrow length: {drawn(times)}.",
    }


def stable_range(C: Tensor, reach: np.ndarray | None = None) -> np.ndarray:
    """The lowest and highest coordinates to draw the map for, in the dimensions drawn: (2, 2), of a single one (2, 1).

    The `reach` that it was drawn for before stays as long as C (V, embedding_dim) lies well within it and fills half.
    """
    extent = embedding.extent(C[:, :2].numpy())
    return embedding.stable_range(extent, reach, padding=0.15, edge=0.03)  # room for letters


def magnification(move: Tensor, reach: np.ndarray) -> float:
    """1, 2, 5, 10, … or 0.5, 0.2, 0.1, …: the largest for which no arrow is longer than 12 % of the map.

    0 where even a thousandth is too long, as after divergence: then no arrow is drawn.
    """
    share = max(
        largest(move[:, axis]) / (high - low) if move[:, axis].any() else 0.0
        for axis, (low, high) in enumerate(_ranges(reach))
    )
    if not share:
        return 1.0
    return max((factor for factor in FACTORS if factor * share <= LONGEST), default=0.0)


def drawn(times: float) -> str:
    """How long the arrows are, in words."""
    if not times:
        return "none drawn: the step is too long for the plot"
    return "to scale" if times == 1 else f"magnified {times:,g}×" if times > 1 else f"scaled down to {times:g}×"


def _head(start: list[float | None], tip: list[float | None], *ranges: list[float]) -> float:
    """The size of an arrow's head: never longer than the arrow, or it would begin behind the dot."""
    shares = [
        ((end or 0.0) - (begin or 0.0)) / (high - low)
        for begin, end, (low, high) in zip(start, tip, ranges, strict=True)
    ]
    return round(min(13.0, math.hypot(*(size * share for size, share in zip(PLOT, shares, strict=True)))), 1)


def _ranges(reach: np.ndarray) -> list[list[float]]:
    finite = bool(np.isfinite(reach).all()) and bool((reach[0] < reach[1]).all())
    ranges: list[list[float]] = reach.T.tolist()
    return ranges if finite else [[-1.0, 1.0] for _ in ranges]


def _points(C: Tensor) -> list[list[float | None]]:
    """Where the rows of C are drawn."""
    points: list[list[float | None]] = numbers(C[:, :2])
    return [[x, row] for row, (x,) in enumerate(points)] if C.shape[1] == 1 else points
