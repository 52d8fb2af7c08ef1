"""The playground: press Play, and watch the embedding plot and the loss curve while the network learns."""

from dataclasses import replace

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.plots import letters, loss
from pages.ui.live import components as live
from pages.ui.live.session import current
from pages.ui.playground import compare, luck, references, verdicts, welcome
from pages.ui.playground.dreams import GeneratedNames
from pages.ui.shared import map_view

HEIGHT = 380  # of both charts, so that on a laptop they are wholly in sight

session = current()
noun = session.run.snapshot.dataset.noun
welcome.head(session.run.snapshot)
welcome.guess(session.run.snapshot.dataset)
live.live_words("names", f"Generated {noun}", st.session_state.setdefault("dreams", GeneratedNames()).view, large=True)
verdict = st.session_state.setdefault("verdict_view", verdicts.make_view())
live.verdict("verdict", verdict)
left, right = st.columns(2, gap="medium")
with left:
    title, chosen = st.columns([2, 1], vertical_alignment="center")
    title.header(
        "Character embedding", anchor=False,
        help="Each character is a point given by its row of C. Training moves the points.",
    )  # fmt: skip
    with chosen:
        map_view_now = map_view.choose()
    live.chart("embedding", letters.TITLE, letters.figure(HEIGHT), map_view_now)
    live.live_table("untrained", "Grey letters", map_view.untrained)
with right:
    title, chosen = st.columns([2, 1], vertical_alignment="center")
    title.header(
        "Loss curve", anchor=False,
        help=f"How wrong the predictions are; lower is better. *Train*: {noun} it learns from. *Dev*: {noun} it never "
        "trains on. *Batch*: the examples of one step, so it is noisy. *Nats* are the unit, −ln p: who gives what "
        "comes next a probability p of one half loses 0.69 nats, of one thousandth 6.91.",
    )  # fmt: skip
    with chosen:
        shown = references.References(session, *references.choose())

    def curve_view(snapshot: Snapshot) -> dict:
        size, now = len(snapshot.dataset.vocabulary), snapshot.now
        here = snapshot.step if snapshot.present else None
        extras = replace(shown.extras(now), turn=verdict(snapshot)["turn"], here=here)
        return loss.update(now.curve, size, now.step, now.batch_loss, extras)

    live.chart("loss", loss.TITLE, loss.figure(HEIGHT), curve_view)
compare.controls(session)
compare.pinned(session)
luck.ask(session)
