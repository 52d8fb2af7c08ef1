"""Opening a run's file: the whole run as "Take it home" gives it, or a recipe as "Copy link" does for a long run."""

import streamlit as st
from pydantic import ValidationError

from mlp.limits import MEGABYTE
from mlp.training.recipe import Recipe
from mlp.training.trainer import Trainer
from mlp.words import check_words
from pages.ui.live.session import Session

UNCHANGED = "The current run is as it was."


def choose(session: Session) -> None:
    """A place to drop the file; a recipe in it is trained again at once, a whole run goes on where it was."""
    with st.popover("Open a run’s file", icon=":material/folder_open:", width="stretch"):
        st.file_uploader(
            "A run’s file (run.mlp or run.json)", type=["mlp", "json"], key="run_file", on_change=_open,
            args=(session,), max_upload_size=session.engine.limits.saved_run_bytes // MEGABYTE,
            help="run.mlp is a whole run and goes on where it was. run.json holds the settings, every change and the "
            "step, not the weights: that run is trained again, to the same numbers.",
        )  # fmt: skip
        if fault := st.session_state.get("run_file_fault"):
            st.warning(fault, icon=":material/edit:")


def _open(session: Session) -> None:
    file = st.session_state.run_file
    st.session_state.run_file_fault = _fault(session, file.getvalue()) if file else ""


def _fault(session: Session, data: bytes) -> str:
    """Open the run; why that cannot be, in a sentence, or ""."""
    try:
        if data.lstrip()[:1] == b"{":
            _open_recipe(session, data)
        else:
            _open_whole(session, data)
    except ValidationError:
        return f"This file does not hold a run of this app. {UNCHANGED}"
    except ValueError as error:
        return f"{error} {UNCHANGED}"
    return ""


def _open_recipe(session: Session, data: bytes) -> None:
    limits = session.engine.limits
    if len(data) > limits.file_bytes:
        raise ValueError(f"Such a file has at most {limits.file_bytes / MEGABYTE:g} MB; this one is larger.")
    recipe = Recipe.model_validate_json(data)
    check_words(recipe.words.own or (), limits)
    session.look.now()
    session.run.open(recipe, f"This is the run of the file, at step {recipe.step:,}.")


def _open_whole(session: Session, data: bytes) -> None:
    trainer = Trainer.load(data, session.engine.limits)
    check_words(trainer.words, session.engine.limits)
    session.look.now()
    session.run.adopt(trainer, f"This is the run of the file, at step {trainer.steps_done:,}.")
