"""Any tensor as a labelled heatmap: name, shape and dtype above, numbers in the cells where they fit."""

import html
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import plotly.graph_objects as go
from torch import Tensor

from mlp.plots.patches import Patch, apply, numbers, reach, span
from mlp.plots.theme import DIVERGING, LIGHT, SEQUENTIAL, empty_figure

MAX_SHOWN = 40
WIDEST_WITH_NUMBERS = 16
CELL = 20
SHARE = 0.1
AXIS = {"showgrid": False, "zeroline": False, "tickmode": "array", "tickfont": {"size": 12}}


def figure(
    name: str,
    tensor: Tensor,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    *,
    mark: int | None = None,
    mark_column: int | None = None,
    positive: bool = False,
    corner: tuple[int, int] = (0, 0),
    title: str | None = None,
    share: float = SHARE,
) -> go.Figure:
    """The heatmap of a tensor.

    Args:
        name: what the tensor is called in the code.
        tensor: any shape and dtype; of three dimensions, the last two are laid side by side, with a line between places
            and the two indices above each column.
        rows, columns: a label for each row and column, made safe (`mlp.plots.theme.shown`); indices where left out.
        mark, mark_column: a row and a column to draw a frame around.
        positive: True for numbers that are never negative, drawn on a scale from zero.
        corner: the first row and column shown of a tensor larger than 40 × 40.
        title: instead of `name` above the figure, as "gradient of W1".
        share: of the figure's width that a column takes, where there are few; larger in a narrow place.
    """
    above = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 12}, "font": {"size": 15}}
    made = empty_figure(
        margin={"l": 56, "r": 16, "t": 56, "b": 16}, title=above,
        xaxis={**AXIS, "side": "top", "tickangle": 0}, yaxis=AXIS,
    )  # fmt: skip
    made.add_heatmap(
        colorscale=SEQUENTIAL if positive else DIVERGING,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="row %{y}, column %{x}: %{z}<extra></extra>",
        hoverongaps=False,
    )
    made.add_scatter(mode="lines", line={"color": LIGHT["ink"], "width": 3}, hoverinfo="skip", showlegend=False)
    marks = {"mark": mark, "mark_column": mark_column}
    patch = update(
        name, tensor, rows, columns, **marks, positive=positive, corner=corner, title=title, share=share
    )  # fmt: skip
    return apply(made, patch)


def update(
    name: str,
    tensor: Tensor,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    *,
    mark: int | None = None,
    mark_column: int | None = None,
    positive: bool = False,
    corner: tuple[int, int] = (0, 0),
    title: str | None = None,
    share: float = SHARE,
) -> Patch:
    """What to change for a tensor's numbers now; the arguments are those of `figure`."""
    table, (top, left) = as_table(tensor), corner
    part = table[top : top + MAX_SHOWN, left : left + MAX_SHOWN]
    inner = None if columns or tensor.dim() < 3 else _inner_indices(tuple(tensor.shape[1:]))
    shown_part, every = _part(part, table, corner), _every(part.shape[1], columns or inner)
    if inner and every > 1:  # then the first of each position has its name
        every = tensor.shape[-1]
    layout = {
        "title.text": f"<b>{html.escape(title or name)}</b>  {shape_of(tensor)}  {dtype_of(tensor)}"
        + (f"<br><i>{shown_part}</i>" if shown_part else ""),
        "margin.t": 78 if shown_part else 56,
        "height": (98 if shown_part else 76) + CELL * max(2, part.shape[0]),
        "xaxis.range": [-0.5, part.shape[1] - 0.5],  # said outright: Plotly finds none where no number is finite
        "yaxis.range": [part.shape[0] - 0.5, -0.5],
        "xaxis.domain": [0, min(1, share * (part.shape[1] + 1))],
        "shapes": _between_places(tensor, left, *part.shape),
        **_ticks("xaxis", columns or inner, left, part.shape[1], every=every, begin=-left % every if inner else 0),
        **_ticks("yaxis", rows, top, part.shape[0], every=1),
    }
    label = f"{title or name}, shape {shape_of(tensor)}, {dtype_of(tensor)}: numbers {span(tensor)}."
    frame = _frame(part, None if mark is None else mark - top, None if mark_column is None else mark_column - left)
    return {
        "data": [_heatmap(part, inner and inner[left : left + MAX_SHOWN], positive), frame],
        "layout": layout,
        "label": label + (f" {shown_part[0].upper()}{shown_part[1:]}." if shown_part else ""),
    }


