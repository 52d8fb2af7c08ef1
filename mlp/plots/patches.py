"""What every live figure needs: a patch put onto a figure, and tensors as plain lists that JSON can hold.

A figure module has `figure(...)`, built once, and `update(...)`, what to change in it now: a patch
`{"data": [changes of trace 0, of trace 1, ...], "layout": {"dotted.key": value}, "label": text}`. The label is the
text alternative; it begins with the chart's title.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.theme import merged, shown

Patch = dict[str, Any]

PIECE = 400  # numbers
MOST_TICKS = 90  # characters that can still be told apart under an axis


def apply(figure: go.Figure, patch: Patch) -> go.Figure:
    """A figure with a patch put onto it, as the browser does."""
    plain = figure.to_plotly_json()
    traces = zip(plain["data"], patch["data"], strict=True)
    changed = [merged(trace, change) for trace, change in traces]
    return go.Figure({"data": changed, "layout": merged(plain["layout"], patch.get("layout", {}))})


def finite(values: Iterable[float]) -> list[float | None]:
    """Numbers as they are; None for what is not finite."""
    return [value if math.isfinite(value) else None for value in values]


def number(loss: float) -> float | None:
    """A loss for a chart, to five digits; None where it is not a finite number."""
    return float(f"{loss:.5g}") if math.isfinite(loss) else None


def each_number(losses: Sequence[float]) -> list[float | None]:
    """The same of many losses at once.

    In pieces: numpy lets go of the interpreter for larger arrays, and on a busy server getting it back takes longer.
    """
    pieces = (losses[begin : begin + PIECE] for begin in range(0, len(losses), PIECE))
    return list(chain.from_iterable(map(_each_number, pieces)))


def _each_number(losses: Sequence[float]) -> list[float | None]:
    values = np.asarray(losses, np.float64)
    finite = np.isfinite(values)
    sizes = np.abs(np.where(finite & (values != 0), values, 1.0))
    digits = np.floor(np.log10(sizes))
    if (digits < -10).any() or (digits > 4).any():  # where a power of ten would be a fraction, or is not exact
        return [number(loss) for loss in losses]
    scale = 10.0 ** (4 - digits)
    rounded: list[float | None] = (np.rint(np.where(finite, values, 0.0) * scale) / scale).tolist()
    for gap in np.flatnonzero(~finite).tolist():
        rounded[gap] = None
    return rounded


def numbers(tensor: Tensor, digits: int = 4) -> Any:
    """A tensor as nested lists of so many digits; None stands for what is not finite."""
    values = tensor.detach().numpy().astype(np.float64)
    if not values.size:
        return values.tolist()
    with np.errstate(invalid="ignore"):
        largest = float(np.abs(values).max())
    if math.isfinite(largest):
        return np.round(values, places(largest, digits)).tolist()
    finite = np.isfinite(values)
    largest = float(np.abs(values[finite]).max(initial=0.0))
    rounded = np.round(np.where(finite, values, 0.0), places(largest, digits)).astype(object)
    rounded[~finite] = None
    return rounded.tolist()


def places(largest: float, digits: int = 4) -> int:
    """Decimal places that keep so many digits of the largest number."""
    return digits - 1 - math.floor(math.log10(largest)) if largest > 0 else digits


def reach(tensor: Tensor, least: float = 0.0) -> float:
    """The largest size of a finite number in a tensor, for a scale around zero; 1 where all are zero."""
    values = np.abs(tensor.detach().numpy().astype(np.float64))
    largest = float(np.max(values, where=np.isfinite(values), initial=least))
    return float(f"{largest:.4g}") or 1.0


def short(value: float) -> str:
    """A number for a text: three digits, or that it is not finite."""
    return f"{value:.3g}" if math.isfinite(value) else "not finite"


def span(tensor: Tensor) -> str:
    """The numbers of a tensor in a few words: "from -1.2 to 3.4"."""
    values = tensor.detach().numpy().astype(np.float64).ravel()
    finite = values[np.isfinite(values)]
    bad = values.size - finite.size
    said = f"from {short(finite.min())} to {short(finite.max())}" if finite.size else "no finite number"
    return said + (f", {bad:,} not finite" if bad else "")


def text(characters: str) -> str:
    """Several characters as a label: each as `mlp.plots.theme.shown` shows it."""
    return "".join(shown(character) for character in characters)


def named_ticks(names: Sequence[str]) -> Patch:
    """An axis of characters: a tick at each place, or, where they are too many to be read, at some, evenly."""
    every = -(-len(names) // MOST_TICKS)
    places = range(0, len(names), every)
    return {"xaxis.tickvals": list(places), "xaxis.ticktext": [names[place] for place in places]}
