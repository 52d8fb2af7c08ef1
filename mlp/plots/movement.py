"""The embedding map with an arrow on each character: where the next step takes it."""

import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply, numbers, reach, short
from mlp.plots.theme import LIGHT, blank, shown

TITLE = "Where the next step moves each embedding"
LONGEST = 0.3
FACTORS = tuple(lead * 10**power for power in range(5) for lead in (1, 2, 5))


def figure(before: Tensor, move: Tensor, characters: tuple[str, ...]) -> go.Figure:
    """Points before (V, 2) and their moves (V, 2), both as `mlp.plots.embedding.project` gives them.

    Where the arrows would be too short to see they are drawn longer, by a round factor that the label states.
    """
    made = blank(height=460, showlegend=False)
    made.update_layout(xaxis={"zeroline": True}, yaxis={"zeroline": True})
    arrow = {"symbol": "arrow", "angleref": "previous", "color": LIGHT["accent"], "opacity": 1, "line": {"width": 0}}
    made.add_scatter(mode="lines+markers", line={"color": LIGHT["accent"], "width": 2}, marker=arrow, hoverinfo="skip")
    made.add_scatter(
        mode="markers+text",
        marker={"color": LIGHT["panel"], "size": 17, "line": {"color": LIGHT["line"], "width": 1}},
        textfont={"color": LIGHT["ink"], "size": 13},
        hovertemplate="%{text}: (%{x:.3f}, %{y:.3f})<br>moves by (%{customdata[0]}, %{customdata[1]})<extra></extra>",
    )
    return apply(made, update(before, move, characters))


def update(before: Tensor, move: Tensor, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now. Traces: arrows, characters."""
    magnified = magnification(before, move)
    tips = before + magnified * move
    moving = move.any(1).nonzero()[:, 0]
    starts, ends, moves = numbers(before), numbers(tips[moving]), numbers(move)
    segments = [(starts[index], end) for index, end in zip(moving.tolist(), ends, strict=True)]
    bound = 1.1 * max(reach(before), reach(tips))
    longest = move.norm(dim=1).max().item()
    return {
        "data": [
            {
                "x": [x for start, end in segments for x in (start[0], end[0], None)],
                "y": [y for start, end in segments for y in (start[1], end[1], None)],
                "marker": {"size": [0, 11, 0] * len(segments)},
            },
            {
                "x": [start[0] for start in starts],
                "y": [start[1] for start in starts],
                "text": [shown(character) for character in characters],
                "customdata": moves,
            },
        ],
        "layout": {"xaxis.range": [-bound, bound], "yaxis.range": [-bound, bound]},
        "label": f"{TITLE}: {len(moving)} of {len(before)} embeddings move, the farthest by {short(longest)}; "
        f"arrows are drawn {'to scale' if magnified == 1 else f'{magnified:,g} times as long'}.",
    }


def magnification(before: Tensor, move: Tensor) -> float:
    """1, 2, 5, 10, … 50,000: the largest that keeps the longest arrow within 0.3 of the map's reach."""
    longest, size = reach(move) if move.any() else 0.0, reach(before)
    fits = [factor for factor in FACTORS if factor * longest <= LONGEST * size] if longest else []
    return float(max(fits, default=1))
