"""An earlier step of a run, as its snapshot shows it, is that of the run; finding it changes nothing."""

import math

import pytest
import torch

import mlp
from mlp.engine.moment import ExactMoment, remembered
from mlp.engine.transport import Transport


def played(steps=400, **settings):
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=200, batch_size=32, **settings))
    trainer.step(steps // 2)
    trainer.change(learning_rate=0.03)
    trainer.step(steps - steps // 2)
    trainer.timeline.losses("train")
    return Transport(trainer, lambda: False, lambda: None)


def alone(step, **settings):
    """The same network trained by single steps."""
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=200, batch_size=32, **settings))
    for done in range(step):
        if done == 200:
            trainer.change(learning_rate=0.03)
        trainer.step()
    return trainer


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("step", [0, 1, 77, 199, 200, 201, 333])
def test_any_step_is_exactly_that_of_the_run(optimizer, step):
    transport = played(optimizer=optimizer)
    work = ExactMoment(transport.take_snapshot(), step)
    while not work.done:
        work.run_for(0.001)
    seen, true = work.found.of(transport.take_snapshot()), alone(step, optimizer=optimizer)
    assert torch.equal(seen.model.theta, true.model.theta)
    assert seen.losses == (step, true.evaluate("train"), true.evaluate("dev"))
    assert (seen.step, seen.epoch) == (step, true.epoch_done)
    assert seen.settings.learning_rate == (0.03 if step >= 200 else 0.1)


def test_a_remembered_step_is_the_last_one_up_to_the_wished_one():
    transport = played()
    snapshot = transport.take_snapshot()
    for step in (0, 5, 80, 163, 399):
        found = remembered(snapshot, step)
        assert found.step == max(kept for kept in transport.trainer.timeline.snapshots if kept <= step)
        assert found.losses == (found.step, *transport.trainer.timeline.losses_at(found.step))


def test_a_moment_shows_nothing_that_came_later():
    snapshot = played().take_snapshot()
    seen = remembered(snapshot, 100).of(snapshot)
    assert seen.curve.steps[-1] == seen.step <= 100
    assert len({len(part) for part in (seen.curve.steps, seen.curve.epochs, seen.curve.batch, seen.curve.dev)}) == 1
    assert seen.now is snapshot
    assert snapshot.now is snapshot
    assert not seen.playing
    assert math.isfinite(remembered(snapshot, 50).of(snapshot).batch_loss), "every early step is remembered"


def test_looking_back_changes_nothing_and_the_run_goes_on():
    transport, other = played(), played()
    work = ExactMoment(transport.take_snapshot(), 333)
    transport.trainer.step(50)
    work.run_for(1)
    other.trainer.step(50)
    assert torch.equal(transport.trainer.model.theta, other.trainer.model.theta)
    assert transport.trainer.timeline.steps == other.trainer.timeline.steps
    assert work.found.step == 333


def test_losses_that_are_not_known_yet_are_those_of_the_step_before():
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=200))
    trainer.step(30)
    trainer.timeline.losses_at(10)
    snapshot = Transport(trainer, lambda: False, lambda: None).take_snapshot()
    assert remembered(snapshot, 20).losses[0] == 10


def test_the_states_of_changes_are_kept_when_room_is_short():
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=64, batch_size=16))
    trainer.timeline.room_bytes = 12 * trainer.model.theta.nbytes
    trainer.step(30)
    trainer.change(learning_rate=0.05)
    trainer.step(200)
    assert {0, 30} <= set(trainer.timeline.snapshots)
    assert len(trainer.timeline.snapshots) <= 12
