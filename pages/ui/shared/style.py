"""The little that the theme in `.streamlit/config.toml` cannot say: the colours of train and dev, and tight chrome."""

import streamlit as st

from mlp.plots.theme import DARK, LIGHT


def apply_style() -> None:
    """Put the style on the page."""
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    st.html(
        f"""<style>
        :root {{ --live-train: {palette["train"]}; --live-dev: {palette["dev"]}; --live-guide: {palette["guide"]}; }}
        .stMainBlockContainer {{ max-width: 1560px; padding-left: 2rem; padding-right: 2rem; }}
        [data-testid="stSidebarHeader"] {{ height: 2.6rem; margin-bottom: 0; }}
        .stMainBlockContainer [data-testid="stVerticalBlock"] {{ gap: 0.6rem; }}
        .stMainBlockContainer {{ padding-top: 4.6rem; }}
        [data-testid="stHtml"]:has(style) {{ display: none; }}
        [data-testid="stElementContainer"]:has(> [data-testid="stHtml"] style) {{ display: none; }}
        [data-testid="stStatusWidget"] {{ display: none; }}  /* its "Stop" would stand beside ours */
        h3, h4 {{ padding-bottom: 0.2rem; }}
        h1.welcome {{ font-size: 1.6rem; padding: 0; margin: 0; }}
        @media (max-width: 640px) {{ h1.welcome {{ font-size: 1.35rem; }} }}
        p.welcome {{ margin: 0.1rem 0 0; max-width: 110ch; }}
        </style>"""
    )
