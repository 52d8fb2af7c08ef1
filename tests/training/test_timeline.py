"""What is remembered follows from the step number alone, is true, and stays within its room."""

import math
from itertools import pairwise

import pytest
import torch

import mlp


@pytest.fixture
def trainer():
    return mlp.Trainer(mlp.Settings(hidden=8, train_examples=64, batch_size=16))


def test_early_steps_are_all_remembered_and_later_ones_ever_more_sparsely(trainer):
    trainer.step(3000)
    steps = trainer.timeline.steps
    assert steps[:82] == list(range(82))
    assert all(b - a == max(1, a // 80) for a, b in pairwise(steps))


def test_ten_million_steps_are_about_a_thousand_points(trainer):
    timeline = trainer.timeline
    while timeline.steps[-1] < 10_000_000:
        timeline.steps.append(timeline.due())
    assert 900 < len(timeline.steps) < 1100


def test_losses_are_those_of_the_remembered_networks_whenever_they_are_asked_for(trainer):
    now = []
    for _ in range(30):
        now.append((trainer.evaluate("train"), trainer.evaluate("dev")))
        trainer.step()
    now.append((trainer.evaluate("train"), trainer.evaluate("dev")))
    assert trainer.timeline.losses("train") == [train for train, _ in now]
    assert trainer.timeline.losses("dev") == [dev for _, dev in now]
    assert trainer.timeline.unknown() is None


def test_unknown_losses_are_worked_out_from_the_latest_on(trainer):
    trainer.step(2)
    asked = []
    while (step := trainer.timeline.unknown()) is not None:
        asked.append(step)
        trainer.timeline.losses_at(step)
    assert asked == [2, 1, 0]


def test_batch_losses_belong_to_the_step_they_start_from(trainer):
    losses = [trainer.step() for _ in range(20)]
    assert trainer.timeline.batch_losses[:20] == losses
    assert math.isnan(trainer.timeline.batch_losses[20])


def test_epochs_stand_beside_the_steps(trainer):
    trainer.step(10)  # four batches a pass
    assert trainer.timeline.epochs == [step / 4 for step in range(11)]


def test_looking_changes_nothing(trainer):
    trainer.step(10)
    steps, theta = list(trainer.timeline.steps), trainer.model.theta.clone()
    trainer.timeline.losses("dev")
    trainer.at(3)
    assert trainer.timeline.steps == steps
    assert torch.equal(trainer.model.theta, theta)


def test_snapshots_stay_within_their_room_and_the_curve_stays_whole(trainer, monkeypatch):
    trainer.timeline.room_bytes = 10 * trainer.model.theta.nbytes
    true = []
    for _ in range(60):
        true.append(trainer.evaluate("dev"))
        trainer.step()
        assert len(trainer.timeline.snapshots) <= 10
    steps = trainer.timeline.steps
    assert 20 < len(steps) < 60, "with little room not every step is remembered"
    assert trainer.timeline.losses("dev")[:-1] == [true[step] for step in steps[:-1]]
    assert {0, 60} <= trainer.timeline.snapshots.keys()


def test_thinning_never_works_out_many_losses_at_once(trainer, monkeypatch):
    trainer.timeline.room_bytes = 10 * trainer.model.theta.nbytes
    timeline, asked = trainer.timeline, []
    monkeypatch.setattr(timeline, "evaluate", lambda model: asked.append(1) or (0.0, len(asked)))
    for _ in range(60):
        before = len(asked)
        trainer.step()
        # On the largest networks each takes a good part of a second; two, where the first is the best so far and stays.
        assert len(asked) - before <= 2


def test_an_update_is_made_once_though_a_command_comes_while_it_is_remembered(trainer, monkeypatch):
    trainer.timeline.room_bytes = 10 * trainer.model.theta.nbytes
    trainer.interrupt = lambda: True  # as long as a command waits, nobody works out losses
    trainer.step(30)
    assert trainer.steps_done == trainer.timeline.steps[-1] == 30
    trainer.interrupt = lambda: False
    trainer.step(30)
    assert len(trainer.timeline.snapshots) <= 10
    assert len(trainer.timeline.losses("dev")) == len(trainer.timeline.steps)


def test_later_steps_can_be_forgotten(trainer):
    trainer.step(10)
    trainer.timeline.losses("dev")
    trainer.timeline.forget_after(4)
    timeline = trainer.timeline
    assert timeline.steps == [0, 1, 2, 3, 4]
    assert len(timeline.epochs) == len(timeline.batch_losses) == 5
    assert max(timeline.known) == max(timeline.snapshots) == 4
