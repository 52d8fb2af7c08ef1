"""A measure of a session's run over its steps, kept for as long as it is asked for in the same way."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from mlp.engine.over_time import OverTime
from mlp.engine.snapshot import Snapshot
from pages.ui.live.session import Session

T = TypeVar("T")


def kept_series(session: Session, key: str, measure: Callable[[Snapshot, int], T], of: Any = None) -> OverTime[T]:
    """The measures of that key; begun anew where they are `of` something else than before, as the reader's choices."""
    made_for, series = st.session_state.get(f"series_{key}", (None, None))
    if series is None or made_for != of:
        series = OverTime(session.engine, measure, session.run.notify)
        st.session_state[f"series_{key}"] = of, series
    found: OverTime[T] = series
    return found


def up_to_now(points: Sequence[tuple[int, T]], now: Snapshot, measure: Callable[[], T]) -> list[tuple[int, T]]:
    """The points of a series and, where they do not reach it, the step that the page looks at."""
    if points and points[-1][0] >= now.step:
        return list(points)
    return [*points, (now.step, measure())]
