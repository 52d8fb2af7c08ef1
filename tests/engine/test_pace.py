"""A pace that can be followed: how long it takes, how many steps are due, and where it does not hold."""

import math

import pytest

import mlp
from mlp.engine import pace
from mlp.engine.pace import WATCH, Metronome, rate
from mlp.engine.transport import Transport
from mlp.training.replay import Replay

SMALL = mlp.Settings(hidden=5, train_examples=64)


def seconds(begin: int, end: int, to_goal: bool = False) -> float:
    """How long the steps take, one by one."""
    return sum(1 / rate(WATCH, step, to_goal) for step in range(begin, end))


def test_the_first_hundred_steps_take_ten_seconds_and_each_tenfold_five_more() -> None:
    assert seconds(0, 100) == pytest.approx(10)
    assert seconds(100, 1000) == pytest.approx(5, rel=0.01)
    assert seconds(1000, 10_000) == pytest.approx(5, rel=0.01)
    assert seconds(0, 10_000, to_goal=True) == pytest.approx(3, rel=0.01)


@pytest.mark.parametrize(("given", "steps"), [(3.0, 3), (40.0, 40), (1000.0, 1000), (12_345.0, 12_345)])
def test_as_many_steps_are_due_as_its_rate_says(given: float, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(pace.time, "monotonic", lambda: now)
    metronome, made, turns = Metronome(), 0, 0
    while now < 10:
        made += metronome.due(given)
        rest = metronome.rests_for(given)
        assert rest > 0
        now += rest
        turns += 1
    assert made == pytest.approx(10 * steps, abs=steps / 10 + 1)
    assert turns <= 10 * pace.TURNS + 2


def test_a_rest_is_not_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(pace.time, "monotonic", lambda: now)
    metronome = Metronome()
    assert metronome.due(2) == 1
    assert metronome.due(2) == 0
    now = 3600.0
    assert metronome.due(2) <= 2


def test_a_run_that_is_opened_and_full_speed_know_no_pace() -> None:
    transport = Transport(mlp.Trainer(SMALL), lambda: False, lambda: None)
    transport.set_pace(WATCH)
    trainer = mlp.Trainer(SMALL)
    trainer.step(3000)
    transport.open(Replay(trainer.recipe()), "Opened.")
    assert transport.rests_for() == 0
    transport.work(30)
    while transport.playing:
        transport.work(30)
    assert transport.trainer.steps_done == 3000
    transport.play()
    transport.work(0.1)
    assert transport.trainer.steps_done < 3400  # at step 3,000 it is 1,382 steps a second
    assert not math.isinf(rate(WATCH, 3000))
    transport.set_pace(None)
    assert transport.rests_for() == 0


def test_the_pace_changes_no_number() -> None:
    slow, plain = Transport(mlp.Trainer(SMALL), lambda: False, lambda: None), mlp.Trainer(SMALL)
    slow.set_pace(5000.0)
    slow.run_to(300)
    while slow.playing:
        slow.work(0.01)
    plain.step(300)
    assert slow.trainer.model.theta.equal(plain.model.theta)
