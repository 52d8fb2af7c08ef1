"""Carries out what a guided lesson does: on the run, on the lab, and on what the pages look at."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from mlp.analysis.presets import MAP, PRESETS
from mlp.engine.pace import WATCH
from mlp.engine.snapshot import Snapshot
from mlp.graphemes import clusters
from mlp.guided.action import (
    Action,
    Fork,
    Highlight,
    LoadPreset,
    MapCursor,
    OpenMap,
    OpenPage,
    PickBatch,
    PickWord,
    Press,
    RunTo,
    SetValue,
    ShowLines,
)
from mlp.settings import in_words
from mlp.sweep.fit_map import FitMap
from pages.ui.lab.bench import Lab, lab
from pages.ui.live.session import Session
from pages.ui.playground import pins

LAB_PRESSES = ("find_rate", "compare_remedies")

Finished = Callable[[Snapshot], bool]


def page_of(action: Action) -> str | None:
    """The page that must be open for an action; None where it does not matter."""
    if isinstance(action, OpenPage):
        return action.name
    needs_lab = isinstance(action, OpenMap | MapCursor) or (isinstance(action, Press) and action.action in LAB_PRESSES)
    return "lab" if needs_lab else None


def carry_out(session: Session, action: Action) -> Finished | None:
    """Do it; what says of a snapshot whether it has come to its end, None where it has at once."""
    done = _DOERS[type(action)](session, action)
    return done if callable(done) else None


def train_to(session: Session, step: int) -> None:
    """Train up to a step, at a pace that can be watched."""
    session.look.now()
    session.run.set_pace(WATCH)
    session.run.run_to(step)


def _press(session: Session, action: Press) -> Finished | None:
    run, name = session.run, action.action
    session.look.now()
    if name in ("play", "pause", "step", "epoch", "reset"):
        getattr(run, name)()
        return _resting if name == "epoch" else None
    if name == "restore_best":
        run.back_to_best()
    elif name == "pin":
        pins.pin_now(session)
    elif name == "find_rate":
        lab().find_rate()
        return _job_done("search")
    elif name == "compare_remedies":
        lab().compare()
        return _job_done("comparison")
    return None


def _resting(snapshot: Snapshot) -> bool:
    return not snapshot.playing


def _job_done(name: str) -> Finished:
    here = lab()
    return lambda _: (job := getattr(here, name)) is not None and job.done


def _set(session: Session, action: SetValue) -> None:
    session.look.now()
    session.run.set(action.setting, action.value)


def _fork(session: Session, action: Fork) -> None:
    session.look.now()
    pins.pin_now(session)
    session.run.pause()
    session.run.set_many(action.changes, f"Forked with {in_words(action.changes)}, same seed.")


def _preset(session: Session, action: LoadPreset) -> Finished:
    preset = PRESETS[action.name]
    session.look.now()
    session.run.load(preset.settings, preset.steps, preset.description)
    return _resting


def _run_to(session: Session, action: RunTo) -> Finished:
    train_to(session, action.step)
    return lambda snapshot: snapshot.step >= action.step


def _pick_word(session: Session, action: PickWord) -> None:
    last = len(clusters(action.word))
    st.session_state["lesson_word"] = action.word
    st.session_state[f"lesson_position_{last + 1}"] = min(action.example - 1, last)


def _pick_batch(session: Session, action: PickBatch) -> None:
    st.session_state["backward_whole"] = action.whole


def _open_map(session: Session, action: OpenMap) -> Finished:
    here = lab()
    if here.map is None or not _is_default(here):
        here.train_map(FitMap(MAP.settings, x=MAP.x, y=MAP.y, limits=here.engine.limits), MAP.steps)
    elif here.map.note:
        here.map.play()
    return lambda _: here.map is None or here.map.done


def _is_default(here: Lab) -> bool:
    fits = here.map.fits if here.map else None
    return fits is not None and here.map is not None and (fits.settings, fits.x, fits.y, here.map.goal) == (
        MAP.settings, MAP.x, MAP.y, MAP.steps,
    )  # fmt: skip


def _map_cursor(session: Session, action: MapCursor) -> None:
    here = lab()
    if here.map is None:
        return
    place = {}
    for axis, wanted in (("x", action.x), ("y", action.y)):
        values: list[Any] = ["all" if value is None else value for value in getattr(here.map.fits, axis)[1]]
        if wanted in values:
            place[axis] = values.index(wanted)
    if place:
        here.move(place)


def _show_lines(session: Session, action: ShowLines) -> None:
    st.session_state["references"] = list(action.lines)


def _nothing(session: Session, action: Action) -> None:
    """The page is opened before, and an outline is drawn by the panel."""


_DOERS: dict[type, Callable[[Session, Any], Finished | None]] = {
    Press: _press, SetValue: _set, Fork: _fork, LoadPreset: _preset, RunTo: _run_to, PickWord: _pick_word,
    PickBatch: _pick_batch, OpenMap: _open_map, MapCursor: _map_cursor, ShowLines: _show_lines, OpenPage: _nothing,
    Highlight: _nothing,
}  # fmt: skip
