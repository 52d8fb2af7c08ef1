"""Backward pass."""

import streamlit as st

from pages.ui import lesson

now = lesson.snapshot()
st.title("Backward pass", anchor=False)
picked = lesson.pick(now)
lesson.way_on("backward.py")
