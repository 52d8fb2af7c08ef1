"""What happens to a run is told and can be undone; another run is done again from its recipe as the engine plays."""

import math

import pytest
import torch

import mlp
from mlp.engine import live_change
from mlp.engine import pace as mlp_pace
from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from tests.engine.test_scheduler import SMALL, wait


@pytest.fixture
def run() -> Run:
    return Engine().start(SMALL)


def at_rest(run: Run) -> Snapshot:
    return wait(run, lambda snapshot: not snapshot.playing)


def edited() -> mlp.Trainer:
    trainer = mlp.Trainer(SMALL)
    trainer.step(300)
    trainer.change(learning_rate=0.05, optimizer="adam")
    trainer.step(217)
    trainer.change(batch_size=None)
    trainer.step(100)
    return trainer


def test_a_run_is_done_again_up_to_its_very_step_and_can_be_stopped_and_continued(run: Run) -> None:
    trainer = edited()
    run.open(trainer.recipe(), "This is it.")
    run.pause()
    stopped = at_rest(run)
    assert stopped.step <= 617
    run.play()
    done = at_rest(run)
    assert done.note == "This is it."
    assert done.recipe == trainer.recipe()
    assert torch.equal(done.model.theta, trainer.model.theta)
    assert done.settings == trainer.settings


def test_steps_and_patience_do_not_lead_a_replay_astray(run: Run) -> None:
    trainer = edited()
    run.set_patience(10)
    run.open(trainer.recipe(), "This is it.")
    for _ in range(3):
        run.step()
    run.play()
    assert at_rest(run).recipe == trainer.recipe()
    run.open(trainer.recipe(), "This is it.")
    run.step()
    run.run_epochs(1000)
    assert at_rest(run).recipe == trainer.recipe()


def test_a_replay_that_is_changed_is_another_run_from_there_on(run: Run) -> None:
    run.open(edited().recipe(), "This is it.")
    run.pause()
    run.set("weight_decay", 0.01)
    now = run.now()
    assert now.goal is None
    assert now.settings.weight_decay == 0.01
    assert torch.equal(mlp.replay(now.recipe).model.theta, now.model.theta)
    run.step()
    assert run.now().step == now.step + 1


def test_a_diverged_run_is_done_again_as_diverged(run: Run) -> None:
    trainer = mlp.Trainer(SMALL.with_changes(learning_rate=10, weight_decay=1))
    trainer.step(2000)
    run.open(trainer.recipe(), "This is it.")
    done = at_rest(run)
    assert done.diverged == trainer.diverged
    assert done.step == trainer.steps_done


@pytest.mark.parametrize(
    "deed",
    [
        lambda run: run.reset(),
        lambda run: run.set("seed", 5),
        lambda run: run.set_many({"hidden": 7}),
        lambda run: run.load(SMALL.with_changes(hidden=7), 20, "A preset."),
        lambda run: run.open(edited().recipe(), "A link."),
        lambda run: run.adopt(edited(), "From the lab."),
    ],
)
def test_whatever_replaces_a_run_can_be_undone(run: Run, deed) -> None:
    for _ in range(5):
        run.step()
    before = run.now()
    assert not before.undo
    deed(run)
    assert run.now().undo
    run.undo()
    after = run.now()
    assert not after.undo
    assert after.note == "Back to the run before, at step 5."
    assert torch.equal(after.model.theta, before.model.theta)
    assert after.recipe == before.recipe


def test_a_drag_through_many_new_networks_is_undone_at_once_and_steps_end_the_undoing(run: Run) -> None:
    run.step()
    for hidden in range(3, 9):
        run.set("hidden", hidden)
    assert run.now().undo
    run.undo()
    assert run.now().step == 1
    run.set("hidden", 4)
    run.step()
    assert not run.now().undo
    run.undo()
    assert run.now().settings.hidden == 4


def test_an_untrained_run_that_is_replaced_is_no_loss(run: Run) -> None:
    run.set("hidden", 4)
    assert not run.now().undo


def test_the_quiet_line_names_the_whole_drag(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_change, "DRAG_SECONDS", 1000.0)
    run.step()
    first = SMALL.learning_rate
    for rate in (0.09, 0.05, 0.02):
        run.set("learning_rate", rate)
    assert run.now().note == f"Learning rate changed from {first:g} to 0.02 at step 1."
    monkeypatch.setattr(live_change, "DRAG_SECONDS", 0.0)
    run.set("learning_rate", 0.01)
    assert run.now().note == "Learning rate changed from 0.02 to 0.01 at step 1."


def test_early_stopping_is_told_in_the_recipe(run: Run) -> None:
    settings = mlp.Settings(hidden=100, embedding_dim=10, init="scaled", train_examples=256)
    run.set_many(settings.model_dump())
    run.set_patience(200)
    run.play()
    recipe = at_rest(run).recipe
    assert [why for _, _, why in recipe.goings_back] == ["patience"]
    assert recipe.goings_back[0].to == recipe.step
    assert torch.equal(mlp.replay(recipe).model.theta, run.now().model.theta)


def test_the_losses_that_are_shown_are_of_the_step_that_is_shown_or_say_of_which(run: Run) -> None:
    """In slow motion of each step; at full speed of most."""
    run.set_pace(100)
    run.play()
    slow = [wait(run, lambda s, past=past: s.step > past) for past in range(0, 20, 5)]
    assert all(snapshot.losses[0] == snapshot.step for snapshot in slow if snapshot.playing)
    trainer = mlp.Trainer(SMALL)
    trainer.step(slow[-1].step)
    assert slow[-1].losses == (slow[-1].step, trainer.evaluate("train"), trainer.evaluate("dev"))
    run.set_pace(None)
    fast = [wait(run, lambda s, past=past: s.step > past) for past in range(1000, 6000, 500)]
    for at, train, dev in (snapshot.losses for snapshot in fast):
        trainer.step(at - trainer.steps_done)
        assert (train, dev) == (trainer.evaluate("train"), trainer.evaluate("dev"))


@pytest.mark.parametrize("pace", [200.0, mlp_pace.WATCH])
def test_a_run_that_is_slowed_down_for_people_has_a_curve_while_it_plays(run: Run, pace: mlp_pace.Pace) -> None:
    def known(snapshot: Snapshot) -> float:
        return sum(map(math.isfinite, snapshot.curve.train)) / len(snapshot.curve.train)

    run.set_pace(pace)
    run.play()
    wait(run, lambda snapshot: snapshot.playing and len(snapshot.curve.steps) > 20 and known(snapshot) > 0.9)
