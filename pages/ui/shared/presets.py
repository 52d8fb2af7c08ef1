"""Presets: runs worth seeing, each a choice away on every page."""

import streamlit as st

from mlp.analysis.presets import PRESETS
from pages.ui.live.session import Session


def choose(session: Session) -> None:
    """The list of presets; choosing one trains it at once."""
    st.selectbox(
        "Preset", list(PRESETS), index=None, key="preset", placeholder="Choose a run worth seeing",
        format_func=lambda name: PRESETS[name].label, on_change=_load, args=(session,),
        help="Settings that show one thing clearly. Choosing one begins a new network and trains it.",
    )  # fmt: skip


def _load(session: Session) -> None:
    name, st.session_state.preset = st.session_state.preset, None  # so that the same one can be chosen again
    if name in PRESETS:
        preset = PRESETS[name]
        session.run.load(preset.settings, preset.steps, preset.description)
