"""The first words of the app, and the one question it asks before anything is pressed."""

import numpy as np
import streamlit as st

from mlp.analysis.neighbours import distances_to
from mlp.dataset import Dataset
from mlp.engine.snapshot import Snapshot
from mlp.plots.embedding import group_of
from pages.ui.live import components as live
from pages.ui.shared.formatting import ordinal
from pages.ui.shared.once import show_spaces
from pages.ui.shared.plain import plain

ANSWERED_AT = 5000  # steps, after which letters that are used alike stand together
VOWELS_OFFERED, OTHERS_OFFERED = 3, 4


def head(now: Snapshot) -> None:
    """What this is, in a line and a sentence."""
    noun = now.dataset.noun
    st.container(key="welcome").html(
        f"<h1 class='welcome'>Watch a network learn to invent {noun}</h1>"
        f"<p class='welcome'>It reads {len(now.dataset.train.words):,} {noun} and learns to guess the next character. "
        "On the map, characters that are used alike end up together.</p>"
    )


def guess(dataset: Dataset) -> None:
    """Which letters will end up together? The reader chooses, and is told at a step where it can be seen."""
    target, offered = question(dataset)
    if not offered:
        return
    characters = dataset.vocabulary.characters
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="guess_row"):
        st.markdown(plain(f"Guess first: which of these will end up nearest to “{show_spaces(characters[target])}”?"))
        chosen = st.pills(
            "Nearest character", offered, format_func=lambda row: show_spaces(characters[row]),
            key=f"guess_{len(characters)}_{dataset.noun}", label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        live.live_table("guess", "Your guess", lambda now: {"text": told(now, target, chosen)})


def question(dataset: Dataset) -> tuple[int, list[int]]:
    """The character that is asked about, “e” where it occurs, and frequent ones to choose from, in their order."""
    characters, seen = dataset.vocabulary.characters, dataset.seen
    often = sorted((row for row in range(1, len(characters)) if seen[row]), key=lambda row: -seen[row])
    if len(often) < 3:
        return 0, []
    target = next((row for row in often if characters[row] == "e"), often[0])
    vowels = [row for row in often if row != target and group_of(characters[row]) == "vowel"][:VOWELS_OFFERED]
    others = [row for row in often if row != target and group_of(characters[row]) != "vowel"][:OTHERS_OFFERED]
    return target, sorted(vowels + others)


def told(now: Snapshot, target: int, chosen: int | None) -> str:
    """How the guess stands at the step that is shown."""
    characters = now.dataset.vocabulary.characters
    if chosen is None or max(target, chosen) >= len(characters):
        return ""
    if now.step < ANSWERED_AT:
        return f"You will see at step {ANSWERED_AT:,}."
    far = distances_to(now.model.C.numpy(), target)
    if not np.isfinite(np.delete(far, target)).all():
        return "The points have overflowed, so none is near."
    nearer = sum(1 for row in range(len(characters)) if row != target and far[row] < far[chosen])
    nearest = min((row for row in range(len(characters)) if row != target), key=lambda row: (float(far[row]), row))
    if nearest == chosen:
        return f"Right: at step {now.step:,} it is the nearest of {len(characters) - 1}."
    return (
        f"At step {now.step:,} it is {ordinal(nearer + 1)} of {len(characters) - 1}; "
        f"“{show_spaces(characters[nearest])}” is the nearest."
    )
