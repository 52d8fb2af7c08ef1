"""`sweep --engine`: the same table from a cluster, and a sentence for whatever is wrong with one."""

import sys
from typing import Any

import pytest
from distributed import LocalCluster

import mlp
from tests.cli.terminal import Terminal
from tests.sweep.failing import Failing


def test_the_terminal_sweeps_on_a_cluster(terminal: Terminal) -> None:
    sweep = "sweep", "--x", "hidden=2,10", "--steps", 300, "--json"
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        there = terminal(*sweep, "--engine", f"dask:{cluster.scheduler_address}")
    assert (there.code, there.out) == (0, terminal(*sweep).out)


def test_what_is_wrong_with_an_engine_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = terminal("sweep", "--x", "hidden=2", "--engine", "cloud")
    assert (wrong.code, wrong.out) == (2, "")
    assert "“cloud” is no engine. Write threads, or dask:tcp://HOST:8786" in wrong.err
    monkeypatch.setenv("MLP_SWEEP_ENGINE", "dask:tcp://127.0.0.1:9")
    monkeypatch.setattr("mlp.sweep.engines.ANSWER_SECONDS", 0.2)
    away = terminal("sweep", "--x", "hidden=2")
    assert (away.code, away.out) == (4, "")
    assert away.err == "Error: The Dask cluster at tcp://127.0.0.1:9 does not answer.\n"
    monkeypatch.setitem(sys.modules, "distributed", None)
    missing = terminal("sweep", "--x", "hidden=2")
    assert (missing.code, missing.out) == (4, "")
    assert missing.err == "Error: A Dask cluster needs the package “distributed”. Install it on this machine.\n"


def test_a_sweep_whose_engine_breaks_prints_how_far_it_came(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mlp.FitMap.__init__

    def on_one_that_breaks(fits: mlp.FitMap, *args: Any, **kwargs: Any) -> None:
        made(fits, *args, **{**kwargs, "executor": Failing(2)})

    whole = terminal("sweep", "--x", "hidden=2,10", "--steps", 64, "--json")
    monkeypatch.setattr(mlp.FitMap, "__init__", on_one_that_breaks)
    broken = terminal("sweep", "--x", "hidden=2,10", "--steps", 300, "--json")
    assert (broken.code, broken.out) == (4, whole.out)
    assert "These are the losses at step 64." in broken.err
