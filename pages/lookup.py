"""Lookup table."""

import streamlit as st

from pages.ui import lesson

now = lesson.snapshot()
st.title("Lookup table", anchor=False)
picked = lesson.pick(now)
lesson.way_on("lookup.py")
