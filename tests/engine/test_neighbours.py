"""Runs beside one another: a fault, a long step or a lost watcher of one is no other's."""

import gc
import math
import threading
import time
import weakref

import pytest

import mlp
from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from tests.engine.test_scheduler import SMALL, wait


@pytest.fixture
def run() -> Run:
    return Engine().start(SMALL)


def test_one_runs_fault_does_not_stop_the_others() -> None:
    engine = Engine()
    faulty, sound = engine.start(SMALL), engine.start(SMALL)
    faulty.call(lambda trainer: 1 / 0)
    sound.step()
    assert sound.now().step == 1
    assert "division by zero" in wait(faulty, lambda s: s.note).note
    faulty.step()
    assert faulty.now().step == 1


def test_a_value_that_no_longer_fits_when_its_turn_comes_is_refused_in_a_sentence(run: Run) -> None:
    waiting = threading.Event()
    run.call(lambda trainer: waiting.wait(5) and None)
    run.set("train_share", 0.9)  # each of them fits what is set now, but they do not fit together
    run.set("dev_share", 0.2)
    waiting.set()
    snapshot = run.now()
    assert (snapshot.settings.train_share, snapshot.settings.dev_share) == (0.9, 0.1)
    assert snapshot.note == "The train and dev fractions may add up to at most 1."


def test_one_watchers_fault_does_not_keep_the_snapshot_from_the_others(run: Run) -> None:
    arrived = threading.Event()
    run.request(-1, lambda snapshot: 1 / 0)
    run.request(-1, lambda snapshot: arrived.set())
    assert arrived.wait(5)
    assert not run.now().note


def test_a_run_that_cannot_go_on_does_not_try_for_ever(run: Run) -> None:
    tries = []
    run.now()
    run.trainer.timeline.evaluate = lambda model: tries.append(1) or 1 / 0  # type: ignore[assignment, return-value]
    run.step()
    assert "division by zero" in wait(run, lambda s: s.note).note
    time.sleep(0.3)
    assert len(tries) < 20


def test_a_run_that_nobody_has_any_more_is_let_go() -> None:
    engine = Engine()
    run = engine.start(SMALL)
    run.epoch()
    wait(run, lambda s: not s.playing and not any(map(math.isnan, s.curve.train)))
    time.sleep(0.2)
    trace = weakref.ref(run.trainer)
    del run
    gc.collect()
    assert trace() is None


def test_a_heavy_run_does_not_hold_up_a_light_one() -> None:
    engine = Engine()
    heavy = engine.start(mlp.Settings(hidden=1024, embedding_dim=64, block_size=12, batch_size=512))
    light = engine.start(SMALL)
    heavy.play()
    time.sleep(0.3)
    begin = time.monotonic()
    light.step()
    assert wait(light, lambda s: s.step == 1)
    assert time.monotonic() - begin < 5
    heavy.pause()


def test_pokes_neither_hold_up_long_work_nor_wait_for_it() -> None:
    large = mlp.Settings(hidden=1024, embedding_dim=64, block_size=12, batch_size=4096)
    run = Engine().start(large)
    answers, stop = [], threading.Event()

    def look(snapshot: Snapshot) -> None:
        answers.append((time.monotonic(), snapshot))
        run.request(snapshot.number, look)

    def notify() -> None:
        while not stop.wait(0.05):
            run.notify()

    run.request(-1, look)
    poking = threading.Thread(target=notify)
    poking.start()
    try:
        run.play()
        deadline = time.monotonic() + 60
        while not any(snapshot.step >= 2 for _, snapshot in answers):
            assert time.monotonic() < deadline, "the notifications hold up the steps"
            time.sleep(0.05)
        run.pause()
        before, after = (max(t for t, s in answers if s.step == step) for step in (1, 2))
        during = [s for t, s in answers if before - 1 < t <= after]
        assert len(during) > 2, "the watchers wait for the steps"
        numbers = [snapshot.number for _, snapshot in answers]
        assert numbers == sorted(set(numbers))
    finally:
        stop.set()
        poking.join()
        run.pause()
