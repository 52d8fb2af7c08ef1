"""The first words of the app, and the one question it asks before anything is pressed."""

import numpy as np
import streamlit as st

from mlp.analysis.neighbours import distances_to
from mlp.analysis.presets import MEASURED_ON
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
    noun, count = now.dataset.noun, len(now.dataset.train.words)
    st.container(key="welcome").html(
        f"<h1 class='welcome'>Watch a network learn to invent {noun}</h1>"
        f"<p class='welcome'>It reads {count:,} {_of_list(now)} and learns to guess the next character. "
        "On the map, characters that are used alike end up together.</p>"
    )


def _of_list(now: Snapshot) -> str:
    """The words of the list as a reader calls them."""
    return "Pokémon names" if now.settings.word_list == MEASURED_ON else now.dataset.noun


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
        live.live_table("guess", "Your guess", lambda now: {"text": told(now, target, chosen, offered)})


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


def told(now: Snapshot, target: int, chosen: int | None, offered: list[int]) -> str:
    """How the guess stands at the step that is shown."""
    characters = now.dataset.vocabulary.characters
    if chosen is None or max(target, chosen) >= len(characters):
        return ""
    if now.step < ANSWERED_AT:
        return f"You will see at step {ANSWERED_AT:,}."
    far = distances_to(now.model.C.numpy(), target)
    if not np.isfinite(np.delete(far, target)).all():
        return "The points have overflowed, so none is near."
    ranks = {row: rank for rank, row in enumerate(sorted(offered, key=lambda row: (float(far[row]), row)), start=1)}
    best, mine = min(ranks, key=ranks.__getitem__), show_spaces(characters[chosen])
    if best == chosen:
        return f"Right: at step {now.step:,} “{mine}” is the nearest of these {len(offered)}."
    return (
        f"At step {now.step:,} “{mine}” is only {ordinal(ranks[chosen])} nearest of these {len(offered)}; "
        f"“{show_spaces(characters[best])}” is the nearest."
    )
