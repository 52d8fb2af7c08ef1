"""Predict, then see: the reader commits a guess, and only then is the answer shown, with the guess beside it.

What was asked and found is kept for the session, and forgotten as soon as it would be about something else.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlp.engine.snapshot import Snapshot
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.shared.once import static_view
from pages.ui.shared.plain import plain

T = TypeVar("T")

CHANGED = "The network has just been changed, so here is the question again."
FIRST = "Answer first: then you see what is right."


@dataclass(frozen=True)
class Choice:
    """One of a few answers."""

    label: str
    options: Sequence[str]

    def draw(self, key: str) -> None:
        st.radio(self.label, self.options, index=None, key=key, horizontal=True, persist_state="session")


@dataclass(frozen=True)
class Number:
    """A number between two bounds; whole where `step` is."""

    label: str
    low: float
    high: float
    step: float

    def draw(self, key: str) -> None:
        st.number_input(self.label, value=None, step=self.step, key=key, placeholder="?", persist_state="session")

    def check(self, guess: Any) -> None:
        """A `ValueError` says between which numbers the answer can lie; the field's own red frame does not."""
        if not self.low <= guess <= self.high:
            raise ValueError(f"“{self.label}” lies between {self.low:,.10g} and {self.high:,.10g}.")


@dataclass(frozen=True)
class Text:
    """A short text; `example` says of which form."""

    label: str
    example: str

    def draw(self, key: str) -> None:
        st.text_input(self.label, None, key=key, placeholder=self.example, max_chars=200, persist_state="session")


@dataclass(frozen=True)
class Seen(Generic[T]):
    """A guess for each field, what was found of the network at `step`, and that step."""

    guesses: tuple[Any, ...]
    truth: T
    step: int


@dataclass
class _Asked:
    """What a question is about, how often it was asked anew, what came of it, and why nothing did."""

    about: Hashable
    number: int = 0
    seen: Seen[Any] | None = None
    fault: str = field(default="")


def ask(
    key: str,
    about: Hashable,
    title: str,
    question: str,
    fields: Sequence[Choice | Number | Text],
    find: Callable[[tuple[Any, ...], Snapshot], T],
    *,
    level: int = 3,
) -> tuple[Seen[T] | None, DeltaGenerator]:
    """Draw a question under its title, with fields and a button; what was found for a guess, and where to show it.

    Args:
        about: what the question depends on beside the network and its settings; with another one it is asked anew.
        find: from the guesses, one a field, and the network of that moment to the answer. A `ValueError` says what is
            wrong with a guess.
        level: of its heading; 2 where it stands under the page's title.
    """
    now = lesson.snapshot()
    asked = _asked(key, (now.network, now.settings, about))
    keys = [f"predict_{key}_{asked.number}_{place}" for place in range(len(fields))]

    def commit() -> None:
        then = lesson.snapshot()
        asked.seen, asked.fault = None, ""
        guesses = tuple(st.session_state.get(name) for name in keys)
        if then.network != now.network:
            asked.fault = CHANGED
        elif empty := [each.label for each, guess in zip(fields, guesses, strict=True) if guess in (None, "")]:
            asked.fault = FIRST if len(fields) == 1 else f"{FIRST} Still empty, or not understood: {', '.join(empty)}."
        else:
            try:
                for each, guess in zip(fields, guesses, strict=True):
                    if isinstance(each, Number):
                        each.check(guess)
                asked.seen = Seen(guesses, find(guesses, then), then.step)
            except ValueError as error:
                asked.fault = str(error)

    with st.container(key=f"predict_{key}"):
        left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"{'#' * level} Predict, then see: {title}")
        st.markdown(question)
        with st.form(f"predict_form_{key}", border=False):
            for each, name in zip(fields, keys, strict=True):
                each.draw(name)
            st.form_submit_button("Commit my guess", key=f"predict_commit_{key}", on_click=commit)
        if asked.fault:
            st.warning(plain(asked.fault), icon=":material/edit:")
    if asked.seen is None:
        right.caption("The answer appears here, next to your guess.")
    return asked.seen, right


def _asked(key: str, about: Hashable) -> _Asked:
    """What is kept of a question, begun anew where it is about something else."""
    name = f"predict_{key}_asked"
    kept: _Asked | None = st.session_state.get(name)
    if kept is None or kept.about != about:
        kept = st.session_state[name] = _Asked(about, kept.number + 1 if kept else 0)
    return kept


def verdict(guess: float, truth: float, within: float) -> str:
    """What a guessed number was: "right" where it is no farther than `within` from the truth."""
    if abs(guess - truth) <= within * (1 + 1e-9):  # 0.7 lies within 0.1 of 0.6, whatever floats say
        return "right"
    if not math.isfinite(truth):
        return "–"
    return "too low" if guess < truth else "too high"


def right_or_not(*, right: bool) -> str:
    """How the sentence under a guess begins."""
    return "Right" if right else "Not so"


def compare(key: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], why: str, step: int) -> None:
    """Guesses and truths side by side, and one sentence why. The numbers are those of the step that is named."""
    table = {"columns": list(columns), "rows": [list(row) for row in rows]}
    live.live_table(f"predict-{key}", title, static_view(table), mono=True)
    st.markdown(why)
    st.caption(f"Found at step {step:,}. Commit again to ask about the network as it is now.")
