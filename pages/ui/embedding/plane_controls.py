"""The plane of a two-dimensional embedding: its controls, its picture, and what a moved letter changes."""

from typing import Any

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.graphemes import clusters
from mlp.plots import plane
from pages.ui.embedding.what_if import FARTHEST, WhatIf, table
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.live.session import Session
from pages.ui.shared.once import show_spaces
from pages.ui.shared.plain import plain
from pages.ui.shared.throttle import if_same_shape

CONTEXT, NEXT = "ra", "l"


def show(session: Session, now: Snapshot) -> None:
    """The section."""
    vocabulary, T = now.dataset.vocabulary, now.settings.block_size
    what_if: WhatIf = st.session_state.setdefault("what_if", WhatIf())
    st.write(
        "The colour of each place is the probability of the next character you choose, if one character of the context "
        "had its embedding there. **Drag a letter** to another place and watch the predictions and the loss change. "
        "Training goes on without it: your letters are moved on this picture only. A dotted line leads from where the "
        "network has a letter; the ring is around the character of the context that the colours are about."
    )

    def drag(value: Any) -> None:
        what_if.drag(value)
        session.run.notify()

    left, right = st.columns([5, 3], gap="medium")
    with right:
        context = _context(now)
        slots = [f"{place}: {show_spaces(vocabulary.characters[row])}" for place, row in enumerate(context, start=1)]
        slot = st.selectbox(
            "Character of the context to move over the plane", range(T), T - 1, format_func=slots.__getitem__,
            key=f"plane_slot_{T}", persist_state="session",
        )  # fmt: skip
        V = len(vocabulary)
        target = st.selectbox(
            "Next character", range(V), vocabulary.index.get(NEXT, min(1, V - 1)), key=f"plane_target_{V}",
            format_func=lambda row: show_spaces(vocabulary.characters[row]), persist_state="session",
        )  # fmt: skip
        live.live_table(
            "plane-table", "What moved letters change", if_same_shape(now, table(what_if, context, slot, target))
        )
        _by_numbers(session, what_if, now, context[slot])
    with left:
        session.handlers["plane-drag"] = drag
        view = if_same_shape(now, lambda then: what_if.picture(then, context, slot, target))
        live.chart("plane", plane.TITLE, plane.figure(), view, drags="plane-drag")


def _context(now: Snapshot) -> list[int]:
    """The indices of the context's characters: what was typed, filled up with the boundary in front."""
    vocabulary, T = now.dataset.vocabulary, now.settings.block_size
    begin = CONTEXT if vocabulary.knows(CONTEXT) else "".join(clusters(now.dataset.train.words[0])[:2])
    typed = st.text_input("Context", begin, key=lesson.of_list("plane_context", now), persist_state="session")
    try:
        known = vocabulary.encode(vocabulary.spell(typed))
        st.session_state.plane_last = known
    except ValueError as error:
        st.warning(plain(f"{error} The last context stays."), icon=":material/edit:")
        known = [row for row in st.session_state.get("plane_last", []) if row < len(vocabulary)]
    return ([0] * T + known)[-T:]


def _by_numbers(session: Session, what_if: WhatIf, now: Snapshot, index: int) -> None:
    """The same without a pointer: the place of one character in numbers, and the way back."""
    name = show_spaces(now.dataset.vocabulary.characters[index])
    keys = [f"plane_place_{index}_{dimension}" for dimension in (1, 2)]
    one, two = st.columns(2)
    for column, dimension, key in zip((one, two), (1, 2), keys, strict=True):
        column.number_input(
            f"Dimension {dimension} of “{name}”", -FARTHEST, FARTHEST, None, 0.1, key=key, placeholder="as it is",
            persist_state="session",
        )  # fmt: skip

    def put() -> None:
        asked = [st.session_state[key] for key in keys]
        if asked == [None, None]:
            st.session_state.plane_fault = f"Type a number from −1,000 to 1,000 for a dimension of “{name}”."
            return
        st.session_state.plane_fault = ""
        here = what_if.model(lesson.snapshot()).C[index].tolist()
        x, y = (old if new is None else new for new, old in zip(asked, here, strict=True))
        what_if.put(index, x, y)
        session.run.notify()

    def back() -> None:
        what_if.put_back()
        st.session_state.plane_fault = ""
        session.run.notify()

    if fault := st.session_state.get("plane_fault"):
        st.warning(plain(fault), icon=":material/edit:")
    one, two = st.columns(2)
    one.button(f"Move “{name}” there", on_click=put, width="stretch")
    two.button(
        "Put it back", on_click=back, icon=":material/undo:", width="stretch", help="Every letter that you have moved."
    )
