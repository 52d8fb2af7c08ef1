"""The map of fits: a heatmap of one loss over two settings, with a cursor, the best network, and what diverged."""

import math
from typing import Any

import plotly.graph_objects as go

from mlp.plots.patches import number
from mlp.plots.theme import LIGHT, SEQUENTIAL, empty_figure
from mlp.settings import SPECS, show
from mlp.sweep.fit_map import MapSnapshot

TITLE = "Map of fits"
SHOWN = {"dev": "dev loss", "train": "train loss", "gap": "gap (dev − train)"}
WIDEST_GAP = 3.0
CORNER = 0.34  # of a cell, from its middle towards a corner, where the star does not hide the number
MAX_TEXTS = 144  # cells with their number written in; in more it could not be read

Axis = tuple[str, tuple[Any, ...]]


def figure(x: Axis, y: Axis, height: int = 520) -> go.Figure:
    """The empty map over two axes, (setting, values) each; `update` brings the losses."""
    drawn = empty_figure(height, showlegend=False, margin={"r": 72})
    drawn.add_heatmap(
        z=[], text=[], hovertext=[], hovertemplate="%{hovertext}<extra></extra>", colorscale=SEQUENTIAL,
        reversescale=True, xgap=2, ygap=2, hoverongaps=False, texttemplate="%{text}",
        colorbar={"title": {"text": "nats"}, "thickness": 12, "outlinewidth": 0},
    )  # fmt: skip
    mark = {"mode": "markers", "hoverinfo": "skip", "x": [], "y": []}
    drawn.add_scatter(**mark, name="diverged", marker={"symbol": "x", "size": 13, "color": LIGHT["bad"]})
    star = {"symbol": "star", "size": 15, "color": LIGHT["good"], "line": {"width": 1, "color": LIGHT["paper"]}}
    drawn.add_scatter(**mark, name="best", marker=star)
    for update_axis, (name, values) in ((drawn.update_xaxes, x), (drawn.update_yaxes, y)):
        update_axis(
            title_text=SPECS[name].label, showgrid=False, zeroline=False, range=[-0.5, len(values) - 0.5],
            tickvals=list(range(len(values))), ticktext=[show(name, value) for value in values],
        )  # fmt: skip
    return drawn


def update(snapshot: MapSnapshot, row: int, col: int, split: str = "dev") -> dict[str, Any]:
    """The map as it is now, with the cursor on a network; `split` is "dev", "train" or "gap"."""
    losses = values(snapshot, split)
    places = [(r, c) for r in range(len(snapshot.y[1])) for c in range(len(snapshot.x[1]))]
    ended = [(r, c) for r, c in places if snapshot.fits[r][c].diverged]
    best = _best(losses, places)
    written = len(places) <= MAX_TEXTS
    heat: dict[str, Any] = {
        "z": [[number(loss) for loss in line] for line in losses],
        "text": [[_written(loss) if written else "" for loss in line] for line in losses],
        "hovertext": [
            [_where(snapshot, r, c, losses, split) for c in range(len(line))] for r, line in enumerate(losses)
        ],
        **_range(snapshot, losses, split),
    }
    starred = best if split != "gap" else None  # the smallest gap is not the best network
    star = {"x": [starred[1] + CORNER], "y": [starred[0] + CORNER]} if starred else _points([])
    marks = [_points(ended), star]
    return {
        "data": [heat, *marks],
        "layout": {"shapes": _frame(row, col)},
        "label": _label(snapshot, losses, split, (row, col), best, ended),
    }


def _frame(row: int, col: int) -> list[dict[str, Any]]:
    """The cursor: the outline of a cell, as shapes, so that Plotly can move it without drawing the cells anew.

    A dark line with a light one in it stands out on every cell.
    """
    corners = {"type": "rect", "x0": col - 0.5, "x1": col + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return [
        {**corners, "line": {"width": width, "color": LIGHT[colour]}} for width, colour in ((7, "ink"), (3, "paper"))
    ]


def values(snapshot: MapSnapshot, split: str) -> list[list[float]]:
    """The number of each cell in nats: nan where not yet known, inf where the network diverged."""

    def value(fit: Any) -> float:
        if fit.diverged:
            return math.inf
        return fit.loss("dev") - fit.loss("train") if split == "gap" else fit.loss(split)

    return [[value(fit) for fit in row] for row in snapshot.fits]


def _range(snapshot: MapSnapshot, losses: list[list[float]], split: str) -> dict[str, float]:
    """Where the colours begin and end. Worse than guessing is worse than guessing: all beyond look alike."""
    finite = [loss for line in losses for loss in line if math.isfinite(loss)]
    if split == "gap":
        return {"zmin": 0.0, "zmax": max(0.5, min(WIDEST_GAP, max(finite, default=WIDEST_GAP)))}
    guess = math.log(len(snapshot.fits[0][0].dataset.vocabulary))
    return {"zmin": min([*finite, guess - 0.5]), "zmax": guess}


def _best(losses: list[list[float]], places: list[tuple[int, int]]) -> tuple[int, int] | None:
    finite = [place for place in places if math.isfinite(losses[place[0]][place[1]])]
    return min(finite, key=lambda place: losses[place[0]][place[1]]) if finite else None


def _written(loss: float) -> str:
    if not math.isfinite(loss):
        return ""
    return f"{loss:.2f}" if abs(loss) < 10 else f"{loss:.3g}"


def _points(places: list[tuple[int, int]]) -> dict[str, list[float]]:
    return {"x": [col for _, col in places], "y": [row for row, _ in places]}


def place_in_words(snapshot: MapSnapshot, row: int, col: int) -> str:
    """Which network stands in a cell: "Hidden units 50, Training examples all"."""
    (x, x_values), (y, y_values) = snapshot.x, snapshot.y
    return f"{SPECS[x].label} {show(x, x_values[col])}, {SPECS[y].label} {show(y, y_values[row])}"


def _where(snapshot: MapSnapshot, row: int, col: int, losses: list[list[float]], split: str) -> str:
    loss = losses[row][col]
    result = "diverged" if math.isinf(loss) else "not known yet" if math.isnan(loss) else f"{SHOWN[split]} {loss:.4f}"
    return f"{place_in_words(snapshot, row, col)}<br>{result}"


def _label(
    snapshot: MapSnapshot,
    losses: list[list[float]],
    split: str,
    cursor: tuple[int, int],
    best: tuple[int, int] | None,
    ended: list[tuple[int, int]],
) -> str:
    """The map in words: what it shows, the lowest value, the cursor, and how many networks diverged."""
    number_of = len(snapshot.x[1]) * len(snapshot.y[1])
    text = [f"{TITLE}: {SHOWN[split]} of {number_of} networks at step {snapshot.step:,}."]
    if best:
        text.append(f"Lowest {losses[best[0]][best[1]]:.3f} at {place_in_words(snapshot, *best)}.")
    text.append("Cursor: " + _where(snapshot, *cursor, losses, split).replace("<br>", ", ") + ".")
    if ended:
        text.append(f"{len(ended)} diverged.")
    return " ".join(text)
