"""Output and loss."""

import streamlit as st

from pages.ui import lesson

now = lesson.snapshot()
st.title("Output and loss", anchor=False)
picked = lesson.pick(now)
lesson.way_on("output.py")
