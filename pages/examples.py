"""Examples."""

import streamlit as st

from pages.ui import lesson

now = lesson.snapshot()
st.title("Examples", anchor=False)
picked = lesson.pick(now)
lesson.way_on("examples.py")
