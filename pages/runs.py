"""Saved runs: keep the current one, and open, compare, tag, copy or delete earlier ones."""

import streamlit as st

from pages.ui.live.session import current
from pages.ui.runs import desk, shelf

session = current()
store = shelf.store_of(session)
st.title("Saved runs", anchor=False)
st.write(
    "A saved run keeps its network, its whole past and its pinned runs, and goes on exactly where it was. Your current "
    "run is kept by itself, too: reload the page, or come back to its address, and it is there, paused at its step."
)
if store is None:
    st.info(session.app.store_fault, icon=":material/cloud_off:")
else:
    desk.save(session)
    desk.runs(session, store)
