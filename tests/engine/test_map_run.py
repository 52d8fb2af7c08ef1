"""A map of fits among the engine's other work: it comes to its goal, can be stopped, and rests unwatched."""

import math
import threading
import time

import pytest
import torch

import mlp
from mlp.engine import job as module
from mlp.engine.scheduler import Engine

SMALL = mlp.Settings(train_examples=64)
AXES = {"x": ("hidden", [2, 4]), "y": ("learning_rate", [0.01, 0.1])}


def wait(true, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_comes_to_its_goal_with_the_numbers_of_a_map_alone() -> None:
    told = threading.Event()
    played = Engine().start_map(mlp.FitMap(SMALL, **AXES), 150, told.set)
    wait(lambda: not played.playing)
    assert told.is_set()
    assert played.done
    alone = mlp.FitMap(SMALL, **AXES)
    alone.step(150)
    assert torch.equal(played.fits.loss("dev"), alone.loss("dev"))
    wait(lambda: played.fits.snapshot().step == 150)


def test_can_be_stopped_and_taken_up_again() -> None:
    played = Engine().start_map(mlp.FitMap(SMALL, **AXES), 100_000, lambda: None)
    wait(lambda: played.fits.steps_done > 50)
    turns = played.turn
    due: list[float] = []
    played.turn = lambda seconds: due.append(turns(seconds)) or due[-1]  # type: ignore[method-assign]
    played.stop()
    wait(lambda: due and due[-1] == math.inf)  # the engine gives no more turns
    stopped = played.fits.steps_done
    assert played.fits.snapshot().step == stopped < 100_000
    played.play()
    wait(lambda: played.fits.steps_done > stopped)
    played.stop()


def test_rests_when_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.2)
    played = Engine().start_map(mlp.FitMap(SMALL, **AXES), 10_000_000, lambda: None)
    wait(lambda: not played.playing)
    assert "was left" in played.note


def test_a_map_whose_networks_all_diverge_ends() -> None:
    settings = SMALL.with_changes(weight_decay=1.0)
    axes = {"x": ("hidden", [2, 4]), "y": ("learning_rate", [9.0, 10.0])}
    played = Engine().start_map(mlp.FitMap(settings, **axes), 10_000, lambda: None)
    wait(lambda: not played.playing)
    assert played.done
    assert torch.isinf(played.fits.loss("train")).all()


def test_a_job_that_fails_says_so_and_rests() -> None:
    fits, told = mlp.FitMap(SMALL, **AXES), []

    def fail(goal: int, seconds: float) -> None:
        raise MemoryError

    fits.cells[0][0].work = fail  # type: ignore[method-assign]  # in the midst of a round: it cannot be finished
    played = Engine().start_map(fits, 100, lambda: told.append(1))
    wait(lambda: told and not played.playing)
    assert played.note == "Stopped because of an error: MemoryError"
    assert played.fail(MemoryError()) == math.inf, "no turn is due after an error"


def test_a_job_whose_page_has_gone_does_not_take_the_others_with_it() -> None:
    engine = Engine()
    gone = threading.Event()
    engine.start_map(mlp.FitMap(SMALL, **AXES), 50, lambda: gone.set() or 1 / 0)
    assert gone.wait(20)
    played = engine.start_map(mlp.FitMap(SMALL, **AXES), 50, lambda: None)
    wait(lambda: played.done)


def test_a_playing_map_leaves_turns_to_a_run() -> None:
    engine = Engine()
    played = engine.start_map(mlp.FitMap(SMALL, **AXES), 10_000_000, lambda: None)
    run = engine.start(SMALL)
    run.play()
    wait(lambda: run.now().step > 500)
    assert played.playing
    played.stop()


def test_a_heavy_run_does_not_hold_up_a_map() -> None:
    engine = Engine()
    run = engine.start(mlp.Settings(hidden=1024, embedding_dim=64, block_size=12, batch_size=4096))
    run.play()
    played = engine.start_map(mlp.FitMap(SMALL, **AXES), 1000, lambda: None)
    run.request(10**9, lambda snapshot: None)  # somebody watches
    wait(lambda: played.done)
    assert run.trainer.steps_done < 100
    run.pause()
