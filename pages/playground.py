"""The playground: press Play, and watch the map of characters and the loss curve while the network learns."""

import streamlit as st

from mlp.plots import embedding, loss
from mlp.snapshot import Snapshot
from pages.ui import live, projection
from pages.ui.dreams import Dreams

left, right = st.columns(2, gap="medium")
with left:
    title, chosen = st.columns([2, 1], vertical_alignment="center")
    title.subheader("Character embedding", anchor=False, help="Each character is a point; training moves the points.")
    with chosen:
        basis = projection.choose()

    def map_view(snapshot: Snapshot) -> dict:
        return embedding.update(
            snapshot.model.C,
            snapshot.dataset.vocabulary,
            snapshot.step,
            snapshot.reach,
            projection.fitting(basis, snapshot),
        )

    live.chart("embedding", embedding.TITLE, embedding.figure(), map_view)
with right:
    title, axes = st.columns([2, 1], vertical_alignment="center")
    title.subheader("Loss curve", anchor=False, help="How wrong the network is: lower is better. Dev: unseen words.")
    scale = axes.segmented_control(
        "Axes", ["log steps", "log loss"], selection_mode="multi", label_visibility="collapsed", key="loss_axes",
        persist_state="session",
    )  # fmt: skip

    def curve_view(snapshot: Snapshot) -> dict:
        return loss.update(
            snapshot.curve,
            len(snapshot.dataset.vocabulary),
            snapshot.step,
            log_x="log steps" in scale,
            log_y="log loss" in scale,
            batch_loss=snapshot.batch_loss,
        )

    live.chart("loss", loss.TITLE, loss.figure(), curve_view)
st.subheader("Names it dreams up now", anchor=False)
live.words("names", "Names it dreams up now", st.session_state.setdefault("dreams", Dreams()).view)
