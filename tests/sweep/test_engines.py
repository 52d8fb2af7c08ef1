"""A sweep trains on any executor as in its own threads: every number the same, and nothing lost with a worker."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Thread
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
import torch
from distributed import Client, LocalCluster

import mlp
from mlp.sweep import piece
from mlp.sweep.engines import EngineError, open_engine
from tests.sweep.failing import Failing

WORDS = mlp.load_words("pokemon")[:300]
SMALL = mlp.Settings(hidden=8)
AXES: dict[str, Any] = {"x": ("hidden", [3, 8]), "y": ("train_examples", [50, None])}


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process of its own; what a page's test has left as the main module is not run by them."""
    plain = {"__main__": ModuleType("__main__")}
    with (
        patch.dict(sys.modules, plain),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started,
    ):
        yield started


def same(ours: mlp.FitMap, theirs: mlp.FitMap) -> bool:
    """Whether two maps have the same parameters, curves and remembered steps, to the last bit."""
    places = [(row, col) for row in range(len(ours.y[1])) for col in range(len(ours.x[1]))]
    return (
        (ours.steps_done, ours.updates) == (theirs.steps_done, theirs.updates)
        and torch.equal(ours.loss("dev"), theirs.loss("dev"))
        and all(torch.equal(ours.model(*place).theta, theirs.model(*place).theta) for place in places)
        and all(ours.curves(*place) == theirs.curves(*place) for place in places)
        and all(_kept(ours, *place) == _kept(theirs, *place) for place in places)
    )


def _kept(fits: mlp.FitMap, row: int, col: int) -> dict[int, list[float]]:
    return {step: theta.tolist() for step, theta in fits.trainer(row, col).timeline.snapshots.items()}


@pytest.mark.parametrize(
    "changes",
    [{}, {"optimizer": "adam", "learning_rate": 0.01}, {"batch_size": None, "weight_decay": 0.01}],
    ids=["sgd", "adam", "full batch"],
)
def test_any_executor_gives_the_numbers_of_the_maps_own_threads(changes: dict[str, Any]) -> None:
    settings = SMALL.with_changes(**changes)
    with ThreadPoolExecutor(2) as executor:
        here, there = mlp.FitMap(settings, WORDS, **AXES), mlp.FitMap(settings, WORDS, **AXES, executor=executor)
        for steps in (1, 200, 333):
            here.step(steps)
            there.step(steps)
            assert same(there, here)


def test_a_network_that_diverges_elsewhere_rests_where_it_would_have_here() -> None:
    settings = SMALL.with_changes(optimizer="momentum", direct=True)
    axes: dict[str, Any] = {"x": ("learning_rate", [0.01, 5.0]), "y": ("train_examples", [50, None])}
    with ThreadPoolExecutor(2) as executor:
        here, there = mlp.FitMap(settings, WORDS, **axes), mlp.FitMap(settings, WORDS, **axes, executor=executor)
        for fits in (here, there):
            fits.step(300)
    assert [[bool(cell.diverged) for cell in row] for row in there.cells] == [[False, True]] * 2
    assert same(there, here)
    assert [there.cells[row][1].diverged for row in (0, 1)] == [here.cells[row][1].diverged for row in (0, 1)]


def test_a_sweep_up_to_a_step_ends_with_the_losses_of_that_step() -> None:
    with ThreadPoolExecutor(2) as executor:
        here, there = mlp.FitMap(SMALL, WORDS, **AXES), mlp.FitMap(SMALL, WORDS, **AXES, executor=executor)
        for fits in (here, there):
            while fits.steps_done < 500:
                fits.run_for(0.01, until=500)
    assert there.snapshot().step == 500
    assert there.snapshot().updates == 4 * 500
    assert same(there, here)


def test_a_killed_worker_costs_nothing_but_time(cluster: LocalCluster) -> None:
    settings, axes = SMALL, {"x": ("hidden", [5, 40, 60]), "y": ("train_examples", [64, None])}
    with Client(cluster) as client, open_engine(f"dask:{cluster.scheduler_address}") as executor:
        workers = client.run(os.getpid)
        fits = mlp.FitMap(settings, WORDS, **axes, executor=executor)
        sweep = Thread(target=fits.step, args=(20_000,))
        sweep.start()
        lost = _stop_one_at_work(client, workers, fits)
        os.kill(workers[lost], signal.SIGKILL)
        sweep.join(60)
        assert lost not in client.scheduler_info()["workers"]
    assert fits.steps_done == 20_000
    here = mlp.FitMap(settings, WORDS, **axes)
    here.step(20_000)
    assert same(fits, here)
    alone = mlp.Trainer(settings.with_changes(hidden=60), WORDS)
    alone.step(20_000)
    assert torch.equal(fits.model(1, 2).theta, alone.model.theta)


def _stop_one_at_work(client: Client, workers: dict[str, int], fits: mlp.FitMap) -> str:
    """Hold up a worker, some way into the sweep, in the midst of a piece that it can then never bring to its end."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if fits.steps_done < 512:
            time.sleep(0.005)
            continue
        for address, process in workers.items():
            os.kill(process, signal.SIGSTOP)
            if client.processing()[address]:
                return address
            os.kill(process, signal.SIGCONT)
    raise AssertionError("No worker was ever at work.")


def test_an_engine_that_breaks_leaves_all_networks_at_one_step() -> None:
    fits, here = mlp.FitMap(SMALL, WORDS, **AXES, executor=Failing(6)), mlp.FitMap(SMALL, WORDS, **AXES)
    with pytest.raises(EngineError, match="could not finish: BrokenExecutor: a process ended"):
        fits.step(500)
    here.step(64)
    assert same(fits, here)


def test_a_piece_begins_where_its_network_stands() -> None:
    fits, theirs = mlp.FitMap(SMALL, WORDS, **AXES), mlp.FitMap(SMALL.with_changes(seed=2), WORDS, **AXES)
    theirs.step(30)
    cell, state = fits.cells[0][0], theirs.cells[0][0].state()
    at_rest = piece.train(piece.Piece(cell.settings, cell.words, state, 30, (), piece.made_with()))
    assert torch.equal(at_rest.state.theta, state.theta)
    assert at_rest.state[2:] == state[2:]


def test_a_worker_with_other_code_is_refused() -> None:
    cell = mlp.FitMap(SMALL, WORDS, **AXES).cells[0][0]
    asked = piece.Piece(cell.settings, cell.words, cell.state(), 10, (), piece.made_with())
    assert piece.train(asked).state.steps_done == 10
    with pytest.raises(EngineError, match=r"made with torch 1\.0, but this worker with torch 2"):
        piece.train(replace(asked, made_with="torch 1.0"))
