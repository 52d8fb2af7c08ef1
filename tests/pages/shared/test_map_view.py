"""The map's axes: they hold what the reader wants to see, and do not tremble while points move."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from mlp.engine.scheduler import Engine
from mlp.plots.embedding import principal_basis
from mlp.settings import Settings
from pages.ui.shared.map_view import AXES, MapView
from tests.pages.opening import opened, patches
from tests.waiting import eventually


def looks_at(view: MapView, snapshot, C: torch.Tensor) -> tuple[list[float], list[float]]:
    """The ranges of the axes when the characters stand at C."""
    model = snapshot.model.at(snapshot.model.theta.clone())
    model.C.copy_(C)
    layout = view(replace(snapshot, model=model))["layout"]
    return layout["xaxis.range"], layout["yaxis.range"]


def holds(ranges, points: np.ndarray) -> np.ndarray:
    """Which points lie inside, (V,)."""
    low, high = np.array(ranges).T
    return ((low <= points) & (points <= high)).all(1)


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("dim", [2, 5])
def test_the_axes_hold_what_they_say(axes: str, dim: int) -> None:
    snapshot = Engine().start(Settings(embedding_dim=dim)).now()
    C = 0.1 * torch.randn(34, dim, generator=torch.Generator().manual_seed(1))
    C[3] = 9.0
    ranges = looks_at(MapView(axes, None), replace(snapshot, reach=np.array([[-20.0] * dim, [20.0] * dim])), C)
    inside = holds(ranges, C[:, :2].numpy())
    if axes == "near":
        assert inside.tolist() == [True] * 3 + [False] + [True] * 30
    else:
        assert inside.all()
        assert (max(ranges[0]) > 15) == (axes == "all")


def test_the_axes_rest_while_points_tremble_and_close_in_when_they_draw_together() -> None:
    snapshot = Engine().start(Settings()).now()
    luck = torch.Generator().manual_seed(2)
    C, view = torch.randn(34, 2, generator=luck), MapView("now", None)
    first = looks_at(view, snapshot, C)
    for _ in range(20):
        assert looks_at(view, snapshot, C + 0.01 * torch.randn(34, 2, generator=luck)) == first
    near = looks_at(view, snapshot, 0.2 * C)
    assert max(near[0]) < 0.5 * max(first[0])
    assert holds(looks_at(view, snapshot, 3 * C), 3 * C.numpy()).all()


def test_a_projection_holds_its_points_whatever_the_first_dimensions_do() -> None:
    snapshot = Engine().start(Settings(embedding_dim=7)).now()
    C = torch.randn(34, 7, generator=torch.Generator().manual_seed(3))
    basis = principal_basis(C)
    assert holds(looks_at(MapView("all", basis), snapshot, C), C.numpy() @ basis).all()


def test_every_place_on_a_projection_is_every_place_though_points_draw_together() -> None:
    snapshot = Engine().start(Settings(embedding_dim=7)).now()
    C = torch.randn(34, 7, generator=torch.Generator().manual_seed(4))
    basis = principal_basis(C)
    view = MapView("all", basis)
    looks_at(view, snapshot, C)
    for moved in (0.1 * C, 0.1 * C + 3.0, 0.1 * C - 3.0):
        ranges = looks_at(view, snapshot, moved)
        assert holds(ranges, moved.numpy() @ basis).all()
        assert holds(ranges, C.numpy() @ basis).all(), "nothing that was reached is given up"
    assert looks_at(view, snapshot, C) == ranges


@pytest.mark.parametrize(
    ("decay", "end"), [("0", "moves this point."), ("0.1", "moves this point; only weight decay does.")]
)
def test_the_grey_letters_are_told_to_stay_only_where_they_do(decay: str, end: str) -> None:
    app = opened("", weight_decay=decay)
    run = app.session_state.live.run
    assert patches(app)["untrained"]["text"].endswith(end)
    row = run.trainer.dataset.untrained[0]
    before = run.now().model.C[row].clone()
    run.run_to(50)
    eventually(lambda: run.now().step == 50, "the steps")
    assert run.now().model.C[row].equal(before) == (decay == "0")
