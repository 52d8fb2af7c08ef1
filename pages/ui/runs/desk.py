"""The page of saved runs, piece by piece: the form that saves, the list, and what can be done with the chosen run."""

from collections.abc import Callable

import streamlit as st

from mlp.store.faults import StoreError
from mlp.store.run_store import RunStore, SavedRun
from pages.ui.live.session import Session
from pages.ui.runs import shelf
from pages.ui.shared.plain import plain


def save(session: Session) -> None:
    """The form that saves the current run, and what came of the last press of any button."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.text_input("Name", key="runs_name", placeholder="from its settings and step", max_chars=200)
    right.button(
        "Save this run", type="primary", icon=":material/save:", width="stretch", on_click=shelf.save,
        args=(session, "runs_name"),
    )  # fmt: skip
    if fault := st.session_state.get(shelf.FAULT):
        st.warning(plain(fault), icon=":material/error:")
    if said := st.session_state.get(shelf.SAID):
        st.success(plain(said), icon=":material/check:")
    if shelf.DELETED in st.session_state:
        st.button("Undo the deletion", icon=":material/undo:", on_click=shelf.bring_back, args=(session,))


def runs(session: Session, store: RunStore) -> None:
    """The list, and the buttons for the run that is chosen in it."""
    try:
        found = store.list(session.owner, "saved")
    except StoreError as error:
        st.warning(str(error), icon=":material/error:")
        return
    if not found:
        st.info("No run is saved yet. Train a little, then press **Save this run**.", icon=":material/bookmark:")
        return
    st.header(f"{len(found)} saved run{'s' if len(found) > 1 else ''}", anchor=False)
    st.caption("Click a heading to sort. Settings in which no two runs differ are left out.")
    st.dataframe(shelf.table(found), hide_index=True, width="stretch")
    by_id = {run.id: run for run in found}
    chosen = st.selectbox("Run", list(by_id), format_func=lambda id: _title(by_id[id]), key=shelf.CHOSEN)
    _one(session, by_id, by_id[chosen])
    st.caption(
        "A run that you saved stays until you delete it; a deleted one can be brought back for an hour. What was kept "
        "by itself is cleared after a week. Your list is known to this browser only, by a cookie."
    )


def _title(run: SavedRun) -> str:
    return f"{run.name} (saved {run.changed:%d %b %Y, %H:%M} UTC)"


def _one(session: Session, by_id: dict[str, SavedRun], run: SavedRun) -> None:
    """What can be done with one run.

    A click may come before the script has run for what was chosen or typed just before it, with the arguments of the
    script's last run. So it looks for itself what is chosen and typed.
    """

    def on_chosen(action: Callable[[Session, SavedRun], None]) -> Callable[[], None]:
        return lambda: action(session, by_id.get(st.session_state[shelf.CHOSEN], run))

    with st.container(horizontal=True):
        st.button("Open this run", icon=":material/folder_open:", on_click=on_chosen(shelf.open_run))
        st.button("Copy", icon=":material/content_copy:", on_click=on_chosen(shelf.duplicate))
        st.button("Delete", icon=":material/delete:", on_click=on_chosen(shelf.delete))
    left, right = st.columns(2, gap="medium")
    name, note, tags = (f"runs_{what}_{run.id}" for what in ("name", "note", "tags"))
    left.text_input("New name", run.name, key=name, max_chars=200)
    left.button("Rename", icon=":material/edit:", on_click=shelf.rename, args=(session, run, name))
    right.text_input("Tags, with commas between them", ", ".join(run.tags), key=tags)
    right.text_area("Note", run.note, key=note, max_chars=4000)
    right.button("Save note and tags", icon=":material/save:", on_click=shelf.annotate, args=(session, run, note, tags))
