"""Pinned runs: curves that stay as named ghosts, a table that tells their settings apart, and forks of the run."""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import ValidationError

from mlp.curves import best_step
from mlp.model import parameter_count
from mlp.plots.compare import MOST_GHOSTS, Line
from mlp.settings import INVALID, SPECS, Settings, explain, parse, show
from mlp.snapshot import Curve, Snapshot
from mlp.words import WORD_LISTS
from pages.ui.session import Session


@dataclass(frozen=True)
class Pin:
    """A run as it was when it was pinned; `moment` is its network and step.

    `cost` is milliseconds an epoch, None where nothing was played.
    """

    number: int
    moment: tuple[int, int]
    settings: Settings
    curve: Curve
    parameters: int
    best: tuple[int, float] | None
    cost: float | None

    @property
    def name(self) -> str:
        """A short name: the settings that differ from the default."""
        differing = self.settings.differences(Settings())[:4]
        parts = [f"{SPECS[name].label.lower()} {show(name, getattr(self.settings, name))}" for name in differing]
        return f"{self.number}: {', '.join(parts) or 'default settings'}"

    @property
    def line(self) -> Line:
        return Line(
            f"pinned {self.number}", words_of(self.settings), self.curve.steps, self.curve.train, self.curve.dev
        )


def words_of(settings: Settings) -> str:
    """The word list's name, without its count."""
    return WORD_LISTS[settings.word_list].split(" (")[0]


def pin_of(snapshot: Snapshot, number: int) -> Pin:
    """The run of a snapshot, pinned."""
    best = best_step(snapshot.curve.steps, snapshot.curve.dev)
    batch = min(snapshot.settings.batch_size or len(snapshot.dataset.train), len(snapshot.dataset.train))
    steps_a_pass = -(-len(snapshot.dataset.train) // batch)
    played = snapshot.trained_steps
    return Pin(
        number=number,
        moment=(snapshot.network, snapshot.step),
        settings=snapshot.settings,
        curve=snapshot.curve,
        parameters=parameter_count(snapshot.settings, len(snapshot.dataset.vocabulary)),
        best=None if best is None else (best, snapshot.curve.dev[snapshot.curve.steps.index(best)]),
        cost=1000 * snapshot.training_seconds / played * steps_a_pass if played else None,
    )


def pin_now(session: Session) -> None:
    """Pin the current run, unless it is pinned as it stands; the page says so where there is no room."""
    session.pin_note = ""
    snapshot = session.run.now()
    if any(pin.moment == (snapshot.network, snapshot.step) for pin in session.pins):
        return
    if len(session.pins) >= MOST_GHOSTS:
        session.pin_note = f"There is room for {MOST_GHOSTS} pinned runs. Unpin one first."
        return
    session.pinned += 1
    session.pins.append(pin_of(snapshot, session.pinned))


def unpin(session: Session, place: int) -> None:
    """Take a pinned run away."""
    session.pin_note = ""
    del session.pins[place]


def fork(session: Session, setting: str, text: Any) -> None:
    """Pin the current run and begin another: the same seed and words, one thing changed, played at once."""
    value = parse(setting, text)
    snapshot = session.run.now()
    label = SPECS[setting].label
    try:
        if value is INVALID:
            raise ValueError(f"{label} “{str(text)[:20]}” makes no sense. {SPECS[setting].sentence()}")
        if value == getattr(snapshot.settings, setting):
            raise ValueError(f"{label} is {show(setting, value)} already; a fork changes one thing.")
        changed = snapshot.settings.but(**{setting: value})
    except ValidationError as error:
        session.pin_note = explain(error)
        return
    except ValueError as error:
        session.pin_note = str(error)
        return
    pin_now(session)
    if session.pin_note:
        return
    note = f"Forked: {label.lower()} {show(setting, value)}, the same seed."
    session.run.load(changed, max(snapshot.step, 1), note)


def table(pins: list[Pin]) -> None:
    """The pinned runs side by side: the settings in which they differ, best dev loss, size and cost."""
    differing = [name for name in SPECS if len({getattr(pin.settings, name) for pin in pins}) > 1]
    rows = [
        {
            "Run": pin.name,
            **{SPECS[name].label: show(name, getattr(pin.settings, name)) for name in differing},
            "Best dev loss": pin.best[1] if pin.best else None,
            "at step": pin.best[0] if pin.best else None,
            "Parameters": pin.parameters,
            "Milliseconds an epoch": pin.cost,
        }
        for pin in pins
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "Best dev loss": st.column_config.NumberColumn(format="%.4f"),
            "Milliseconds an epoch": st.column_config.NumberColumn(format="%.1f"),
        },
    )
    if differing:
        names = ", ".join(SPECS[name].label.lower() for name in differing)
        st.caption(f"Shown are only the settings in which these runs differ: {names}. Everything else is the same.")
    lists = {words_of(pin.settings) for pin in pins}
    if len(lists) > 1:
        st.caption(f"These runs learned different words ({' and '.join(sorted(lists))}): do not compare their losses.")
