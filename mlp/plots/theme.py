"""The look of every figure: one palette, one type size, the same colour for train and for dev everywhere.

Figures are drawn in the colours of `LIGHT`. A page in dark mode swaps each for the colour of the same name in `DARK`
(`DARK_FOR`), so a figure never needs to know where it is shown.
"""

import html
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, ParamSpec

import plotly.graph_objects as go

P = ParamSpec("P")

LIGHT = {
    "ink": "#1d2530", "muted": "#5d6875", "grid": "#d5dae1", "line": "#c3c9d1", "paper": "#fefefe", "panel": "#f5f6f8",
    "accent": "#0b7a75", "train": "#2563c9", "dev": "#b84a00", "test": "#7a4fbf", "bad": "#c0262d", "good": "#1a7f4b",
    "vowel": "#c2255c", "consonant": "#47699d", "sign": "#946200", "boundary": "#1d2531", "tint": "#d9efed",
    "negative": "#b5472a", "zero": "#fbfbfa", "positive": "#1d6fa6", "low": "#f3f5f7", "high": "#0b5f8a",
    "guide": "#8f3fb0", "batch": "#97a2ae",
}  # fmt: skip

DARK = {
    "ink": "#e8ecf1", "muted": "#9aa6b4", "grid": "#37414e", "line": "#4a5563", "paper": "#12171e", "panel": "#1a212b",
    "accent": "#3fc1b8", "train": "#6aa5ff", "dev": "#ff9b52", "test": "#b794f4", "bad": "#ff7b7b", "good": "#56c98d",
    "vowel": "#ff7eab", "consonant": "#8fb3e8", "sign": "#e5b454", "boundary": "#e8ecf2", "tint": "#1f4f4d",
    "negative": "#ff8f6b", "zero": "#1b222c", "positive": "#5db8f5", "low": "#1a2029", "high": "#64c3f7",
    "guide": "#d9a0ee", "batch": "#68778a",
}  # fmt: skip

DARK_FOR = {light: DARK[name] for name, light in LIGHT.items()}

DIVERGING = [[0.0, LIGHT["negative"]], [0.5, LIGHT["zero"]], [1.0, LIGHT["positive"]]]
SEQUENTIAL = [[0.0, LIGHT["low"]], [1.0, LIGHT["high"]]]

FONT_SIZE = 14
AXIS_TITLE_SIZE = 13
LEGEND_ABOVE = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}  # in one line, over the left of the plot


def empty_figure(height: int = 420, **layout: object) -> go.Figure:
    """An empty figure in the house style; `layout` is merged into its layout.

    Plotly builds a figure from one plain dict in a tenth of the time that `Figure.update_layout` takes.
    """
    axis = {
        "gridcolor": LIGHT["grid"], "zerolinecolor": LIGHT["line"], "linecolor": LIGHT["line"], "automargin": True,
        "title": {"font": {"size": AXIS_TITLE_SIZE, "color": LIGHT["muted"]}},
    }  # fmt: skip
    house = {
        "template": "none",
        "height": height,
        "font": {"size": FONT_SIZE, "color": LIGHT["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 56, "r": 16, "t": 16, "b": 48},
        "hoverlabel": {
            "font": {"size": FONT_SIZE, "color": LIGHT["ink"]},
            "bgcolor": LIGHT["panel"],
            "bordercolor": LIGHT["line"],
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": LIGHT["muted"], "activecolor": LIGHT["accent"]},
        "uirevision": "kept",
        "xaxis": axis,
        "yaxis": axis,
    }
    return go.Figure(layout=merged(house, layout))


def merged(plain: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A plain dict with changes; a dotted key reaches inside, and what is inside a dict is merged, not replaced."""
    whole = dict(plain)
    for path, value in changes.items():
        first, _, rest = path.partition(".")
        change = {rest: value} if rest else value
        old = whole.get(first, {} if rest else None)
        whole[first] = merged(old, change) if isinstance(old, Mapping) and isinstance(change, Mapping) else change
    return whole


def built_once(make: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """For a function whose figure follows from its hashable arguments: each is made once, and copied from then on."""

    @lru_cache(maxsize=64)
    def plain(*args: Any, **named: Any) -> dict[str, Any]:
        return make(*args, **named).to_plotly_json()

    @wraps(make)
    def copied(*args: P.args, **named: P.kwargs) -> go.Figure:
        return go.Figure(plain(*args, **named))  # type: ignore[arg-type]

    return copied


def shown(character: str) -> str:
    """A character as it is shown in a chart: a space is made visible, and what Plotly would parse is escaped."""
    return "␣" if character == " " else html.escape(character)
