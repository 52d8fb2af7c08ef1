"""Opening a run's file: a recipe as the bar's "Copy link" gives it where the run is too long for a link."""

import streamlit as st
from pydantic import ValidationError

from mlp.limits import MEGABYTE
from mlp.training.recipe import Recipe
from pages.ui.live.session import Session


def choose(session: Session) -> None:
    """A place to drop the file; the run in it is trained again at once."""
    with st.popover("Open a run’s file", icon=":material/folder_open:", width="stretch"):
        st.file_uploader(
            "A run’s file (run.json)", type="json", key="run_file", on_change=_open, args=(session,),
            max_upload_size=max(1, session.engine.limits.file_bytes // MEGABYTE),
            help="It holds the settings, every change and the step, not the weights: the run is trained again, to the "
            "same numbers.",
        )  # fmt: skip
        if fault := st.session_state.get("run_file_fault"):
            st.warning(fault, icon=":material/edit:")


def _open(session: Session) -> None:
    file = st.session_state.run_file
    st.session_state.run_file_fault = _fault(session, file.getvalue()) if file else ""


def _fault(session: Session, data: bytes) -> str:
    """Open the run; why that cannot be, in a sentence, or ""."""
    try:
        recipe = Recipe.model_validate_json(data)
        session.run.open(recipe, f"This is the run of the file, at step {recipe.step:,}.")
    except ValidationError:
        return "This file does not hold a run of this app. The current run is as it was."
    except ValueError as error:
        return f"{error} The current run is as it was."
    return ""