def _heatmap(part: Tensor, inner: Sequence[str] | None, positive: bool) -> Patch:
    """The cells; of a tensor of three dimensions with the `inner` indices of each column, to be said on hover."""
    bound, whole = reach(part), not part.is_floating_point()
    heatmap = {
        "z": numbers(part),
        "zmin": 0 if positive else -bound,
        "zmax": bound,
        "texttemplate": "" if part.shape[1] > WIDEST_WITH_NUMBERS else "%{z}" if whole else in_cell(bound),
    }
    if inner:
        heatmap["text"] = [inner] * len(part)
        heatmap["hovertemplate"] = "row %{y}, index %{text}: %{z}<extra></extra>"
    return heatmap


def as_table(tensor: Tensor) -> Tensor:
    """A tensor of any shape as rows and columns; a vector is one row."""
    if tensor.dim() < 2:
        return tensor.reshape(1, -1)
    return tensor.flatten(1)


def shape_of(tensor: Tensor) -> str:
    """The shape as PyTorch users write it: "(34, 2)", "(100,)", "()"."""
    return str(tuple(tensor.shape))


def dtype_of(tensor: Tensor) -> str:
    """The dtype without the package's name: "float32"."""
    return str(tensor.dtype).removeprefix("torch.")


def in_cell(bound: float) -> str:
    """How numbers up to `bound` are written in a cell."""
    formats = ((1000, ".1e"), (100, ".0f"), (10, ".1f"), (0.1, ".2f"), (0.01, ".3f"))
    return "%{z:" + next((form for least, form in formats if bound >= least), ".1e") + "}"


def _part(part: Tensor, table: Tensor, corner: tuple[int, int]) -> str:
    """What is shown of a table too large to be shown whole; "" where it is whole."""
    (top, left), (rows, columns), (height, width) = corner, part.shape, table.shape
    said = []
    if rows < height:
        said.append(f"rows {top}–{top + rows - 1} of {height:,}")
    if columns < width:
        said.append(f"columns {left}–{left + columns - 1} of {width:,}")
    return f"shown: {' and '.join(said)}" if said else ""


@lru_cache(maxsize=32)
def _inner_indices(shape: tuple[int, ...]) -> tuple[str, ...]:
    """The indices behind the first one, for each column in turn: "0,0", "0,1", …"""
    return tuple(",".join(map(str, index)) for index in product(*map(range, shape)))


def _between_places(tensor: Tensor, left: int, rows: int, columns: int) -> list[Patch]:
    """Lines between the places of a tensor of three dimensions, where a place has more than one number."""
    if tensor.dim() != 3 or tensor.shape[2] < 2:
        return []
    line = {"type": "line", "y0": -0.5, "y1": rows - 0.5, "line": {"color": LIGHT["muted"], "width": 2}}
    edges = [i - 0.5 for i in range(1, columns) if (left + i) % tensor.shape[2] == 0]
    return [{**line, "x0": edge, "x1": edge} for edge in edges]


def _frame(part: Tensor, row: int | None, column: int | None) -> Patch:
    """The frames around a row and a column of the part shown; empty where neither is in it."""
    rows, columns = part.shape
    boxes = []
    if row is not None and 0 <= row < rows:
        boxes.append((-0.5, columns - 0.5, row - 0.5, row + 0.5))
    if column is not None and 0 <= column < columns:
        boxes.append((column - 0.5, column + 0.5, -0.5, rows - 0.5))
    x = [x for left, right, _, _ in boxes for x in (left, right, right, left, left, None)]
    y = [y for _, _, above, below in boxes for y in (above, above, below, below, above, None)]
    return {"x": x, "y": y}


def _ticks(axis: str, labels: Sequence[str] | None, first: int, count: int, every: int, begin: int = 0) -> Patch:
    """The labels of one axis; every so many of them, so that they do not run into each other."""
    places = range(begin, count, every)
    return {
        f"{axis}.tickvals": list(places),
        f"{axis}.ticktext": [labels[first + i] if labels else str(first + i) for i in places],
    }


def _every(count: int, labels: Sequence[str] | None) -> int:
    if not labels:
        return 1 if count <= WIDEST_WITH_NUMBERS else 5
    longest = max(map(len, labels))
    return 1 if count * max(2, longest) <= (90 if longest < 3 else 40) else 5
