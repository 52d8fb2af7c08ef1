"""A recipe gives the same run again, whatever was done to the first; a step that nobody kept is found again exactly."""

import json
import math
from contextlib import suppress

import pytest
import torch
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

import mlp
from mlp.kernel.parts import Interrupted
from mlp.settings import SPECS
from tests.training.test_trainer import OPTIMIZERS, SMALL

LIVE = {
    "learning_rate": st.sampled_from([0.01, 0.1, 1.0, 10.0]),
    "optimizer": st.sampled_from(OPTIMIZERS),
    "batch_size": st.sampled_from([1, 5, 16, None]),
    "weight_decay": st.sampled_from([0.0, 0.001, 1.0]),
}
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(1, 90)),
        st.tuples(st.just("epoch"), st.none()),
        st.tuples(st.just("run_for"), st.floats(0, 0.003)),
        *(st.tuples(st.just(name), values) for name, values in LIVE.items()),
        st.tuples(st.just("rewind"), st.floats(0, 1)),
        st.tuples(st.just("best"), st.none()),
        st.tuples(st.just("file"), st.none()),
    ),
    max_size=12,
)


def do(trainer, deed, value, folder):
    """What a user can do to a run."""
    if deed in SPECS:
        trainer.change(**{deed: value})
    elif deed == "rewind":
        trainer.rewind(round(value * trainer.steps_done))
    elif deed == "best":
        with suppress(ValueError):  # there is no best where no loss is finite
            trainer.back_to_best()
    elif deed == "file":
        trainer.save(folder / "run")
        return mlp.Trainer.load(folder / "run")
    else:
        getattr(trainer, deed)(*[value] if value is not None else [])
    return trainer


def equal(one, other):
    """Bit for bit the same run, though one of them may have gone back."""
    ours, theirs = one.optimizer.memory(), other.optimizer.memory()
    return (
        torch.equal(one.model.theta, other.model.theta)
        and (ours is None) == (theirs is None)
        and (ours is None or all(torch.equal(a, b) for a, b in zip(ours[1:3], theirs[1:3], strict=True)))
        and (ours is None or (ours.optimizer, ours.counted) == (theirs.optimizer, theirs.counted))
        and one.state()[2:] == other.state()[2:]
        and (one.settings, one.diverged) == (other.settings, other.diverged)
        and (one.timeline.steps, one.timeline.epochs) == (other.timeline.steps, other.timeline.epochs)
        and repr(one.timeline.batch_losses) == repr(other.timeline.batch_losses)
        and repr(one.timeline.losses("dev")) == repr(other.timeline.losses("dev"))
        and one.recipe() == other.recipe()
    )


@given(deeds, st.sampled_from(OPTIMIZERS), st.sampled_from([None, ["ada", "bo", "cleo", "dan", "♀ü"]]))
@example_settings(max_examples=60, deadline=None)
def test_a_run_is_done_again_bit_for_bit_whatever_was_done_to_it(tmp_path_factory, done, optimizer, words):
    trainer = mlp.Trainer(mlp.Settings(hidden=6, train_examples=40, batch_size=7, optimizer=optimizer), words)
    for deed, value in done:
        trainer = do(trainer, deed, value, tmp_path_factory.getbasetemp())
    told = mlp.Recipe.model_validate_json(trainer.recipe().model_dump_json())
    assert told == trainer.recipe()
    again = mlp.replay(told)
    assert equal(again, trainer)
    for run in (trainer, again):
        run.step(30)
    assert equal(again, trainer)


@given(deeds, st.floats(0, 1))
@example_settings(max_examples=40, deadline=None)
def test_any_step_is_the_network_after_exactly_that_many_updates(tmp_path_factory, done, share):
    trainer = mlp.Trainer(mlp.Settings(hidden=6, train_examples=40, batch_size=7))
    for deed, value in done:
        trainer = do(trainer, deed, value, tmp_path_factory.getbasetemp())
    step = round(share * trainer.steps_done)
    assert torch.equal(trainer.at(step).theta, mlp.replay(trainer.recipe(), until=step).model.theta)


def test_every_step_of_a_run_is_the_one_that_was():
    """Also where few snapshots are kept, and the settings changed between two of them."""
    trainer = mlp.Trainer(SMALL)
    trainer.timeline.room_bytes = 5 * trainer.model.theta.nbytes
    seen = [trainer.model.theta.clone()]
    for step in range(300):
        if step in (50, 51, 170):
            trainer.change(optimizer={50: "adam", 51: "momentum", 170: "sgd"}[step], batch_size=step)
        trainer.step()
        seen.append(trainer.model.theta.clone())
    assert len(trainer.timeline.snapshots) < 10
    before = trainer.model.theta.clone()
    for step, theta in enumerate(seen):
        assert torch.equal(trainer.at(step).theta, theta)
        assert trainer.at(step).C.shape == trainer.model.C.shape
    assert torch.equal(trainer.model.theta, before)


