"""Which two directions of a larger embedding the map shows. They stay as they are, so only C moves the points."""

import numpy as np
import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.plots.embedding import principal_basis
from pages.ui.live.session import current

WIDEST = "PCA view"
HELP = (
    "C has more than two columns, but the plot can only show two directions. Off: dimensions 1 and 2. On: the first "
    "two principal components at this moment; they then stay fixed, so only training moves the points."
)


def choose() -> np.ndarray | None:
    """A switch for embeddings of more than two dimensions; the basis it stands for, None for dimensions 1 and 2."""
    snapshot = current().run.snapshot
    if snapshot.settings.embedding_dim <= 2:
        return None
    wide = st.toggle(WIDEST, key="widest_spread", help=HELP, persist_state="session", on_change=_choose_anew)
    if not wide:
        return None
    basis = st.session_state.get("basis")
    if basis is None or len(basis) != snapshot.settings.embedding_dim:
        basis = st.session_state.basis = principal_basis(current().run.now().model.C)
    return basis


def _choose_anew() -> None:
    st.session_state.basis = None


def matching_basis(basis: np.ndarray | None, snapshot: Snapshot) -> np.ndarray | None:
    """The basis, where it has as many dimensions as the network has now."""
    return basis if basis is not None and len(basis) == snapshot.settings.embedding_dim else None
