"""The controls of the map of fits: its two axes, what its networks have in common, and how long they train."""

from contextlib import nullcontext
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlp.analysis.presets import MAP
from mlp.settings import SPECS, Settings
from mlp.sweep.fit_map import FitMap
from mlp.sweep.grid import AXES, check_axes
from pages.ui.lab.axis_text import SUGGESTED, read_axis
from pages.ui.lab.bench import Lab
from pages.ui.live.commands import REFUSED
from pages.ui.live.session import current

RECOMMENDED, OWN = "Recommended", "From my network"
COMMON_HELP = (
    "The settings that all networks share. *Recommended*: ten embedding dimensions and scaled weights, which make the "
    "effect easy to see, and the word list of your network. *From my network*: the settings in the sidebar."
)
VALUES_HELP = "Numbers separated by commas. For training examples, “all” is allowed too."

QUICK_WORDS = 50_000

Axis = tuple[str, tuple[Any, ...]]


def axis(place: DeltaGenerator, title: str, key: str, default: str) -> Axis | None:
    """A setting and its values; None, and a sentence, where the text makes no sense."""
    legal = [name for name in AXES if not current().refuses(name)]
    if not legal:
        place.info(REFUSED)
        return None
    name = place.selectbox(
        title, legal, legal.index(default) if default in legal else 0, key=f"lab_{key}",
        format_func=lambda name: SPECS[name].label, persist_state="session",
    )  # fmt: skip
    text = place.text_input(
        f"Values of {SPECS[name].label.lower()}", SUGGESTED[name], key=f"lab_{key}_{name}", help=VALUES_HELP,
        persist_state="session",
    )  # fmt: skip
    try:
        return name, read_axis(name, text)
    except ValueError as error:
        place.warning(str(error), icon=":material/edit:")
        return None


def both(x: Axis | None, y: Axis | None) -> tuple[Axis, Axis] | None:
    """Two axes that make a map; None, and a sentence, where they do not go together."""
    if not x or not y:
        return None
    try:
        return check_axes(x, y, current().engine.limits)
    except ValueError as error:
        st.warning(str(error), icon=":material/edit:")
        return None


def common(place: DeltaGenerator) -> tuple[Settings, int]:
    """What all networks have in common, and the number of steps."""
    which = place.segmented_control(
        "All other settings", [RECOMMENDED, OWN], default=RECOMMENDED, required=True, key="lab_common",
        help=COMMON_HELP, persist_state="session",
    )  # fmt: skip
    steps = place.number_input(
        "Steps", 1, current().engine.limits.map_steps, MAP.steps, 1000, key="lab_steps", persist_state="session",
        help="How many steps each network is trained for.",
    )  # fmt: skip
    own = current().run.snapshot.settings
    return own if which == OWN else MAP.settings.with_changes(word_list=own.word_list), int(steps)


def first_map(here: Lab) -> bool:
    """Whether a map is to be trained without being asked: the first one, of words that are soon cut into examples."""
    seen, here.opened = here.opened, True
    return not seen and here.map is None and len(here.run.trainer.words) <= QUICK_WORDS


def build(here: Lab, settings: Settings, x: Axis, y: Axis, steps: int, *, asked: bool = True) -> None:
    """Make the map and train it; where that cannot be, say why and leave the last map.

    Where nobody has `asked` for it nothing is said meanwhile: what comes and goes would move the page.
    """
    words = current().run.trainer.words if settings.word_list == current().run.snapshot.settings.word_list else None
    try:
        with st.spinner("Preparing the networks…") if asked else nullcontext():
            fits = FitMap(settings, words, x=x, y=y, limits=here.engine.limits)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
    else:
        here.train_map(fits, steps, asked=asked)
