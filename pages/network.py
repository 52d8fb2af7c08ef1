"""The whole network."""

import streamlit as st

from pages.ui import lesson

now = lesson.snapshot()
st.title("The whole network", anchor=False)
picked = lesson.pick(now)
lesson.way_on("network.py")
