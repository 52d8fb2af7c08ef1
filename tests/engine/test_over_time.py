"""A measure over the training: worked out beside the run, of exactly the steps it names, and true after going back."""

import time

import pytest

from mlp.engine.moment import remembered
from mlp.engine.over_time import POINTS, OverTime, chosen_steps
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Curve, Snapshot
from mlp.settings import Settings


@pytest.fixture
def engine():
    made = Engine()
    yield made
    made.stop()


def started(engine, steps=400, **changes):
    run = engine.start(Settings(hidden=10, train_examples=64, batch_size=16, **changes))
    run.call(lambda trainer: trainer.step(steps))
    run.now()
    return run


def sizes(engine, changed=lambda: None):
    """The mean size of the numbers in C, as something that is easily worked out twice."""
    return OverTime(engine, lambda present, step: size(present.model.at(present.thetas[step])), changed)


def size(model):
    return model.C.abs().mean().item()


def whole(series, snapshot: Snapshot):
    """The curve when all of it is known."""
    end = time.monotonic() + 20
    while len(found := series(snapshot)) < len([s for s in chosen_steps(snapshot.now.curve) if s <= snapshot.step]):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def curve(count):
    filler = (0.0,) * count
    return Curve(tuple(range(count)), filler, filler, filler, filler)


@pytest.mark.parametrize("count", [1, 2, POINTS, POINTS + 1, 500, 1000, 4097])
def test_so_many_steps_are_chosen_and_they_stay_as_the_run_goes_on(count):
    chosen = chosen_steps(curve(count))
    assert chosen[0] == 0
    assert min(count, POINTS / 2) <= len(chosen) <= POINTS
    later = chosen_steps(curve(count + 30))
    stay = [step for step in chosen if step in later]
    assert len(stay) >= len(chosen) / 2


def test_every_measure_is_that_of_the_network_at_that_step(engine):
    run = started(engine)
    found = whole(sizes(engine), run.now())
    for step, measured in found:
        assert measured == size(run.trainer.at(step))


def test_who_looks_at_an_earlier_step_sees_the_curve_up_to_there(engine):
    run = started(engine)
    series = sizes(engine)
    present = run.now()
    whole(series, present)
    found = series(remembered(present, 100).of(present))
    assert found
    assert max(step for step, _ in found) <= 100


def test_after_going_back_and_another_way_the_numbers_are_those_of_the_new_way(engine):
    run = started(engine)
    series = sizes(engine)
    before = dict(whole(series, run.now()))
    run.rewind(50)
    run.set("learning_rate", 0.5)
    run.call(lambda trainer: trainer.step(300))
    after = dict(whole(series, run.now()))
    assert all(after[step] == before[step] for step in before if step <= 50 and step in after)
    for step, measured in after.items():
        assert measured == size(run.trainer.at(step))
    assert any(after[step] != before[step] for step in before if step > 60 and step in after)


def test_another_network_has_a_curve_of_its_own(engine):
    run = started(engine)
    series = sizes(engine)
    whole(series, run.now())
    run.set("hidden", 12)
    run.call(lambda trainer: trainer.step(30))
    for step, measured in whole(series, run.now()):
        assert measured == size(run.trainer.at(step))


def test_measuring_changes_no_number_of_the_run(engine):
    run = started(engine)
    whole(sizes(engine), run.now())
    again = run.trainer.fork()
    again.step(400)
    assert run.now().model.theta.tolist() == again.model.theta.tolist()


def test_it_says_when_more_is_known_and_rests_in_the_end(engine):
    told = []
    run = started(engine)
    series = sizes(engine, lambda: told.append(1))
    whole(series, run.now())
    end = time.monotonic() + 5
    while series.busy:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert told
