"""What the page of saved runs does: save, open, rename, tag, copy, delete and bring back. Each says what came of it."""

from collections.abc import Sequence
from functools import wraps
from typing import Any

import streamlit as st

from mlp.settings import SPECS, Settings, in_words, show
from mlp.store.faults import StoreError
from mlp.store.run_store import RunStore, SavedRun
from mlp.training.trainer import Trainer
from pages.ui.live.session import Session
from pages.ui.playground import pins
from pages.ui.shared.copy_of_run import Busy, file_of

SAID, FAULT, DELETED = "runs_said", "runs_fault", "runs_deleted"
CHOSEN = "runs_chosen"  # the key of the list from which one is chosen


def _telling(action: Any) -> Any:
    """An action whose sentence, or whose fault, the page shows at its next run."""

    @wraps(action)
    def told(*arguments: Any, **keywords: Any) -> None:
        try:
            st.session_state[SAID], st.session_state[FAULT] = action(*arguments, **keywords), ""
        except StoreError as error:
            st.session_state[SAID], st.session_state[FAULT] = "", str(error)

    return told


def store_of(session: Session) -> RunStore | None:
    """Where runs are saved; None where they are not."""
    return session.app.store


@_telling
def save(session: Session, key: str) -> str:
    """Save the run as it is now, under the name that was typed."""
    store = _open_store(session)
    try:
        data = file_of(session)
    except Busy as error:
        raise StoreError(str(error)) from None
    saved = Trainer.load(data)
    name = st.session_state[key].strip() or name_of(saved.settings, saved.steps_done)
    store.save(saved, name, owner=session.owner, extra=pins.dump(session), data=data)
    return f"Saved as “{name}”."


@_telling
def open_run(session: Session, run: SavedRun) -> str:
    """Go on with a saved run; the current one can be brought back with Undo."""
    trainer = _open_store(session).load(run.id, session.engine.limits)
    session.look.now()
    session.run.adopt(trainer, f"This is the saved run “{run.name}”, at step {run.step:,}.")
    return f"“{run.name}” is now the current run."


@_telling
def rename(session: Session, run: SavedRun, key: str) -> str:
    """Give a run the name that was typed; it stays the chosen one, though the list calls it otherwise now."""
    _open_store(session).rename(run.id, st.session_state[key])
    st.session_state[CHOSEN] = run.id
    return "Renamed."


@_telling
def annotate(session: Session, run: SavedRun, note: str, tags: str) -> str:
    """Keep what was typed as note and tags, the tags with commas between them; the run stays the chosen one."""
    _open_store(session).annotate(run.id, note=st.session_state[note], tags=st.session_state[tags].split(","))
    st.session_state[CHOSEN] = run.id
    return "Note and tags are saved."


@_telling
def duplicate(session: Session, run: SavedRun) -> str:
    """A copy of a run."""
    _open_store(session).duplicate(run.id)
    return f"“{run.name}” is copied."


@_telling
def delete(session: Session, run: SavedRun) -> str:
    """Put a run away."""
    _open_store(session).delete(run.id)
    st.session_state[DELETED] = run
    return f"“{run.name}” is deleted."


@_telling
def bring_back(session: Session) -> str:
    """Bring back the run that was deleted last."""
    run = st.session_state.pop(DELETED)
    _open_store(session).restore(run.id)
    return f"“{run.name}” is back."


def name_of(settings: Settings, step: int) -> str:
    """A name for a run that nobody has named: what is not as usual in it, and its step."""
    changes = settings.differences(Settings())
    said = in_words({name: getattr(settings, name) for name in changes})
    return f"{said or 'Default settings'}, step {step:,}"


def table(runs: Sequence[SavedRun]) -> dict[str, list[Any]]:
    """The list as columns, for a table that can be sorted by each; settings only where two runs differ."""
    settings = [Settings(**run.settings) for run in runs]
    differ = [name for name in SPECS if len({repr(getattr(each, name)) for each in settings}) > 1]
    columns: dict[str, list[Any]] = {
        "Name": [run.name for run in runs],
        "Tags": [", ".join(run.tags) for run in runs],
        "Saved (UTC)": [run.changed for run in runs],
        "Step": [run.step for run in runs],
        "Train loss": [round(run.train, 4) for run in runs],
        "Dev loss": [round(run.dev, 4) for run in runs],
    }
    return columns | {SPECS[name].label: [show(name, getattr(each, name)) for each in settings] for name in differ}


def _open_store(session: Session) -> RunStore:
    store = store_of(session)
    if store is None:
        raise StoreError(session.app.store_fault)
    return store
