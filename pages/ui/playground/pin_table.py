"""The table of pinned runs: results first, then every setting; those in which the runs differ stand out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from mlp.plots.compare import GHOST_COLOURS, warning
from mlp.plots.theme import DARK, DARK_FOR, LIGHT
from mlp.settings import SPECS, show
from pages.ui.playground.pins import Pin
from pages.ui.shared.plain import plain

if TYPE_CHECKING:
    import pandas as pd

LINE = "Line"
NUMBERS = {"Lowest dev loss": "%.4f", "ms per epoch": "%.1f", "Parameters": "localized", "At step": "localized"}


def table(pins: Sequence[Pin], dark: bool) -> None:
    """Draw the table, and say what is marked in it."""
    import pandas as pd  # half a second, which no start need wait for

    differing = [name for name in SPECS if len({getattr(pin.settings, name) for pin in pins}) > 1]
    others = [name for name in SPECS if name not in differing]
    frame = pd.DataFrame([_row(pin, differing, others) for pin in pins])
    st.dataframe(
        frame.style.apply(_marked, axis=None, differing=[SPECS[name].label for name in differing], dark=dark),
        hide_index=True,
        placeholder="not measured",
        column_config={
            LINE: st.column_config.TextColumn(width=50, help="The colour of its curve."),
            "Run": st.column_config.TextColumn(width=280),
            **{name: st.column_config.NumberColumn(format=written) for name, written in NUMBERS.items()},
        },
    )
    st.caption(_explained(pins, differing))


def _row(pin: Pin, differing: list[str], others: list[str]) -> dict[str, Any]:
    """A run as a row; the settings in which the runs differ come before its results, the others after them."""

    def settings(names: list[str]) -> dict[str, str]:
        return {SPECS[name].label: show(name, getattr(pin.settings, name)) for name in names}

    return {
        LINE: "━━",
        "Run": pin.name,
        **settings(differing),
        "Lowest dev loss": pin.best[1] if pin.best else None,
        "At step": pin.best[0] if pin.best else None,
        "Parameters": pin.parameters,
        "ms per epoch": pin.cost,
        **settings(others),
    }


def _marked(frame: "pd.DataFrame", differing: list[str], dark: bool) -> "pd.DataFrame":
    """The styles of the cells: each line in its colour, each setting that differs on a tint."""
    import pandas as pd

    styles = pd.DataFrame("", index=frame.index, columns=frame.columns)
    colours = [DARK_FOR[colour] if dark else colour for colour in GHOST_COLOURS]
    styles[LINE] = [f"color: {colour}" for colour in colours[: len(frame)]]
    styles[differing] = f"background-color: {(DARK if dark else LIGHT)['tint']}"
    return styles


def _explained(pins: Sequence[Pin], differing: list[str]) -> str:
    if len(pins) < 2:
        return "Pin more runs (up to eight) to compare them here."
    said = "Highlighted: the settings that differ. The ones they share are further right."
    if not differing:
        said = "These runs have identical settings."
    return f"{said} {plain(warning([pin.recipe.words.title for pin in pins], [pin.dev_words for pin in pins]))}".strip()
