"""Pages that need no server and no network: templates of `static/`, filled in, with plotly.js inside.

Text is escaped for HTML, data for the script element that holds them. Each page forbids itself the network by a
Content-Security-Policy, so nothing in it can call home.
"""

import html
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from plotly.offline import get_plotlyjs

from mlp.plots.theme import DARK, DARK_FOR, LIGHT

PLACE = re.compile(r"\{\{(\w+)\}\}")


def page(template: str, script: str, title: str, data: dict[str, Any], **texts: str) -> str:
    """A whole page.

    Args:
        template, script: names of files in `static/`. title: of the page, plain text. data: what the script reads.
        texts: plain texts for the other places of the template.
    """
    parts = {
        "title": html.escape(title),
        "style": _colours() + static("page.css"),
        "plotly": get_plotlyjs(),
        "data": in_script({**data, "darkFor": DARK_FOR}),
        "script": static("charts.js") + static(script),
        **{name: html.escape(text) for name, text in texts.items()},
    }
    return PLACE.sub(lambda place: parts[place[1]], static(template))  # once, so what is filled in stays as it is


@cache
def static(name: str) -> str:
    """The text of a file in `static/`."""
    return (files("mlp.export") / "static" / name).read_text(encoding="utf-8")


def in_script(data: Any) -> str:
    """JSON that cannot end the script element it stands in, nor begin a comment there."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _colours() -> str:
    """The palette as CSS variables, light and dark."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in palette.items()) for palette in (LIGHT, DARK))
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
