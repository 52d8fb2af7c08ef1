"""Runs beside one another: a fault, a long step or a lost watcher of one is no other's."""

import gc
import math
import threading
import weakref

import pytest

import mlp
from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from tests.engine.test_scheduler import SMALL, wait
from tests.waiting import eventually


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
    turn, due = run.turn, []
    run.turn = lambda seconds: due.append(turn(seconds)) or due[-1]  # type: ignore[method-assign]
    run.step()
    assert "division by zero" in wait(run, lambda s: s.note).note
    run.turn = turn  # type: ignore[method-assign]
    assert run.fail(ZeroDivisionError()) == math.inf, "no turn is due after an error"


def test_a_run_that_nobody_has_any_more_is_let_go() -> None:
    engine = Engine()
    run = engine.start(SMALL)
    run.epoch()
    wait(run, lambda s: not s.playing and not any(map(math.isnan, s.curve.train)))
    trace = weakref.ref(run.trainer)
    del run
    eventually(lambda: gc.collect() is not None and trace() is None)


def test_a_heavy_run_does_not_hold_up_a_light_one() -> None:
    engine = Engine()
    heavy = engine.start(mlp.Settings(hidden=1024, embedding_dim=64, block_size=12, batch_size=512))
    light = engine.start(SMALL)
    assert not_held_up(light, heavy)


def test_making_the_examples_of_many_words_does_not_hold_up_a_light_run() -> None:
    engine = Engine()
    many = engine.start(SMALL, [f"a{chr(98 + n % 24)}{n}" for n in range(12_000)])
    assert not_held_up(engine.start(SMALL), many)


def not_held_up(light: Run, other: Run) -> bool:
    """True where one run makes a step while the other is in the midst of a turn."""
    begun, goes_on = threading.Event(), threading.Event()

    def long_work(trainer: mlp.Trainer) -> None:
        begun.set()
        goes_on.wait(60)

    other.call(long_work)
    assert begun.wait(30)
    light.step()
    try:
        return wait(light, lambda s: s.step == 1).step == 1 and other.busy.locked()
    finally:
        goes_on.set()


def test_notifications_in_the_midst_of_a_long_step_neither_hold_it_up_nor_wait_for_it() -> None:
    large = mlp.Settings(hidden=1024, embedding_dim=64, block_size=12, batch_size=4096)
    run = Engine().start(large)
    answers: list[Snapshot] = []

    def look(snapshot: Snapshot) -> None:
        answers.append(snapshot)
        run.request(snapshot.number, look)

    def notify_whenever_asked(trainer: mlp.Trainer) -> None:
        asked = trainer.interrupt

        def notify() -> bool:
            run.notify()
            return asked()

        trainer.interrupt = notify

    run.call(notify_whenever_asked)
    run.step()
    eventually(lambda: run.trainer.steps_done == 1)
    run.request(-1, look)
    run.step()
    eventually(lambda: any(snapshot.step == 2 for snapshot in answers), 60)
    assert [snapshot.step for snapshot in answers].count(1) > 2, "the watchers wait for the step"
    numbers = [snapshot.number for snapshot in answers]
    assert numbers == sorted(set(numbers))
