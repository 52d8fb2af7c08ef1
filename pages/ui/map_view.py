"""How the playground's map of characters is looked at: what its axes hold, and which directions it shows."""

from typing import Any

import streamlit as st
import torch
from torch import Tensor

from mlp.plots import embedding
from mlp.snapshot import Snapshot
from pages.ui import projection

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
ROOMY = 0.5  # of what the axes hold: where the points take less in both directions, the axes close in


class MapView:
    """The reader's choice, as the view of the map."""

    def __init__(self, axes: str, basis: Tensor | None) -> None:
        self._axes, self._basis = axes, basis
        self._held: Tensor | None = None

    def __call__(self, snapshot: Snapshot) -> dict[str, Any]:
        C, basis = snapshot.model.C, projection.fitting(self._basis, snapshot)
        points = embedding.project(C, basis)
        if self._axes == "all" and basis is None:
            reach = snapshot.reach
        else:
            reach = self._hold(embedding.extent(points, far_out=self._axes != "near"))
        return embedding.update(C, snapshot.dataset.vocabulary, snapshot.step, reach, basis)

    def _hold(self, wanted: Tensor) -> Tensor:
        """What the axes hold, (2, 2): moved only when what is wanted no longer fits or has become much smaller."""
        held = self._held
        if held is not None and (held[0] <= wanted[0]).all() and (wanted[1] <= held[1]).all():
            small = (wanted[1] - wanted[0] < ROOMY * (held[1] - held[0])).all()
            if self._axes == "all" or not small:
                return held
        room = SPARE * (wanted[1] - wanted[0])
        self._held = torch.stack([wanted[0] - room, wanted[1] + room])
        return self._held


def choose() -> MapView:
    """The form behind a button."""
    with st.popover("Points and axes", icon=":material/tune:"):
        axes = st.radio(
            "The axes hold", list(AXES), format_func=AXES.__getitem__, key="map_axes", persist_state="session",
            help=HELP,
        )  # fmt: skip
        return MapView(axes, projection.choose())
