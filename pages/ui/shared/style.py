"""The little that the theme in `.streamlit/config.toml` cannot say: our colours, and what it leaves too faint.

What takes room is said earlier, in `pages/ui/live/first.css`.
"""

import streamlit as st

from mlp.plots.theme import DARK, LIGHT


def apply_style() -> None:
    """Put the style on the page.

    The browser knows by the class `live-dark` (see `mount.js`) which colours are shown, also where the system turns
    dark while the page is open. What the theme leaves too faint to read (captions, chosen segments, code) is made as
    strong as WCAG asks, 4.5 to 1.
    """
    st.html(
        f"""<style>
        :root {{ {_colours(LIGHT)} --live-chosen: #0a6f6a; --live-code: #1762ae; }}
        :root.live-dark {{ {_colours(DARK)} --live-chosen: #3fc1b8; --live-code: #6db3f7; }}
        [data-testid="stHtml"]:has(style) {{ display: none; }}
        [data-testid="stElementContainer"]:has(> [data-testid="stHtml"] style) {{ display: none; }}
        [data-testid="stStatusWidget"] {{ display: none; }}  /* its "Stop" would stand beside ours */
        [class*="st-key-lesson_card"] h2 {{ font-size: 1.05rem; }}
        h1.welcome {{ font-size: 1.6rem; padding: 0; margin: 0; }}
        @media (max-width: 640px) {{ h1.welcome {{ font-size: 1.35rem; }} }}
        p.welcome {{ margin: 0.1rem 0 0; max-width: 110ch; }}
        [data-testid="stCaptionContainer"] > * {{ color: inherit; }}
        [data-testid="stCaptionContainer"] {{ color: inherit; opacity: 0.78; }}
        [data-selected="true"] p {{ color: var(--live-chosen); }}
        .live-dark [data-testid="stBaseButton-primary"], .live-dark [data-testid="stBaseButton-primaryFormSubmit"] {{
            color: {DARK["paper"]}; }}
        [data-testid="stCode"] .token:is(.keyword, .number, .boolean, .function, .builtin) {{
            color: var(--live-code); }}
        :is(a, button, summary, [role="tab"]):focus-visible {{
            outline: 2px solid var(--live-chosen); outline-offset: 2px; }}
        </style>"""
    )


def _colours(palette: dict[str, str]) -> str:
    return " ".join(f"--live-{name}: {palette[name]};" for name in ("train", "dev", "guide"))
