"""A lookup as a matrix product: a one-hot row times C, in which one row of C lights up and comes out."""

import plotly.graph_objects as go
import torch

from mlp.lessons.lookup import Lookup
from mlp.plots.patches import Patch, apply, numbers, reach, span
from mlp.plots.tensors import AXIS, LARGEST, in_cell
from mlp.plots.theme import DIVERGING, LIGHT, blank, shown

TITLE = "Lookup as a matrix product"


def figure(C: torch.Tensor, found: Lookup, characters: tuple[str, ...]) -> go.Figure:
    """One-hot (1, V) @ C (V, embedding_dim) = the row (1, embedding_dim).

    Args:
        C: the lookup table. found: the row looked up (`mlp.lessons.lookup.lookup`).
        characters: those of the vocabulary, in its order.
    """
    made = blank(height=620, margin={"l": 16, "r": 16, "t": 40, "b": 16})
    axis = {**AXIS, "gridcolor": LIGHT["grid"], "automargin": True}
    for number, domain in enumerate(([0.0, 0.52], [0.6, 0.8], [0.87, 1.0]), start=1):
        suffix = "" if number == 1 else str(number)
        tall = number == 2
        made.layout[f"xaxis{suffix}"] = {**axis, "domain": domain, "side": "top", "anchor": f"y{suffix}"}
        made.layout[f"yaxis{suffix}"] = {
            **axis, "domain": [0.0, 0.94] if tall else [0.44, 0.5], "autorange": "reversed", "anchor": f"x{suffix}",
            "showticklabels": tall, "tickvals": [],
        }  # fmt: skip
        made.layout[f"xaxis{suffix}"].update(tickangle=0, tickfont_size=12 if tall else 10)
        made.add_heatmap(
            colorscale=DIVERGING, showscale=False, xgap=1, ygap=1, xaxis=f"x{suffix}", yaxis=f"y{suffix}",
            hovertemplate=HOVER[number - 1],
        )  # fmt: skip
    made.add_scatter(
        mode="lines", line={"color": LIGHT["accent"], "width": 3}, hoverinfo="skip", showlegend=False,
        xaxis="x2", yaxis="y2",
    )  # fmt: skip
    for x, sign in ((0.55, "@"), (0.835, "=")):
        made.add_annotation(x=x, y=0.47, xref="paper", yref="paper", text=sign, showarrow=False, font={"size": 22})
    return apply(made, update(C, found, characters))


HOVER = (
    "one-hot, place %{x}: %{z}<extra></extra>",
    "C, row %{y}, column %{x}: %{z}<extra></extra>",
    "result, column %{x}: %{z}<extra></extra>",
)


def update(C: torch.Tensor, found: Lookup, characters: tuple[str, ...]) -> Patch:
    """What to change for the numbers now; the arguments are those of `figure`."""
    top = 0 if len(C) <= LARGEST else max(0, min(found.index - LARGEST // 2, len(C) - LARGEST))
    rows = slice(top, top + LARGEST)
    table, one_hot, row = C[rows, :LARGEST], found.one_hot[rows], found.product[:LARGEST]
    bound = reach(table)
    scale = {"zmin": -bound, "zmax": bound, "texttemplate": in_cell(bound) if table.shape[1] <= 6 else ""}
    labels = [shown(character) for character in characters[rows]]
    places, columns = list(range(len(labels))), list(range(table.shape[1]))
    chosen, right = found.index - top, table.shape[1] - 0.5
    frame = {
        "x": [-0.5, right, right, -0.5, -0.5],
        "y": [chosen - 0.5, chosen - 0.5, chosen + 0.5, chosen + 0.5, chosen - 0.5],
    }
    names = [str(column) for column in columns]
    layout = {
        "xaxis.tickvals": places, "xaxis.ticktext": labels, "yaxis2.tickvals": places, "yaxis2.ticktext": labels,
    }  # fmt: skip
    for axis in ("xaxis2", "xaxis3"):
        every = 1 if len(columns) <= 6 else 10
        layout |= {f"{axis}.tickvals": columns[::every], f"{axis}.ticktext": names[::every]}
    partly = "" if table.shape == C.shape else f" {table.shape[0]} rows and {table.shape[1]} columns of C are shown."
    character = "space" if characters[found.index] == " " else characters[found.index]
    return {
        "data": [
            {"z": [numbers(one_hot)], "zmin": -1, "zmax": 1, "texttemplate": "%{z:.0f}"},
            {"z": numbers(table), **scale},
            {"z": [numbers(row)], **scale},
            frame,
        ],
        "layout": layout,
        "label": f"{TITLE}: the one-hot row for {character} (index {found.index}) times C "
        f"gives row {found.index} of C, numbers {span(found.row)}.{partly}",
    }
