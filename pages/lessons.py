"""The guided lessons: what there is to choose from, how far each has come, and a teacher's own file."""

import streamlit as st

from pages.ui.guide import shelf
from pages.ui.guide.panel import guide_of
from pages.ui.live.session import current

guide = guide_of(current())
st.title("Guided lessons", anchor=False)
st.write(
    "Each lesson drives the app for you: it opens pages, sets the settings and trains the network, tells you what to "
    "look at, and asks before it shows. You can leave it at any time, play with everything, and resume."
)
shelf.choose(guide)
shelf.own_file(guide)
