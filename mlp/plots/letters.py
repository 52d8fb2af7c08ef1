"""The embedding in large: each character is its own mark, larger the more often it occurs, with a trail behind it.

Where letters would cover one another they make room, and a thin line leads from each that was moved to its true place.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from mlp.dataset import Dataset
from mlp.kernel.apart import push_apart
from mlp.plots import embedding
from mlp.plots.patches import Patch, finite
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, built_once, empty_figure, shown

TITLE = embedding.TITLE
SMALLEST, LARGEST = 16, 30  # font sizes in pixels
PLOT = np.array([620.0, 500.0])  # pixels of a plot on a laptop, by which letters make room
SMALL_PLOT = np.array([440.0, 330.0])  # the same of one that shares the page with another
ROUNDS, PAIRS = 80, 100_000  # of making room: so many at most, and pairs looked at in all of them
REGULAR, BOLD = 400, 700  # vowels are bold: so they are told from consonants where colours are not
BACK = 0.1  # the share of the way back to its true place that a letter goes in the first round, later less and less
MOVED = 7.0  # pixels from which on a line leads to the true place
TRAILS = (0.12, 0.22, 0.4)  # opacities, the oldest first
UNTRAINED = "untrained"


@built_once
def figure(height: int = 620) -> go.Figure:
    """The plot without its points; `update` brings them."""
    drawn = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 34})
    for opacity in TRAILS:
        drawn.add_scatter(
            x=[], y=[], mode="lines", name="trail", showlegend=False, hoverinfo="skip", opacity=opacity,
            line={"color": LIGHT["muted"], "width": 1.25}, meta={"motion": True},
        )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], mode="lines", name="lead", showlegend=False, hoverinfo="skip",
        line={"color": LIGHT["line"], "width": 1},
    )  # fmt: skip
    for group in embedding.GROUPS:
        colour, weight = LIGHT[group], BOLD if group == "vowel" else REGULAR
        drawn.add_scatter(
            x=[], y=[], text=[], name=embedding.NAMES[group], mode="markers+text", textposition="middle center",
            showlegend=False,
            textfont={"size": [], "color": colour, "weight": weight},
            marker={"size": 12, "color": colour, "opacity": 0},
            customdata=[], hovertemplate="<b>%{text}</b>  %{customdata}<extra></extra>",
        )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], text=[], name=UNTRAINED, mode="markers+text", textposition="middle center", showlegend=False,
        textfont={"size": SMALLEST, "color": LIGHT["muted"]},
        marker={"size": 12, "color": LIGHT["muted"], "opacity": 0},
        customdata=[], hovertemplate="<b>%{text}</b>  %{customdata}<br>" + embedding.UNTRAINED + " it<extra></extra>",
    )  # fmt: skip
    for group in embedding.GROUPS:  # for the legend
        marker = {"size": 10, "color": LIGHT[group]}
        drawn.add_scatter(x=[None], y=[None], name=embedding.NAMES[group], mode="markers", marker=marker)
    drawn.update_xaxes(title_text="dimension 1", zeroline=True, nticks=6)
    drawn.update_yaxes(title_text="dimension 2", zeroline=True, nticks=6)
    return drawn


def update(
    C: np.ndarray,
    dataset: Dataset,
    step: int,
    reach: np.ndarray,
    basis: np.ndarray | None = None,
    marked: int | None = None,
    plot: np.ndarray = PLOT,
    *,
    ways: list[Patch] | None = None,
    told: bool = True,
    label: str | None = None,
) -> Patch:
    """Where the letters are now.

    Args:
        C: (V, embedding_dim). dataset: says what each row is, and how often it occurs in the training contexts.
        reach: the lowest and highest coordinates that the axes hold, as of `mlp.plots.embedding.update`.
        basis: (embedding_dim, 2) to project on.
        marked: a row to put a ring around, where its letter stands.
        plot: its width and height in pixels, by which letters make room.
        ways: where the letters came from, as `trails` gives it; they need not be worked out with every picture.
        told: whether a letter that is pointed at tells its true place, which is not read while letters move.
        label: the map in words, where it is known already; it need not be worked out with every picture either.
    """
    points = embedding.project(C, basis)
    reached = embedding.project(reach, None)
    ranges = embedding.axis_range(reached[:, 0]), embedding.axis_range(reached[:, 1])
    sizes = font_sizes(dataset)
    places = make_room(points, sizes, ranges, plot, upright=C.shape[1] == 1)
    first, second = embedding.axis_titles(C.shape[1], basis)
    layout: Patch = {
        "xaxis.range": ranges[0], "yaxis.range": ranges[1], "xaxis.title.text": first, "yaxis.title.text": second,
        "annotations": embedding.beyond(points, dataset.vocabulary, *ranges),
        "yaxis.showticklabels": C.shape[1] > 1,
        "shapes": [embedding.ring(places[marked].tolist())] if marked is not None else [],
    }  # fmt: skip
    label = label or embedding.text_alternative(C, dataset.vocabulary, step)
    grey = embedding.untrained_text(dataset.vocabulary, dataset.untrained, drawn="Grey")
    digits = _digits(min(high - low for low, high in ranges))
    places = np.round(places, digits)
    data = [
        *(trails([C], dataset.untrained, basis) if ways is None else ways),
        _leads(points, places, ranges, plot, digits),
        *_letters(points, places, sizes, dataset, told=told),
        *({} for _ in embedding.GROUPS),
    ]
    return {"data": data, "layout": layout, "label": f"{label} {grey}".strip()}


def _digits(extent: float) -> int:
    """So many decimals give a place to a millionth of what is drawn: shorter numbers travel faster."""
    return 6 - math.floor(math.log10(max(extent, 1e-9)))


def font_sizes(dataset: Dataset) -> list[int]:
    """A size for each character that grows with how often training contexts hold it; the boundary is as the largest."""
    return _font_sizes(dataset.seen)


@lru_cache(maxsize=64)
def _font_sizes(seen: tuple[int, ...]) -> list[int]:
    counts = np.sqrt(np.array(seen, np.float64))
    largest = max(counts[1:].max(initial=0.0), 1.0)
    grown = np.minimum(counts / largest, 1.0)
    sizes: list[int] = np.rint(SMALLEST + (LARGEST - SMALLEST) * grown).astype(int).tolist()
    return sizes


def make_room(
    points: np.ndarray,
    sizes: Sequence[int],
    ranges: tuple[list[float], list[float]],
    plot: np.ndarray = PLOT,
    *,
    upright: bool = False,
) -> np.ndarray:
    """Places for letters of these sizes, (V, 2), near their points (V, 2) but apart from one another.

    `upright` moves them up and down alone, as over a line on which only the place along it means something.
    The same points give the same places, and points that move a little move their letters a little.
    """
    low, high = np.array(ranges).T
    scale = plot / (high - low)  # pixels to a unit
    true = np.where(np.isfinite(points), (points - low) * scale, 0.0).astype(np.float64)
    half = np.stack([0.33 * np.array(sizes, np.float64), 0.5 * np.array(sizes, np.float64)], 1)  # of width and height
    places = push_apart(true, half, max(4, min(ROUNDS, PAIRS // len(true) ** 2)), upright, BACK)
    moved = points + (places - true) / scale
    return np.where(np.isfinite(points), moved, points)


def _letters(
    points: np.ndarray, places: np.ndarray, sizes: Sequence[int], dataset: Dataset, *, told: bool
) -> list[Patch]:
    """The trained characters of each group, then the untrained ones of all groups."""
    names, groups = _named(dataset.vocabulary.characters)
    where = [f"({x:.3f}, {y:.3f}), " for x, y in points.tolist()] if told else [""] * len(names)
    x, y = (finite(column.tolist()) for column in places.T)

    def trace(rows: Sequence[int]) -> Patch:
        said = [f"{where[row]}{dataset.seen[row]:,} times in contexts" for row in rows]
        texts = [names[row] for row in rows]
        return {"x": [x[row] for row in rows], "y": [y[row] for row in rows], "text": texts, "customdata": said}

    data, untrained = [], set(dataset.untrained)
    for group in embedding.GROUPS:
        rows = [row for row in groups[group] if row not in untrained]
        data.append({**trace(rows), "textfont.size": [sizes[row] for row in rows]})
    return [*data, trace(dataset.untrained)]


@lru_cache(maxsize=64)
def _named(characters: tuple[str, ...]) -> tuple[list[str], dict[str, list[int]]]:
    """How each character is shown, and which rows are of each group."""
    kinds = [embedding.group_of(character) for character in characters]
    rows = {group: [row for row, kind in enumerate(kinds) if kind == group] for group in embedding.GROUPS}
    return [shown(character) for character in characters], rows


def trails(past: Sequence[np.ndarray], untrained: Sequence[int], basis: np.ndarray | None = None) -> list[Patch]:
    """The ways of all characters that move, through each C of `past` to the last, in pieces that fade with age."""
    moving = [row for row in range(len(past[-1])) if row not in untrained]
    ways = [embedding.project(C, basis)[moving] for C in past if len(C) == len(past[-1])]
    cuts = [round(share * (len(ways) - 1)) for share in np.linspace(0, 1, len(TRAILS) + 1)]
    ends = ways[-1][np.isfinite(ways[-1])]
    digits = _digits(float(np.ptp(ends)) if len(ends) else 0.0)
    return [_lines(ways[begin : end + 1], digits) for begin, end in pairwise(cuts)]


def _leads(
    points: np.ndarray, places: np.ndarray, ranges: tuple[list[float], list[float]], plot: np.ndarray, digits: int
) -> Patch:
    """A line from each letter that was moved to its true place."""
    low, high = np.array(ranges).T
    with np.errstate(invalid="ignore"):
        far = np.linalg.norm((places - points) * plot / (high - low), axis=1) > MOVED
    return _lines([points[far], places[far]], digits)


def _lines(ways: Sequence[np.ndarray], digits: int) -> Patch:
    """One line for each row of (rows, 2) arrays that follow one another; between two lines is a gap."""
    if len(ways) < 2 or not len(ways[0]):
        return {"x": [], "y": []}
    together = np.round(np.stack(ways, 1).astype(np.float64), digits)  # (rows, points, 2)
    gaps = np.full((len(together), 1, 2), np.nan)
    flat = np.concatenate([together, gaps], 1).reshape(-1, 2)[:-1]
    x, y = (finite(column.tolist()) for column in flat.T)
    return {"x": x, "y": y}
