"""A lookup as a matrix product: each row of C times its factor of the one-hot vector, of which one row is left."""

import plotly.graph_objects as go
import torch

from mlp.lessons.lookup import Lookup
from mlp.plots.patches import Patch, apply, numbers, reach, span
from mlp.plots.tensors import AXIS, MAX_SHOWN, in_cell
from mlp.plots.theme import DIVERGING, LIGHT, empty_figure, shown

TITLE = "Lookup as a matrix product"
MAX_WITH_NUMBERS = 6
TALL, FLAT = (0.1, 0.93), (0.0, 0.045)
ONE_HOT, TABLE, RESULT = (0.0, 0.1), (0.22, 0.56), (0.66, 1.0)
PANELS = ((ONE_HOT, TALL), (TABLE, TALL), (RESULT, TALL), (RESULT, FLAT))  # the last is the sum, below its columns
HOVER = (
    "one-hot, index %{y}: %{z}<extra></extra>",
    "C, row %{y}, column %{x}: %{z}<extra></extra>",
    "factor × C, row %{y}, column %{x}: %{z}<extra></extra>",
    "sum of column %{x}: %{z}<extra></extra>",
)


def figure(C: torch.Tensor, found: Lookup, characters: tuple[str, ...]) -> go.Figure:
    """One-hot (V,) stands upright beside C (V, embedding_dim); each row times its factor; their sum (embedding_dim,).

    Args:
        C: the lookup table. found: the row looked up (`mlp.lessons.lookup.lookup`).
        characters: those of the vocabulary, in its order.
    """
    made = empty_figure(height=680, margin={"l": 16, "r": 16, "t": 12, "b": 8})
    for number, (across, up) in enumerate(PANELS, start=1):
        suffix = "" if number == 1 else str(number)
        made.layout[f"xaxis{suffix}"] = {
            **AXIS, "domain": across, "side": "top", "anchor": f"y{suffix}", "tickangle": 0, "automargin": False,
            "showticklabels": number in (2, 3), "ticks": "",
        }  # fmt: skip
        made.layout[f"yaxis{suffix}"] = {
            **AXIS, "domain": up, "anchor": f"x{suffix}", "showticklabels": number == 1, "automargin": number == 1,
            "ticks": "",
        }  # fmt: skip
        made.add_heatmap(
            colorscale=DIVERGING, showscale=False, xgap=1, ygap=1, xaxis=f"x{suffix}", yaxis=f"y{suffix}",
            hovertemplate=HOVER[number - 1], hoverongaps=False,
        )  # fmt: skip
    for axes in ({"xaxis": "x2", "yaxis": "y2"}, {"xaxis": "x3", "yaxis": "y3"}):
        line = {"color": LIGHT["accent"], "width": 3}
        made.add_scatter(mode="lines", line=line, hoverinfo="skip", showlegend=False, **axes)
    _write(made)
    return apply(made, update(C, found, characters))


def _write(made: go.Figure) -> None:
    """The names of the panels and the signs between them."""
    middle = sum(TALL) / 2
    texts = [
        (sum(ONE_HOT) / 2, 1.0, "<b>one-hot</b>", 14), (sum(TABLE) / 2, 1.0, "<b>C</b>", 14),
        (sum(RESULT) / 2, 1.0, "<b>factor × row</b>", 14), ((ONE_HOT[1] + TABLE[0]) / 2, middle, "×", 24),
        ((TABLE[1] + RESULT[0]) / 2, middle, "=", 24), (sum(RESULT) / 2, sum((FLAT[1], TALL[0])) / 2, "add up ↓", 14),
        ((TABLE[1] + RESULT[0]) / 2, sum(FLAT) / 2, "sum", 14),
    ]  # fmt: skip
    for x, y, text, size in texts:
        top = "top" if y == 1.0 else "middle"
        made.add_annotation(
            x=x, y=y, xref="paper", yref="paper", text=text, showarrow=False, font={"size": size}, yanchor=top
        )


def update(C: torch.Tensor, found: Lookup, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now; the arguments are those of `figure`.

    Traces: the one-hot vector, C, each row times its factor, their sum, and a frame around the row in C and in them.
    """
    top = 0 if len(C) <= MAX_SHOWN else max(0, min(found.index - MAX_SHOWN // 2, len(C) - MAX_SHOWN))
    rows = slice(top, top + MAX_SHOWN)
    table, one_hot, row = C[rows, :MAX_SHOWN], found.one_hot[rows], found.product[:MAX_SHOWN]
    products = one_hot[:, None] * table + 0.0  # (rows, columns); no -0
    bound = reach(table)
    with_numbers = table.shape[1] <= MAX_WITH_NUMBERS
    scale = {"zmin": -bound, "zmax": bound, "texttemplate": in_cell(bound) if with_numbers else ""}
    frame = _frame(found.index - top, table.shape[1])
    partly = "" if table.shape == C.shape else f" {table.shape[0]} rows and {table.shape[1]} columns of C are shown."
    character = "space" if characters[found.index] == " " else f"“{characters[found.index]}”"
    return {
        "data": [
            {"z": numbers(one_hot[:, None]), "zmin": -1, "zmax": 1, "texttemplate": "%{z:.0f}"},
            {"z": numbers(table), **scale},
            {"z": numbers(products), **scale},
            {"z": [numbers(row)], **scale},
            frame,
            frame,
        ],
        "layout": _axes(table.shape[0], table.shape[1], [shown(character) for character in characters[rows]]),
        "label": f"{TITLE}: the one-hot vector of {character} (index {found.index}) times C "
        f"gives row {found.index} of C, numbers {span(found.row)}.{partly}",
    }


def _frame(row: int, columns: int) -> Patch:
    right = columns - 0.5
    return {"x": [-0.5, right, right, -0.5, -0.5], "y": [row - 0.5, row - 0.5, row + 0.5, row + 0.5, row - 0.5]}


def _axes(rows: int, columns: int, labels: list[str]) -> Patch:
    """Ranges, said outright since Plotly finds none where no number is finite, and tick labels."""
    every = 1 if columns <= MAX_WITH_NUMBERS else 10
    shown_columns = list(range(0, columns, every))
    layout: Patch = {"yaxis.tickvals": list(range(rows)), "yaxis.ticktext": labels, "yaxis4.range": [0.5, -0.5]}
    layout |= {f"yaxis{n}.range": [rows - 0.5, -0.5] for n in ("", 2, 3)} | {"xaxis.range": [-0.5, 0.5]}
    for n in (2, 3, 4):
        layout |= {f"xaxis{n}.range": [-0.5, columns - 0.5], f"xaxis{n}.tickvals": shown_columns}
        layout[f"xaxis{n}.ticktext"] = [str(column) for column in shown_columns]
    return layout
