"""Presets: ready-made settings, each a choice away on every page."""

import streamlit as st

from mlp.analysis.presets import PRESETS
from pages.ui.live.session import Session


def choose(session: Session) -> None:
    """The list of presets; choosing one trains it at once, on the word list at hand where it is not of one alone."""
    st.selectbox(
        "Preset", list(PRESETS), index=None, key="preset", placeholder="Choose a preset",
        format_func=lambda name: PRESETS[name].label, on_change=_load, args=(session,),
        help="Ready-made settings, each chosen to show one effect. Choosing one starts a new network and trains it.",
    )  # fmt: skip


def _load(session: Session) -> None:
    name, st.session_state.preset = st.session_state.preset, None  # so that the same one can be chosen again
    if name in PRESETS:
        preset = PRESETS[name].on(session.run.snapshot.settings.word_list)
        session.run.load(preset.settings, preset.steps, preset.description)
