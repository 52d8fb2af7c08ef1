"""Saved runs: keep the current one, and open, compare, tag, copy or delete earlier ones."""

import streamlit as st

from mlp.store.run_store import StoreError
from pages.ui.live.session import current
from pages.ui.runs import shelf

session = current()
store = shelf.store_of(session)
st.title("Saved runs", anchor=False)
st.write(
    "A saved run keeps its network, its whole past and its pinned runs, and goes on exactly where it was. Your current "
    "run is kept by itself, too: reload the page, or come back to its address, and it is there, paused at its step."
)
if store is None:
    st.info(session.app.store_fault, icon=":material/cloud_off:")
    st.stop()
left, right = st.columns([3, 1], vertical_alignment="bottom")
name = left.text_input("Name", key="runs_name", placeholder="from its settings and step", max_chars=200)
right.button(
    "Save this run", type="primary", icon=":material/save:", width="stretch", on_click=shelf.save, args=(session, name)
)
if fault := st.session_state.get(shelf.FAULT):
    st.warning(fault, icon=":material/error:")
if said := st.session_state.get(shelf.SAID):
    st.success(said, icon=":material/check:")
if shelf.DELETED in st.session_state:
    st.button("Undo the deletion", icon=":material/undo:", on_click=shelf.bring_back, args=(session,))

try:
    runs = store.list(session.owner, "saved")
except StoreError as error:
    st.warning(str(error), icon=":material/error:")
    st.stop()
if not runs:
    st.info("No run is saved yet. Train a little, then press **Save this run**.", icon=":material/bookmark:")
    st.stop()
st.subheader(f"{len(runs)} saved run{'s' if len(runs) > 1 else ''}", anchor=False)
st.caption("Click a heading to sort. Settings in which no two runs differ are left out.")
st.dataframe(shelf.table(runs), hide_index=True, width="stretch")

by_id = {run.id: run for run in runs}
chosen = st.selectbox(
    "Run", list(by_id), format_func=lambda id: f"{by_id[id].name} (saved {by_id[id].changed:%d %b %Y, %H:%M} UTC)",
    key="runs_chosen",
)  # fmt: skip
run = by_id[chosen]
with st.container(horizontal=True):
    st.button("Open", icon=":material/folder_open:", on_click=shelf.open_run, args=(session, run))
    st.button("Copy", icon=":material/content_copy:", on_click=shelf.duplicate, args=(session, run))
    st.button("Delete", icon=":material/delete:", on_click=shelf.delete, args=(session, run))
left, right = st.columns(2, gap="medium")
new_name, note, tags = (f"runs_{what}_{run.id}" for what in ("name", "note", "tags"))
left.text_input("New name", run.name, key=new_name, max_chars=200)
left.button("Rename", icon=":material/edit:", on_click=shelf.rename, args=(session, run, new_name))
right.text_input("Tags, with commas between them", ", ".join(run.tags), key=tags)
right.text_area("Note", run.note, key=note, max_chars=4000)
right.button("Save note and tags", icon=":material/save:", on_click=shelf.annotate, args=(session, run, note, tags))
st.caption(
    "A run that you saved stays until you delete it; a deleted one can be brought back for an hour. What was kept by "
    "itself is cleared after a week. Your list is known to this browser only, by a cookie."
)