def test_the_search_for_a_step_can_be_broken_off():
    trainer = mlp.Trainer(SMALL)
    trainer.step(20_000)
    step = next(step for step in range(19_000, 19_200) if step not in trainer.timeline.steps)
    with pytest.raises(Interrupted):
        trainer.at(step, interrupt=lambda: True)
    with pytest.raises(ValueError, match="no step 20,001"):
        trainer.at(20_001)


def test_changes_between_which_no_update_lies_are_one():
    trainer, plain = mlp.Trainer(SMALL), mlp.Trainer(SMALL.with_changes(optimizer="adam"))
    trainer.change(optimizer="adam")
    assert trainer.recipe() == plain.recipe()
    trainer.step(5)
    for optimizer in ("sgd", "momentum", "adam"):  # and no memory is lost on the way
        trainer.change(optimizer=optimizer)
    assert trainer.recipe().changes == ()
    for rate in (0.3, 0.2):
        trainer.change(learning_rate=rate)
    assert trainer.recipe().changes == ((5, {"learning_rate": 0.2}),)


def test_a_way_that_was_gone_back_is_no_part_of_the_run_but_told():
    trainer = mlp.Trainer(SMALL)
    trainer.step(10)
    trainer.change(learning_rate=0.3)
    trainer.step(10)
    trainer.change(weight_decay=0.1)
    trainer.step(10)
    trainer.rewind(15)
    recipe = trainer.recipe()
    assert recipe.step == 15
    assert recipe.goings_back == ((30, 15, "chosen"),)
    assert recipe.changes == ((10, {"learning_rate": 0.3}), (15, {"weight_decay": 0.1}))


def test_the_progress_is_told_and_can_end_the_replay():
    trainer = mlp.Trainer(SMALL)
    trainer.step(1000)
    told = []
    mlp.replay(trainer.recipe(), progress=lambda done, steps: told.append((done, steps)))
    assert told[-1] == (1000, 1000)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    half = mlp.replay(trainer.recipe(), progress=lambda done, _: done < 500)
    assert half.steps_done == 500
    assert torch.equal(half.model.theta, trainer.at(500).theta)


def test_words_that_are_others_are_refused():
    own = mlp.Trainer(SMALL, ["ada", "bo", "cleo"]).recipe()
    assert own.words.own == ("ada", "bo", "cleo")
    assert mlp.Trainer(SMALL).recipe().words.own is None
    with pytest.raises(ValueError, match="not the one"):
        mlp.replay(own, ["ada", "bo"])
    bare = own.model_copy(update={"words": own.words.model_copy(update={"own": None, "name": "pokemon"})})
    with pytest.raises(ValueError, match="not the one"):
        mlp.replay(bare)
    assert mlp.replay(bare, ["ada", "bo", "cleo"]).words == ["ada", "bo", "cleo"]


@pytest.mark.parametrize(
    "spoil",
    [
        {"version": 2},
        {"step": -1},
        {"step": 1.5},
        {"settings": {"hidden": 0}},
        {"changes": [[3, {"hidden": 9}]]},
        {"changes": [[3, {"learning_rate": 99}]]},
        {"changes": [[3, {"nonsense": 1}]]},
        {"changes": [[30, {"learning_rate": 0.2}]]},
        {"changes": [[0, {"learning_rate": 0.2}]]},
        {"changes": [[5, {"learning_rate": 0.2}], [3, {"learning_rate": 0.3}]]},
        {"diverged": [3, "everything"]},
        {"goings_back": [[1, 2, "because"]]},
        {"surprise": 1},
    ],
)
def test_a_recipe_that_cannot_be_done_is_refused(spoil):
    trainer = mlp.Trainer(SMALL)
    trainer.step(10)
    good = json.loads(trainer.recipe().model_dump_json())
    assert mlp.Recipe(**good) == trainer.recipe()
    with pytest.raises(ValueError, match="validation error"):
        mlp.Recipe(**good | spoil)


def test_a_diverged_run_is_diverged_again_where_it_was():
    trainer = mlp.Trainer(SMALL.with_changes(learning_rate=10, weight_decay=1))
    trainer.step(2000)
    again = mlp.replay(trainer.recipe())
    assert again.diverged == trainer.diverged is not None
    assert equal(again, trainer)
    assert again.last_batch_loss == trainer.last_batch_loss == math.inf


def test_a_network_from_a_map_is_the_one_that_its_recipe_trains_alone():
    fits = mlp.FitMap(SMALL, x=("hidden", [8]), y=("train_examples", [50]))
    fits.step(100)
    trainer = fits.trainer(0, 0)
    assert torch.equal(mlp.replay(trainer.recipe()).model.theta, trainer.model.theta)
