"""Own words: paste or upload a list, see what becomes of it, and have a network learn from it."""

import streamlit as st

from pages.ui.live.session import current
from pages.ui.words import form, preview

session = current()
st.title("Own words", anchor=False)
st.write(
    "Learn from a list of your own: cities, plants, the first names of your class. Paste it or upload a file; before "
    "anything is trained you see what is kept, what is changed, what is left out, and why."
)
left, right = st.columns([5, 6], gap="large")
with left:
    source = form.source(session)
    choices = form.choices(source)
with right:
    preview.show(session, source, choices)
