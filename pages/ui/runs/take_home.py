"""What a run can be taken home as: each thing is made when its button is pressed, from a copy of the run."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from mlp.export.history import history_csv
from mlp.export.notebook import export_notebook
from mlp.export.replay_page import replay_page
from mlp.export.script import export_script
from mlp.export.weights import export_model
from mlp.training.trainer import Trainer
from pages.ui.live.session import Session
from pages.ui.shared.copy_of_run import copy_of, file_of


@dataclass(frozen=True)
class Thing:
    """One thing to take home: the words on its button, what it is good for, its file and how that is made."""

    label: str
    about: str
    icon: str
    file: str
    mime: str
    make: Callable[[Trainer], str | bytes] | None = None  # None for the run's own file


THINGS = [
    Thing(
        "Python script", "The same run in plain PyTorch, written to be read: words, network, training loop. It "
        "needs PyTorch only.", ":material/code:", "network.py", "text/x-python", export_script,
    ),
    Thing(
        "Jupyter notebook", "The same code, cell by cell, with a sentence before each.", ":material/menu_book:",
        "network.ipynb", "application/x-ipynb+json", export_notebook,
    ),
    Thing(
        "Replay page", "A page that plays the run from its first step: the map, the losses, what it wrote. It needs no "
        "server and no network (5 MB).", ":material/slideshow:", "replay.html", "text/html", replay_page,
    ),
    Thing(
        "Weights", "The parameters as safetensors, with a model card that says what they are and how to load them.",
        ":material/database:", "network.zip", "application/zip", export_model,
    ),
    Thing(
        "History", "The losses and the settings at the remembered steps, as a table (CSV).", ":material/table:",
        "history.csv", "text/csv", history_csv,
    ),
    Thing(
        "The whole run", "Parameters, past, settings and words in one file, which goes on exactly where it was.",
        ":material/inventory_2:", "run.mlp", "application/octet-stream",
    ),
]  # fmt: skip


def show(session: Session) -> None:
    """A button for each thing, and a sentence beside it."""
    begin = re.sub(r"\W+", "-", session.run.snapshot.recipe.words.name.lower()).strip("-") or "own-words"
    for thing in THINGS:
        with st.container(border=True):
            left, right = st.columns([1, 3], gap="medium", vertical_alignment="center")
            left.download_button(
                thing.label, partial(_made, session, thing), f"{begin}-{thing.file}", thing.mime,
                key=f"home_{thing.file}", icon=thing.icon, on_click="ignore", width="stretch",
            )  # fmt: skip
            right.write(thing.about)


def _made(session: Session, thing: Thing) -> str | bytes:
    """The file's contents; in a thread of its own, so that neither the page nor the run waits for it."""
    if thing.make is None:
        return file_of(session)
    return thing.make(copy_of(session))
