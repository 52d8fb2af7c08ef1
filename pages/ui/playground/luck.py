"""How much is luck: a guess how far five seeds’ dev losses will be apart, then five networks that show it."""

import math
from dataclasses import dataclass

import streamlit as st

from mlp.engine.job import Job
from mlp.engine.snapshot import Snapshot
from mlp.lessons.luck import STEPS, Luck
from mlp.plots import compare
from mlp.words import singular
from pages.ui.live import components as live
from pages.ui.live.session import Session, View
from pages.ui.shared.made_smaller import made_smaller

TITLE = "Five networks that differ in their seed alone"
MOST_APART, USUAL = 1.0, 0.2  # nats that can be guessed
HEIGHT = 300


@dataclass(frozen=True)
class _Asked:
    """What was guessed, in nats, and the networks that show it."""

    guess: float
    job: Job
    work: Luck


def ask(session: Session) -> None:
    """The question, and once it is answered the five curves."""
    noun = session.run.snapshot.dataset.noun
    with st.expander("How much is luck? Five networks, five seeds", icon=":material/casino:"):
        left, right = st.columns([4, 6], gap="large")
        with left:
            st.markdown(
                "The seed decides the weights at the start and the order of the examples. Take your network five "
                f"times, with five seeds, on the same training {noun}: **how far apart will their losses on the same "
                f"dev {noun} be** after {STEPS:,} steps?"
            )
            st.slider(
                "Your guess: highest minus lowest dev loss, in nats", 0.0, MOST_APART, USUAL, 0.01,
                key="luck_guess", persist_state="session",
            )  # fmt: skip
            st.button("Train the five", icon=":material/casino:", on_click=_train, args=(session,))
            asked: _Asked | None = st.session_state.get("luck")
            live.live_table("luck-found", "What five seeds give", _found(asked))
        with right:
            if asked:
                live.chart("luck", TITLE, compare.figure(HEIGHT), _curves(asked))
                short = asked.work.short
                st.caption(f"The losses are those of {len(short.test):,} {short.split} examples. {made_smaller(short)}")
            else:
                st.caption("The dev losses of the five networks will be drawn here.")


def _train(session: Session) -> None:
    if asked := st.session_state.get("luck"):
        asked.job.stop()
    now = session.run.now()
    work = Luck(now.settings, now.dataset)
    job = session.engine.start_job(work, session.run.notify)
    st.session_state.luck = _Asked(st.session_state.luck_guess, job, work)


def _curves(asked: _Asked) -> View:
    def view(_: Snapshot) -> dict:
        asked.job.keep_alive()
        lines = [
            compare.Line(attempt.label, "", attempt.steps, attempt.train, attempt.dev)
            for attempt in asked.work.attempts
        ]
        return {**compare.update(None, lines), "step": asked.work.steps_done}

    return view


def _found(asked: _Asked | None) -> View:
    def view(now: Snapshot) -> dict:
        if asked is None:
            return {"text": ""}
        asked.job.keep_alive()
        work = asked.work
        if not work.done:
            return {"text": f"{asked.job.note or 'Training:'} step {work.steps_done:,} of {work.goal:,}."}
        same = now.settings == work.settings and now.dataset.dev.words == work.dataset.dev.words
        return {"text": _sentence(asked) + ("" if same else " (Of the network as it was set then.)")}

    return view


def _sentence(asked: _Asked) -> str:
    """What came of it, beside what was guessed."""
    found = asked.work.spread()
    if found is None:
        word = singular(asked.work.dataset.noun)
        return f"No result: a network diverged, or there is not one dev {word} to measure them on."
    apart = round(found.high, 3) - round(found.low, 3)  # of what is shown
    guess = math.log(len(asked.work.dataset.vocabulary))
    untaught = f" The highest is above a uniform guess ({guess:.2f}): that network has not learned at all."
    return (
        f"The five dev losses lie between {found.low:.3f} and {found.high:.3f}: {apart:.3f} apart (standard "
        f"deviation {found.deviation:.3f}). You guessed {asked.guess:.2f}. So two single runs whose dev losses "
        f"differ by less than {apart:.2f} may differ by luck alone.{untaught if found.high > guess else ''}"
    )
