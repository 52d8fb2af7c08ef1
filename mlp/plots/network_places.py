"""Where everything stands in the drawing of the whole network (`mlp.plots.network`): places, lines, sizes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mlp.settings import Settings

LAYERS = {"X": 0, "embedded": 1, "concatenated": 2, "hidden": 3, "logits": 4, "probabilities": 5}
MAX_DOTS = 128
IN_A_ROW, ROWS, ROW_GAP = 32, 4, 0.14  # more hidden units than fit well into one row stand in so many
BOX_X, DIRECT_X = -0.13, 1.06

Point = tuple[float, float] | None


@dataclass(frozen=True)
class Bundle:
    """Lines drawn as one: their name, the parts that they join, and how they are drawn."""

    name: str
    joins: tuple[str, ...]
    dash: str = "solid"


@dataclass(frozen=True)
class Places:
    """spots, heights: x and y of each dot drawn, by layer. titles: what each is. ways: x and y of each bundle of lines.

    boxes: x and y of each parameter. sizes: of a layer's dots. partly: what is drawn in part, in words.
    """

    spots: dict[str, list[float]]
    heights: dict[str, list[float]]
    titles: dict[str, list[str]]
    ways: list[dict[str, Any]]
    boxes: dict[str, tuple[float, float]]
    sizes: dict[str, float]
    partly: tuple[str, ...]


def bundles(direct: bool) -> list[Bundle]:
    """The lines between parts, lowest first; the direct connections only where they are on."""
    return [
        Bundle("context to embeddings", ("X", "embedded")),
        Bundle("C to embeddings", ("C", "embedded"), "dot"),
        Bundle("embeddings side by side", ("embedded", "concatenated")),
        Bundle("W1", ("concatenated", "hidden")),
        Bundle("W1 to hidden", ("W1", "hidden")),
        Bundle("b1 to hidden", ("b1", "hidden")),
        Bundle("W2", ("hidden", "logits")),
        Bundle("W2 to logits", ("W2", "logits")),
        Bundle("b2 to logits", ("b2", "logits")),
        Bundle("softmax", ("logits", "probabilities")),
        *([Bundle("direct connections", ("concatenated", "W", "logits"), "dash")] if direct else []),
    ]


def shown_dims(settings: Settings) -> int:
    """How many dimensions of each embedding are drawn."""
    return dims_drawn(settings.block_size, settings.embedding_dim)


def dims_drawn(block_size: int, embedding_dim: int) -> int:
    return max(1, min(embedding_dim, MAX_DOTS // block_size))


@lru_cache(maxsize=16)
def places(block_size: int, embedding_dim: int, hidden: int, vocabulary_size: int, direct: bool) -> Places:
    """The drawing of a network of these sizes."""
    dims = dims_drawn(block_size, embedding_dim)
    units, outputs = min(hidden, MAX_DOTS), min(vocabulary_size, MAX_DOTS)
    rows = ROWS if units > IN_A_ROW else 1
    columns = math.ceil(units / rows)
    middles = [(place + 0.5) / block_size for place in range(block_size)]
    width = 0.7 / block_size
    spots = {
        "X": middles,
        "embedded": [middle + (offset - 0.5) * width for middle in middles for offset in spread(dims)],
        "concatenated": [0.1 + 0.8 * x for x in spread(block_size * dims)],
        "hidden": (spread(columns) * rows)[:units],
        "logits": spread(outputs),
        "probabilities": spread(outputs),
    }
    heights = {name: [float(LAYERS[name])] * len(row) for name, row in spots.items()}
    heights["hidden"] = [LAYERS["hidden"] + ROW_GAP * ((rows - 1) / 2 - unit // columns) for unit in range(units)]
    sizes = {name: max(4.0, min(18.0, 560 / max(1, len(row)))) for name, row in spots.items()}
    sizes["hidden"] = min(18.0 if rows == 1 else 12.0, 560 / columns)
    sizes["embedded"] = sizes["concatenated"] = min(sizes["embedded"], max(4.0, 600 * width / dims))
    numbered = [f"character {place}, dimension {d}" for place in range(block_size) for d in range(dims)]
    titles = {
        "embedded": numbered,
        "concatenated": [f"input {place * embedding_dim + d}" for place in range(block_size) for d in range(dims)],
        "hidden": [f"hidden unit {unit}" for unit in range(units)],
    }
    whole = (
        (dims, embedding_dim, "dimensions of each embedding"), (units, hidden, "hidden units"),
        (outputs, vocabulary_size, "characters"),
    )  # fmt: skip
    partly = tuple(f"the first {drawn} of {there:,} {what}" for drawn, there, what in whole if drawn < there)
    boxes = {"C": (BOX_X, 0.5), "W1": (BOX_X, 2.35), "b1": (BOX_X, 2.8), "W2": (BOX_X, 3.35), "b2": (BOX_X, 3.8)}
    if direct:
        boxes["W"] = (DIRECT_X, 3.0)
    return Places(spots, heights, titles, _ways(spots, heights, middles, dims, direct), boxes, sizes, partly)


def spread(count: int) -> list[float]:
    """So many places from 0 to 1, each in the middle of its share."""
    return [round((place + 0.5) / count, 4) for place in range(count)]


def _ways(
    spots: dict[str, list[float]], heights: dict[str, list[float]], middles: list[float], dims: int, direct: bool
) -> list[dict[str, Any]]:
    """The lines of each bundle, in the order of `bundles`. Every-to-every is drawn as the outline of a band."""
    y = LAYERS
    hidden, low, high = spread(len(set(spots["hidden"]))), min(heights["hidden"]), max(heights["hidden"])
    context = [(middle, spots["embedded"][place * dims : (place + 1) * dims]) for place, middle in enumerate(middles)]
    pairs = zip(spots["embedded"], spots["concatenated"], strict=True)
    ways: list[Iterable[Point]] = [
        _apart(((middle, y["X"]), (dot, y["embedded"])) for middle, row in context for dot in (row[0], row[-1])),
        _apart(((BOX_X, 0.5), (row[0], y["embedded"])) for _, row in context),
        _apart(((below, y["embedded"]), (above, y["concatenated"])) for below, above in pairs),
        _band(spots["concatenated"], y["concatenated"], hidden, low),
        *(_apart([((BOX_X, height), (hidden[0], low))]) for height in (2.35, 2.8)),
        _band(hidden, high, spots["logits"], y["logits"]),
        *(_apart([((BOX_X, height), (spots["logits"][0], y["logits"]))]) for height in (3.35, 3.8)),
        _apart(((x, y["logits"]), (x, y["probabilities"])) for x in spots["logits"]),
    ]
    if direct:
        start, end = (spots["concatenated"][-1], y["concatenated"]), (spots["logits"][-1], y["logits"])
        ways.append([start, (DIRECT_X, 2.5), (DIRECT_X, 3.5), end])
    return [_xy(way) for way in ways]


def _apart(segments: Iterable[tuple[tuple[float, float], tuple[float, float]]]) -> list[Point]:
    return [point for start, end in segments for point in (start, end, None)]


def _band(below: list[float], low: float, above: list[float], high: float) -> list[Point]:
    """Both outer edges and both diagonals between two rows of which every dot is joined to every dot."""
    ends = [(x, z) for x in (below[0], below[-1]) for z in (above[0], above[-1])]
    return _apart(((x, low), (z, high)) for x, z in ends)


def _xy(way: Iterable[Point]) -> dict[str, Any]:
    points = list(way)
    return {
        "x": [None if point is None else point[0] for point in points],
        "y": [None if point is None else point[1] for point in points],
    }
