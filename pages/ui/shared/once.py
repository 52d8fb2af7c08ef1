"""What is worked out once: for each network of a session, or for each snapshot."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.plots.patches import Patch
from pages.ui.live.session import View

T = TypeVar("T")


def cached_per_network(now: Snapshot, name: str, make: Callable[[], T]) -> T:
    """What takes long and depends on the words only: made once for each network of the session."""
    of, kept = st.session_state.get("lesson_once", (None, {}))
    if of != now.network:
        of, kept = st.session_state.lesson_once = (now.network, {})
    if name not in kept:
        kept[name] = make()
    return kept[name]


def cached_per_snapshot(function: Callable[[Snapshot], T]) -> Callable[[Snapshot], T]:
    """A function that several views of a page call: worked out once for the same snapshot."""
    last: list[tuple[Snapshot, T]] = []

    def remembered(snapshot: Snapshot) -> T:
        for of, value in last:
            if of is snapshot:
                return value
        value = function(snapshot)
        last[:] = [(snapshot, value)]
        return value

    return remembered


def static_view(patch: Patch) -> View:
    """The view of what training does not change."""
    return lambda snapshot: patch


def show_spaces(text: str) -> str:
    """A text in which a space can be seen."""
    return text.replace(" ", "␣")
