"""A server's bounds: handed down to whoever keeps them, and told where they are met."""

import dataclasses

import pytest

import mlp
from mlp.engine.scheduler import Engine
from mlp.sweep.grid import check_axes

SMALL = mlp.Settings(hidden=8, train_examples=64)


def test_the_bounds_of_a_server_cannot_be_changed_while_it_runs() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        mlp.Limits().pins = 1000  # type: ignore[misc]


def test_a_run_keeps_as_much_as_the_engine_was_told_whatever_network_it_goes_on_with() -> None:
    room = 12 * mlp.Trainer(SMALL).model.theta.nbytes
    engine = Engine(mlp.Limits(run_bytes=room))
    run = engine.start(SMALL)
    longer = mlp.Trainer(SMALL)
    longer.step(70)
    run.step()
    run.now()
    run.set("hidden", 9)
    run.now()
    assert run.trainer.limits.run_bytes == room
    run.open(longer.recipe(), "")
    run.now()
    assert run.trainer.limits.run_bytes == room
    engine.stop()


def test_fewer_bytes_keep_fewer_steps_of_the_same_run() -> None:
    tight, wide = (mlp.Trainer(SMALL, limits=mlp.Limits(run_bytes=room)) for room in (60_000, 2**20))
    assert tight.step(60) == wide.step(60)
    assert len(tight.timeline.snapshots) < len(wide.timeline.snapshots)


def test_whoever_asks_for_too_large_a_map_reads_which_bound_it_is_and_what_to_do() -> None:
    x, y = ("hidden", [1, 2, 3]), ("train_examples", [10, 20])
    with pytest.raises(ValueError, match=r"at most 5 networks; this one has 6\. List fewer values"):
        check_axes(x, y, mlp.Limits(map_networks=5))
    with pytest.raises(ValueError, match=r"the limit is 0.0011 million\. Choose fewer or smaller networks"):
        mlp.FitMap(mlp.Settings(), x=x, y=y, limits=mlp.Limits(map_parameters=1103))
