"""The playground: press Play, and watch the map of characters and the loss curve while the network learns."""

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.plots import embedding, loss
from pages.ui.live import components as live
from pages.ui.live.session import current
from pages.ui.playground import compare, references, verdicts
from pages.ui.playground.dreams import Dreams
from pages.ui.shared import map_view

session = current()
live.verdict("verdict", st.session_state.setdefault("verdict_view", verdicts.make_view()))
left, right = st.columns(2, gap="medium")
with left:
    title, chosen = st.columns([2, 1], vertical_alignment="center")
    title.subheader("Character embedding", anchor=False, help="Each character is a point; training moves the points.")
    with chosen:
        map_view_now = map_view.choose()
    live.chart("embedding", embedding.TITLE, embedding.figure(), map_view_now)
with right:
    title, chosen = st.columns([2, 1], vertical_alignment="center")
    title.subheader("Loss curve", anchor=False, help="How wrong the network is: lower is better. Dev: unseen words.")
    with chosen:
        shown = references.References(session, *references.choose())

    def curve_view(snapshot: Snapshot) -> dict:
        size, extras = len(snapshot.dataset.vocabulary), shown.extras(snapshot)
        return loss.update(snapshot.curve, size, snapshot.step, snapshot.batch_loss, extras)

    live.chart("loss", loss.TITLE, loss.figure(), curve_view)
st.subheader("Names it dreams up now", anchor=False)
live.words("names", "Names it dreams up now", st.session_state.setdefault("dreams", Dreams()).view)
compare.controls(session)
compare.pinned(session)
