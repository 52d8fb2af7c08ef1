"""The graph of the page on the backward pass, walked backwards under the reader's control."""

from typing import Literal

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons.examples import Row
from mlp.lessons.trace import Node, Trace, trace
from mlp.plots import graph
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.live.loading import drawing
from pages.ui.shared import tensor_chart
from pages.ui.shared.throttle import Throttled, if_same_shape

STEPS = "backward_steps"


@st.fragment  # a step back draws this section anew, not the whole page
@drawing()
def show(now: Snapshot, traced: Trace, X: Tensor, Y: Tensor, rows: tuple[Row, ...]) -> None:
    """The controls, the graph, and value and gradient of the tensor reached last.

    Args:
        now: the snapshot that the page was made for. traced: its trace on contexts X (B, T) and labels Y (B,).
        rows: the examples, to name them.
    """
    at = _controls(traced)
    trace_now = Throttled(lambda s: trace(s.model, X, Y), rest=3.0, least=0.0)

    def go_to(name: str) -> None:
        if name in traced.backward:
            st.session_state[STEPS] = traced.backward.index(name) + 1

    view = if_same_shape(now, lambda s: graph.update(trace_now(s), at))
    live.diagram("backward-graph", graph.TITLE, graph.figure(traced, at), view, on_click=go_to)
    here = traced.nodes[traced.backward[at - 1] if at else "loss"]
    level: Literal["top", "bottom"] = "bottom" if at else "top"  # the heatmaps side by side
    left, right = st.columns(2, gap="medium", vertical_alignment=level)
    with left:
        _value(here)
        tensor_chart.show("backward-value", now, here.name, lambda s: trace_now(s).nodes[here.name].value, rows)
    with right:
        if at:
            _gradient(here)
            tensor_chart.show(
                "backward-gradient", now, here.name, lambda s: _slope(trace_now(s), here.name), rows,
                title=f"d{here.symbol}",
            )  # fmt: skip
        else:
            st.write(
                "No gradient has been computed yet. The first step back gives the gradient of the loss with respect "
                "to itself: 1."
            )


def _controls(traced: Trace) -> int:
    """Buttons and a slider; how many steps back the gradient has come."""
    last = len(traced.backward)
    st.session_state.setdefault(STEPS, 0)
    st.session_state[STEPS] = min(st.session_state[STEPS], last)

    def walk(steps: int) -> None:
        st.session_state[STEPS] = min(max(st.session_state[STEPS] + steps, 0), last)

    def named(steps: int) -> str:
        return (
            f"{steps} of {last}: d{traced.nodes[traced.backward[steps - 1]].symbol}" if steps else "forward pass done"
        )

    back, undo, slider = st.columns([3, 2, 7], gap="small", vertical_alignment="bottom")
    at: int = slider.select_slider(
        "Gradient known up to", range(last + 1), key=STEPS, format_func=named, persist_state="session"
    )
    arrow = ":material/arrow_back:"
    back.button("One step back", on_click=walk, args=(1,), icon=arrow, shortcut="B", width="stretch", type="primary")
    undo.button("Undo", on_click=walk, args=(-1,), icon=":material/undo:", shortcut="U", width="stretch")
    return at


def _value(node: Node) -> None:
    st.write(f"**{node.symbol}**: {node.meaning}.")
    if node.formula:
        st.latex(node.formula)
        lesson.code(node.code)


def _gradient(node: Node) -> None:
    before = "computed from the gradients found so far" if node.kind != "loss" else "where the backward pass starts"
    st.write(f"**d{node.symbol}**, {before}:")
    st.latex(node.gradient_formula)
    lesson.code(node.gradient_code)


def _slope(traced: Trace, name: str) -> Tensor:
    gradient = traced.nodes[name].gradient
    assert gradient is not None
    return gradient
