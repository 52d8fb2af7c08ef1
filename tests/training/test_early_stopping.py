"""Early stopping: judged by all dev losses of the run since it stopped last, and at remembered steps alone."""

import math
import sys

import pytest

import mlp
from mlp.training.curves import stopping_step
from mlp.training.early_stopping import EarlyStopping

OVERFITS = mlp.Settings(train_examples=64, embedding_dim=10, hidden=100, learning_rate=0.5)


def trainer(steps: int) -> mlp.Trainer:
    made = mlp.Trainer(OVERFITS)
    made.step(steps)
    return made


def first_stop(patience: int) -> int:
    """The first remembered step at which the lowest dev loss lies so many steps back, by a plain loop over networks."""
    run, best, since = trainer(2000), math.inf, 0
    for step in run.timeline.steps:
        loss = run.at(step).loss(run.dataset.dev.X, run.dataset.dev.Y)
        if loss < best:
            best, since = loss, step
        elif step - since >= patience:
            return step
    raise AssertionError("This run should overfit.")


@pytest.mark.parametrize("patience", [5, 60, 300])
def test_a_run_stops_at_the_step_that_a_plain_loop_finds(patience: int) -> None:
    run = mlp.Trainer(OVERFITS)
    rule = EarlyStopping(run)
    while (found := rule.judge(patience, math.inf)) == "go on":
        run.step(rule.most(patience))
    assert (found, run.steps_done) == ("stop", first_stop(patience))


def test_played_on_it_gets_as_much_patience_again() -> None:
    run = mlp.Trainer(OVERFITS)
    rule = EarlyStopping(run)
    stops = []
    while len(stops) < 2:
        if rule.judge(60, math.inf) == "stop":
            stops.append(run.steps_done)
        run.step(rule.most(60))
    steps = [step for step in run.timeline.steps if step >= stops[0]]
    assert stops[1] - stops[0] >= 60
    assert stops[1] == stopping_step(steps, [run.timeline.losses_at(step)[1] for step in steps], 60)


def test_without_patience_it_never_stops_and_never_needs_to_look() -> None:
    run = trainer(800)
    rule = EarlyStopping(run)
    assert rule.judge(None, math.inf) == "go on"
    assert run.timeline.known == {}
    assert rule.most(None) == sys.maxsize


def test_between_remembered_steps_nothing_is_judged() -> None:
    run = trainer(2000)
    run.step(1 if run.timeline.steps[-1] == run.steps_done else 0)
    assert run.timeline.steps[-1] != run.steps_done
    assert EarlyStopping(run).judge(5, math.inf) == "go on"
    assert run.timeline.known == {}


def test_up_to_the_next_judgement_are_as_many_steps_as_the_timeline_says() -> None:
    run = trainer(1000)
    assert EarlyStopping(run).most(60) == run.timeline.due() - 1000 > 0


def test_what_is_not_worked_out_in_time_is_unknown_and_then_goes_on_where_it_was() -> None:
    run = trainer(400)
    run.step(run.timeline.due() - 400)
    rule = EarlyStopping(run)
    assert rule.judge(10**6, -1.0) == "unknown"
    assert run.timeline.known == {}
    assert rule.judge(10**6, math.inf) == "go on"
    assert set(run.timeline.known) == set(run.timeline.steps)
    assert rule.judge(10**6, -1.0) == "go on"  # all is known, so there is nothing to wait for


@pytest.mark.parametrize(
    ("dev", "patience", "expected"),
    [([3.0, 2.0, 2.0, 2.0], 2, 3), ([1.0, 2.0, 2.0, 2.0], 3, 3), ([3.0, 2.0, 1.0, 0.5], 1, None),
     ([1.0, math.nan, math.nan, 2.0], 1, 3), ([], 1, None)],
)  # fmt: skip
def test_of_equal_losses_the_first_counts_and_what_is_unknown_does_not(dev, patience, expected) -> None:
    assert stopping_step(range(len(dev)), dev, patience) == expected


def test_steps_and_losses_of_different_length_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        stopping_step([1, 2], [1.0], 1)
