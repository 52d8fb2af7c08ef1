"""A run that diverges says so, and is left in the last state that was finite, however its steps were cut."""

import math

import pytest
import torch

import mlp
from mlp.training import trainer as module
from mlp.training.divergence import Divergence, Progress
from mlp.training.timeline import EVERY_STEP_UNTIL
from tests.training.test_trainer import OPTIMIZERS, SMALL, same


def finite(trainer):
    return trainer.model.theta.isfinite().all() and math.isfinite(trainer.evaluate("train"))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("size", [{}, {"batch_size": None, "train_examples": 32}])
def test_divergence_stops_says_so_and_keeps_the_last_finite_state(optimizer, size):
    settings = mlp.Settings(learning_rate=10, weight_decay=1, optimizer=optimizer, **size)
    trainer = mlp.Trainer(settings)
    if optimizer == "adam":  # which divides the size away, and so needs help to diverge
        trainer.model.theta.mul_(8e37)
    trainer.step(20_000)
    assert trainer.diverged.what == "loss"
    assert trainer.diverged.step > trainer.steps_done
    assert not math.isfinite(trainer.last_batch_loss)
    assert finite(trainer)
    state, done = trainer.model.theta.clone(), trainer.steps_done
    assert trainer.timeline.steps[-1] <= done
    assert all(snapshot.isfinite().all() for snapshot in trainer.timeline.snapshots.values())
    assert not math.isfinite(trainer.step(10))
    assert trainer.run_for(0.01) == 0
    trainer.epoch()
    assert trainer.steps_done == done
    assert torch.equal(trainer.model.theta, state)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_divergence_is_found_at_the_same_step_however_steps_are_cut(optimizer):
    decay = {"sgd": 0.22, "momentum": 0.385}[optimizer]  # each step multiplies a parameter by about -1.2
    settings = mlp.Settings(learning_rate=10, weight_decay=decay, optimizer=optimizer, train_examples=500)
    one_by_one, at_once = mlp.Trainer(settings), mlp.Trainer(settings)
    while not one_by_one.diverged:
        one_by_one.step()
    at_once.step(5000)
    assert same(one_by_one, at_once)
    assert one_by_one.steps_done > 2 * EVERY_STEP_UNTIL  # beyond which several steps are made between two looks


def test_a_run_of_which_no_late_state_is_finite_goes_back_to_a_remembered_one(monkeypatch):
    trainer, again = mlp.Trainer(SMALL), mlp.Trainer(SMALL)
    trainer.step(60)
    trainer.timeline.known[60] = trainer.timeline.known[59] = math.inf, math.inf  # as if those were not finite
    trainer.timeline.known[58] = 3.0, 3.0
    monkeypatch.setattr(trainer, "loss_of", lambda model, split: math.inf)
    again.step(58)
    monkeypatch.setattr(
        module, "advance", lambda *_: Progress(math.inf, math.inf, (), Divergence(61, "loss"), lost=True)
    )
    trainer.step(5)
    assert trainer.diverged == (61, "loss")
    assert trainer.steps_done == trainer.timeline.steps[-1] == 58
    assert torch.equal(trainer.model.theta, again.model.theta)
    assert trainer.state()[2:] == again.state()[2:]
    assert trainer.recipe().goings_back == ((60, 58, "diverged"),)


def test_a_loss_that_overflows_and_comes_back_ends_the_run_however_it_is_cut():
    """Between two looks the loss may be infinite for a step and finite again, and the parameters all the while."""
    settings = mlp.Settings(
        hidden=50, train_examples=500, batch_size=8, learning_rate=2, optimizer="momentum", weight_decay=0.5,
        init="scaled", direct=True, seed=30,
    )  # fmt: skip
    at_once, cut = mlp.Trainer(settings), mlp.Trainer(settings)
    at_once.step(1500)
    while not cut.diverged:
        cut.step(7)
    assert at_once.diverged
    assert same(at_once, cut)
