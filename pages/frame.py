"""What is drawn around every page: title, navigation, settings and transport."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)
ICON = str(Path(__file__).resolve().parent / "ui" / "icon.png")
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402

from pages.ui import live, presets  # noqa: E402
from pages.ui.lesson import ORDER  # noqa: E402
from pages.ui.session import current  # noqa: E402
from pages.ui.style import dress  # noqa: E402

st.set_page_config("See a network learn", ICON, layout="wide", initial_sidebar_state="auto")

lessons = [st.Page(file, title=title, help=about) for file, title, about in ORDER]
page = st.navigation(
    {
        "": [
            st.Page("playground.py", title="Playground", default=True, help="Train the network and watch it learn"),
            st.Page("lab.py", title="Fitting lab", help="Drag a slider and watch underfitting turn into overfitting"),
        ],
        "The notes, line by line": lessons,
    },
    position="top",
)
session = current()
session.enter(page.title)
dress()
with st.sidebar:
    st.subheader("Settings", anchor=False)
    presets.choose(session)
    live.panel()
for note in session.notes:
    st.info(note, icon=":material/link:")
live.transport()
page.run()
live.bridge(session)
