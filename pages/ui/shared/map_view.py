"""How the playground's map of characters is looked at: what its axes hold, and which directions it shows."""

from typing import Any

import streamlit as st
import torch
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.plots import embedding
from pages.ui.shared import projection

AXES = {
    "near": "all points now, but those far out",
    "now": "all points now",
    "all": "every place so far",
}
HELP = (
    "**Now**: the axes close in where the points draw together, and so move now and then; what is far out is named in "
    "the corner. **Every place so far**: the axes only grow, so that nothing moves but the points. You can also zoom "
    "by dragging."
)
SPARE = 0.1  # of the points' extent is added on each side, so that the axes need not move at once again


class MapView:
    """The reader's choice, as the view of the map."""

    def __init__(self, axes: str, basis: Tensor | None) -> None:
        self._axes, self._basis = axes, basis
        self._held: Tensor | None = None

    def __call__(self, snapshot: Snapshot) -> dict[str, Any]:
        C, basis = snapshot.model.C, projection.fitting(self._basis, snapshot)
        return embedding.update(C, snapshot.dataset.vocabulary, snapshot.step, self._reach(snapshot, basis), basis)

    def _reach(self, snapshot: Snapshot, basis: Tensor | None) -> Tensor:
        """What the axes hold."""
        if self._axes == "all" and basis is None:
            return snapshot.reach
        wanted = embedding.extent(embedding.project(snapshot.model.C, basis), far_out=self._axes != "near")
        if self._axes != "all":
            self._held = embedding.settled(wanted, self._held, spare=SPARE)
        elif self._held is None:
            self._held = wanted
        else:  # on a projection, every place since it was chosen
            self._held = torch.stack([torch.minimum(wanted[0], self._held[0]), torch.maximum(wanted[1], self._held[1])])
        return self._held


def choose() -> MapView:
    """The form behind a button."""
    with st.popover("Points and axes", icon=":material/tune:"):
        axes = st.radio(
            "The axes hold", list(AXES), format_func=AXES.__getitem__, key="map_axes", persist_state="session",
            help=HELP,
        )  # fmt: skip
        return MapView(axes, projection.choose())
