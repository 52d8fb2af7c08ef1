"""Back to an earlier step, exactly: what follows is what followed then."""

import math
from pathlib import Path

import pytest
import torch

import mlp
from mlp.engine.scheduler import Engine
from mlp.training.curves import best_step, stopping_step
from tests.training.test_trainer import same


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("step", [0, 1, 37, 130])
def test_what_follows_a_rewind_is_what_followed_before(optimizer: str, step: int) -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=100, optimizer=optimizer, learning_rate=0.02))
    losses = [trainer.step() for _ in range(200)]
    end = trainer.model.theta.clone()
    step = max(kept for kept in trainer.timeline.snapshots if kept <= step)
    trainer.rewind(step)
    assert trainer.steps_done == trainer.timeline.steps[-1] == step
    assert [trainer.step() for _ in range(200 - step)] == losses[step:]
    assert torch.equal(trainer.model.theta, end)
    assert trainer.timeline.batch_losses[: step + 1] == losses[: step + 1] or step > 80


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_loaded_run_goes_back_as_the_one_that_was_saved(optimizer: str, tmp_path: Path) -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=100, optimizer=optimizer, learning_rate=0.02))
    trainer.step(200)
    trainer.save(str(tmp_path / "run"))
    loaded = mlp.Trainer.load(str(tmp_path / "run"))
    for run in (trainer, loaded):
        run.rewind(50)
        run.step(30)
    assert torch.equal(loaded.model.theta, trainer.model.theta)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_network_from_a_map_goes_back_as_the_one_alone(optimizer: str) -> None:
    settings = mlp.Settings(optimizer=optimizer, learning_rate=0.02)
    fits = mlp.FitMap(settings, x=("hidden", [8]), y=("train_examples", [100]))
    fits.step(200)
    trainer = fits.trainer(0, 0)
    step = next(step for step in trainer.timeline.snapshots if step > 80)
    trainer.rewind(step)
    trainer.step(30)
    alone = mlp.Trainer(trainer.settings)
    alone.step(step + 30)
    assert torch.allclose(trainer.model.theta, alone.model.theta, atol=1e-4)


@pytest.mark.parametrize(("then", "now"), [("momentum", "adam"), ("adam", "momentum"), ("adam", "sgd")])
def test_the_memory_of_another_optimizer_is_of_no_use(then: str, now: str) -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=100, optimizer=then, learning_rate=0.02))
    trainer.step(150)
    fresh = mlp.Trainer(trainer.settings)
    fresh.step(120)
    fresh.change(optimizer=now)
    trainer.change(optimizer=now)
    trainer.step(5)
    trainer.rewind(120)
    for run in (trainer, fresh):
        run.step(20)
    assert torch.equal(trainer.model.theta, fresh.model.theta)


def test_the_best_step_has_the_lowest_dev_loss_even_where_snapshots_are_few() -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=100, embedding_dim=10, init="scaled", train_examples=256))
    trainer.timeline.room_bytes = 12 * trainer.model.theta.nbytes
    for _ in range(15):
        trainer.step(100)
        trainer.timeline.losses("dev")
    dev = trainer.timeline.losses("dev")
    lowest = trainer.timeline.steps[dev.index(min(dev))]
    assert len(trainer.timeline.snapshots) <= 12
    assert 0 < lowest < 1500
    assert trainer.back_to_best() == trainer.steps_done == lowest
    assert trainer.evaluate("dev") == min(dev)


def test_without_dev_words_there_is_no_best() -> None:
    trainer = mlp.Trainer(mlp.Settings(train_share=1.0, dev_share=0.0))
    with pytest.raises(ValueError, match="no dev names"):
        trainer.back_to_best()


def test_a_step_that_has_not_been_is_refused() -> None:
    trainer = mlp.Trainer(mlp.Settings())
    for step in (3, -1):
        with pytest.raises(ValueError, match="has come to step 0"):
            trainer.rewind(step)


def test_going_back_to_a_step_that_was_not_remembered_is_exact() -> None:
    trainer, straight = (mlp.Trainer(mlp.Settings(hidden=8, train_examples=100, optimizer="adam")) for _ in range(2))
    trainer.step(700)
    step = next(step for step in range(500, 700) if step not in trainer.timeline.steps)
    trainer.rewind(step)
    straight.step(step)
    assert trainer.steps_done == step
    for run in (trainer, straight):
        run.step(100)
    assert same(trainer, straight)


def test_early_stopping_stops_at_the_step_that_the_rule_names_and_restores_the_best() -> None:
    settings = mlp.Settings(hidden=100, embedding_dim=10, init="scaled", train_examples=256)
    trainer = mlp.Trainer(settings)
    trainer.step(3000)
    expected = stopping_step(trainer.timeline.steps, trainer.timeline.losses("dev"), 200)
    assert expected
    run = Engine().start(settings)
    run.set_patience(200)
    run.play()
    while run.now().playing:
        pass
    snapshot = run.now()
    seen = trainer.timeline.steps.index(expected) + 1
    best = best_step(trainer.timeline.steps[:seen], trainer.timeline.losses("dev")[:seen])
    assert snapshot.step == best
    assert f"Early stopping at step {expected:,}: the dev loss had not improved for 200 steps." in snapshot.note
    assert f"Restored step {best:,}, the best." in snapshot.note
    while math.isnan((snapshot := run.now()).losses[2]) or snapshot.losses[0] != best:
        pass
    assert snapshot.losses[2] == min(trainer.timeline.losses("dev")[:seen])
    run.play()  # gives it as much patience again
    while run.now().step <= best:
        pass
    run.pause()
