"""The graph of one forward and backward pass: what is computed from what, and how far the gradient has come."""

from typing import Any

import plotly.graph_objects as go

from mlp.lessons.trace import Node, Trace
from mlp.plots.patches import Patch, apply, reach, short, span
from mlp.plots.tensors import shape_of
from mlp.plots.theme import LIGHT, empty_figure

TITLE = "Computational graph"
PLAIN = {"opacity": 1, "line": {"width": 0}}  # Plotly makes dots of several sizes see-through, with a rim

PLACES = {
    "X": (0, 1.1), "C": (0, 0), "embedded": (1, 0), "concatenated": (2, 0), "preactivation": (3, 0), "hidden": (4, 0),
    "logits": (5, 0), "logprobs": (6, 0), "loss": (7, 0), "Y": (7, 1.1), "W1": (2.6, 1.1), "b1": (3.4, 1.1),
    "W2": (4.3, 1.1), "b2": (5.7, 1.1), "W": (5, 1.1),
}  # fmt: skip
OVER = {("concatenated", "logits"): ((2.42, -0.2), (2.5, -0.75), (4.5, -0.75), (4.58, -0.2))}


def figure(trace: Trace, steps: int = 0) -> go.Figure:
    """The graph of a trace (`mlp.lessons.trace`) when the gradient has come so many steps back; 0: not begun."""
    margin = {"l": 8, "r": 8, "t": 8, "b": 8}
    direct = "W" in trace.nodes  # its connections need room below
    made = empty_figure(
        height=354 if direct else 300, margin=margin, showlegend=False, hovermode="closest", dragmode=False
    )
    last = trace.reached(steps)[-1:] or ("loss",)
    made.layout.meta = {"focus": (PLACES[last[0]][0] + 0.5) / 8}  # what to scroll to on a narrow screen
    hidden = {"visible": False, "fixedrange": True}
    made.update_layout(
        xaxis={**hidden, "range": [-0.5, 7.5]}, yaxis={**hidden, "range": [-0.85 if direct else -0.47, 1.57]}
    )
    for colour, width in (("line", 2), ("accent", 3)):
        arrow = {"symbol": "arrow", "angleref": "previous", "color": LIGHT[colour], **PLAIN}
        made.add_scatter(
            mode="lines+markers", line={"color": LIGHT[colour], "width": width}, marker=arrow, hoverinfo="skip"
        )
    for colour in ("line", "accent", "dev"):
        marker = {"size": 26, "color": LIGHT["panel"], "line": {"color": LIGHT[colour], "width": 3}}
        made.add_scatter(
            mode="markers+text",
            marker=marker,
            textfont={"color": LIGHT["ink"], "size": 12},
            hovertemplate="%{customdata[1]}<extra></extra>",
        )
    return apply(made, update(trace, steps))


def update(trace: Trace, steps: int = 0) -> Patch:
    """What to change for the numbers now.

    Traces: edges that wait, edges that the gradient has passed (backwards), nodes that wait, nodes that have their
    gradient, the node reached last. Each node carries its name as the first entry of `customdata`, for clicks.
    """
    reached = trace.reached(steps)
    last = reached[-1] if reached else None
    edges = [(parent, node.name) for node in trace.nodes.values() for parent in node.parents]
    passed = [(child, parent) for parent, child in edges if parent in reached and child in reached]
    waiting = [edge for edge in edges if edge[::-1] not in passed]
    groups = (
        [node for name, node in trace.nodes.items() if name not in reached],
        [node for name, node in trace.nodes.items() if name in reached and name != last],
        [trace.nodes[last]] if last else [],
    )
    return {
        "data": [
            _lines(waiting),
            _lines(passed),
            _nodes(groups[0], gradients=False),
            *(_nodes(group, gradients=True) for group in groups[1:]),
        ],
        "label": f"{TITLE}: {len(trace.nodes)} tensors; {_progress(trace, len(reached), last)}",
    }


def _progress(trace: Trace, count: int, last: str | None) -> str:
    if last is None:
        return f"forward pass done, loss {short(trace.nodes['loss'].value.item())}; the backward pass has not started."
    node = trace.nodes[last]
    assert node.gradient is not None
    return (
        f"{count} of {len(trace.backward)} gradients computed; the last one is d{node.symbol}, {span(node.gradient)}."
    )


def _lines(edges: list[tuple[str, str]]) -> Patch:
    """One line for each edge, with an arrowhead just before its end."""
    x: list[float | None] = []
    y: list[float | None] = []
    sizes: list[int] = []
    for start, end in edges:
        way = [PLACES[start], *_over(start, end), PLACES[end]]
        (x0, y0), (x1, y1) = way[-2:]
        way.insert(-1, (x0 + 0.7 * (x1 - x0), y0 + 0.7 * (y1 - y0)))
        x += [*(place[0] for place in way), None]
        y += [*(place[1] for place in way), None]
        sizes += [*(0 for _ in way[:-2]), 10, 0, 0]
    return {"x": x, "y": y, "marker": {"size": sizes}}


def _over(start: str, end: str) -> tuple[tuple[float, float], ...]:
    """The bends of a line that has to go around other nodes."""
    return OVER.get((start, end)) or OVER.get((end, start), ())[::-1]


def _nodes(nodes: list[Node], gradients: bool) -> dict[str, Any]:
    return {
        "x": [PLACES[node.name][0] for node in nodes],
        "y": [PLACES[node.name][1] for node in nodes],
        "textposition": ["top center" if PLACES[node.name][1] > 0 else "bottom center" for node in nodes],
        "text": [_caption(node, gradients) for node in nodes],
        "customdata": [[node.name, _hover(node, gradients)] for node in nodes],
    }


def _caption(node: Node, gradients: bool) -> str:
    """Name and shape under a node, and the size of its gradient once it has one; the loss is a number."""
    value = short(node.value.item()) if node.kind == "loss" else shape_of(node.value)
    gradient = f"<br>grad ±{short(reach(node.gradient))}" if gradients and node.gradient is not None else ""
    return f"<b>{node.symbol}</b><br>{value}{gradient}"


def _hover(node: Node, gradients: bool) -> str:
    gradient = f"<br>gradient {span(node.gradient)}" if gradients and node.gradient is not None else ""
    return f"<b>{node.symbol}</b> {shape_of(node.value)}<br>{node.meaning}<br>numbers {span(node.value)}{gradient}"
