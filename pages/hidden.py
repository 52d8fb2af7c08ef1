"""Hidden layer."""

import streamlit as st

from pages.ui import lesson

now = lesson.snapshot()
st.title("Hidden layer", anchor=False)
picked = lesson.pick(now)
lesson.way_on("hidden.py")
