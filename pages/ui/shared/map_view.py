"""How the playground's embedding plot is looked at: what its axes show, and which directions it shows."""

from typing import Any

import numpy as np
import streamlit as st

from mlp.engine.pace import WATCH
from mlp.engine.snapshot import Snapshot
from mlp.plots import embedding, letters
from pages.ui.shared import projection
from pages.ui.shared.past import trails
from pages.ui.shared.throttle import Throttled

AXES = {
    "near": "Current points, without outliers",
    "now": "All current points",
    "all": "Every position so far",
}
HELP = (
    "**Current points**: the axes follow the points; outliers are listed in the corner. **Every position so far**: the "
    "axes never shrink, so only the points move. You can also zoom by dragging."
)
SPARE = 0.1  # of the points' extent is added on each side, so that the axes need not move at once again


class MapView:
    """The reader's choice, as the view of a plot of points with names."""

    def __init__(self, axes: str, basis: np.ndarray | None) -> None:
        self._axes, self._basis = axes, basis
        self._held: np.ndarray | None = None

    def __call__(self, snapshot: Snapshot) -> dict[str, Any]:
        C, basis, dataset = snapshot.model.C, projection.matching_basis(self._basis, snapshot), snapshot.dataset
        reach = self._reach(snapshot, basis)
        return embedding.update(C, dataset.vocabulary, snapshot.step, reach, basis, dataset.untrained)

    def _reach(self, snapshot: Snapshot, basis: np.ndarray | None) -> np.ndarray:
        """What the axes hold."""
        if self._axes == "all" and basis is None:
            return snapshot.reach
        wanted = embedding.extent(embedding.project(snapshot.model.C.numpy(), basis), far_out=self._axes != "near")
        if self._axes != "all":
            self._held = embedding.stable_range(wanted, self._held, padding=SPARE)
        elif self._held is None:
            self._held = wanted
        else:  # on a projection, every place since it was chosen
            self._held = np.stack([np.minimum(wanted[0], self._held[0]), np.maximum(wanted[1], self._held[1])])
        return self._held


class LetterView(MapView):
    """The same as the view of a plot whose marks are the letters themselves.

    Trails are behind them, unless there is a row to put a ring around, `marked`: then nothing but the lines to their
    true places. `plot` is the size in pixels by which letters make room.
    """

    def __init__(
        self, axes: str, basis: np.ndarray | None, marked: int | None = None, plot: np.ndarray = letters.SMALL_PLOT
    ) -> None:
        super().__init__(axes, basis)
        self._marked, self._plot = marked, plot
        trailing = marked is None
        self._ways = trails(lambda snapshot: projection.matching_basis(basis, snapshot)) if trailing else None
        self._label = Throttled(_label, rest=0.0, least=0.4)

    def __call__(self, snapshot: Snapshot) -> dict[str, Any]:
        C, basis = snapshot.model.C.numpy(), projection.matching_basis(self._basis, snapshot)
        return letters.update(
            C, snapshot.dataset, snapshot.step, self._reach(snapshot, basis), basis, self._marked, self._plot,
            ways=self._ways(snapshot) if self._ways else None, told=can_be_read(snapshot),
            label=self._label(snapshot),
        )  # fmt: skip


def _label(snapshot: Snapshot) -> str:
    return embedding.text_alternative(snapshot.model.C.numpy(), snapshot.dataset.vocabulary, snapshot.step)


def can_be_read(snapshot: Snapshot) -> bool:
    """Whether a number of the picture stays long enough to be read: at rest, in the past, at so many steps a second."""
    return not snapshot.playing or snapshot.pace not in (None, WATCH)


def untrained(snapshot: Snapshot) -> dict[str, Any]:
    """The line under the map that names the grey letters."""
    dataset, decays = snapshot.dataset, snapshot.settings.weight_decay > 0
    return {"text": embedding.untrained_text(dataset.vocabulary, dataset.untrained, drawn="Grey", decays=decays)}


def choose() -> LetterView:
    """The form behind a button."""
    with st.popover("Axes", icon=":material/tune:"):
        axes = st.radio(
            "Axes show", list(AXES), format_func=AXES.__getitem__, key="map_axes", persist_state="session",
            help=HELP,
        )  # fmt: skip
        return LetterView(axes, projection.choose())
