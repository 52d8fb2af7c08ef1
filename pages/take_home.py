"""Take it home: the run as code, as a notebook, as weights, as numbers, as a page, and whole."""

import streamlit as st

from pages.ui.live.session import current
from pages.ui.runs import take_home

session = current()
st.title("Take it home", anchor=False)
st.write(
    "The run as it is when you press the button. Everything works without this app. The code trains the same network "
    "again and prints its losses; its first lines say how near they come to those you see here."
)
take_home.show(session)
st.header("Open a run", anchor=False)
st.write("**Open a run’s file**, in the settings on the left, reads “The whole run” back, on this server or another.")
st.header("Charts", anchor=False)
st.write("Below every chart the button **⊞** saves it as PNG, as SVG, or as an interactive page that works offline.")
