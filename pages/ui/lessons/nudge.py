"""The check of one number's gradient that needs no calculus: the reader picks the number and the nudge."""

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons import last_lines
from mlp.lessons.backward import finite_difference, largest_entry
from mlp.lessons.trace import gradients_by_hand
from pages.ui.lessons import backward_tables, lesson
from pages.ui.live import components as live
from pages.ui.shared.throttle import Throttled, if_same_shape

NUDGES = [1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8]


def show(now: Snapshot, X: Tensor, Y: Tensor) -> None:
    """The controls, the two losses with the slope between, and the code, on contexts X (B, T) and labels Y (B,)."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.write(
            "You can check a gradient without calculus: make one number slightly smaller, then slightly larger, and "
            "see how the loss changes. The slope between the two losses is very nearly the gradient. This uses "
            "float64, because subtracting two nearly equal numbers loses digits. If the nudge is too large, the "
            "curvature of the loss spoils the result; if it is too small, rounding does."
        )
        name, entry, nudge = _choose(now, X, Y)
    with right:
        view = Throttled(lambda s: backward_tables.nudge(finite_difference(s.model, X, Y, name, entry, nudge)))
        live.live_table("backward-nudge", "A finite difference", if_same_shape(now, view))
        with st.expander("Show the code"):
            lesson.code(last_lines.finite_difference(name, entry, nudge, now.settings.direct))


def _choose(now: Snapshot, X: Tensor, Y: Tensor) -> tuple[str, tuple[int, ...], float]:
    """The parameter, the entry in it, and the nudge."""
    key = f"backward_nudge_{now.settings.direct}"  # with direct connections there is one more to choose from
    name = st.segmented_control(
        "Parameter", list(now.model.parameters), default="W1", required=True, key=key, persist_state="session"
    )
    shape = now.model.shapes[name]
    keys = [f"backward_entry_{name}_{axis}_{size}" for axis, size in enumerate(shape)]
    labels = ("row", "column") if len(shape) > 1 else ("index",)

    def take_the_steepest() -> None:
        gradient = gradients_by_hand(lesson.snapshot().model, X, Y)[name]
        st.session_state.update(zip(keys, largest_entry(gradient), strict=True))

    *fields, last = st.columns(len(shape) + 1)
    entry = tuple(
        field.number_input(label, 0, size - 1, 0, 1, key=key, persist_state="session")
        for field, label, size, key in zip(fields, labels, shape, keys, strict=True)
    )
    nudge = last.selectbox("Nudge", NUDGES, 4, format_func="{:g}".format)
    st.button("Pick the entry with the largest gradient", on_click=take_the_steepest, icon=":material/trending_up:")
    return name, entry, nudge
