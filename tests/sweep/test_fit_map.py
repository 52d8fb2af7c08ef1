"""Every network of a map is the network that `Trainer` would have trained alone; one that diverges harms no other."""

import math

import pytest
import torch

import mlp

WORDS = mlp.load_words("pokemon")[:300]
SMALL = mlp.Settings(hidden=8, batch_size=32)


def alone(fits, row, col, steps):
    """The same network trained by an ordinary trainer."""
    settings = fits.cells[row][col].settings
    trainer = mlp.Trainer(settings, fits.words)
    trainer.step(steps)
    return trainer


def same_numbers(fits, steps):
    """Every network of the map is the same network trained alone, to the last bit: parameters, place, losses."""
    for row in range(len(fits.y[1])):
        for col in range(len(fits.x[1])):
            theirs, ours = alone(fits, row, col, steps), fits.trainer(row, col)
            assert torch.equal(ours.model.theta, theirs.model.theta)
            assert ours.state()[2:] == theirs.state()[2:]
            assert ours.epoch_done == theirs.epoch_done
            last = fits.snapshot().fits[row][col]
            assert (last.loss("train"), last.loss("dev")) == (theirs.evaluate("train"), theirs.evaluate("dev"))


AXES = {
    "hidden": [1, 3, 8],
    "train_examples": [
        8,
        32,
        50,
        100,
        5000,
        None,
    ],  # fewer than a batch, one batch, short last ones, more than there are
    "embedding_dim": [1, 2, 5],
    "block_size": [1, 3, 6],
    "weight_decay": [0.0, 1e-3, 0.1],
    "learning_rate": [0.01, 0.1, 0.4],
}


@pytest.mark.parametrize("x", AXES)
def test_every_axis_gives_the_numbers_of_the_network_alone(x):
    y = "train_examples" if x != "train_examples" else "learning_rate"
    fits = mlp.FitMap(SMALL, WORDS, x=(x, AXES[x]), y=(y, AXES[y]))
    fits.step(120)
    fits.loss("dev")
    same_numbers(fits, 120)


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "momentum", "learning_rate": 0.02},
        {"optimizer": "adam", "learning_rate": 0.01},
        {"direct": True, "init": "scaled"},
        {"direct": True, "optimizer": "adam", "learning_rate": 0.01},
        {"batch_size": None},
    ],
    ids=str,
)
def test_every_way_of_training_gives_the_numbers_of_the_network_alone(changes):
    fits = mlp.FitMap(
        SMALL.with_changes(weight_decay=0.01, **changes),
        WORDS,
        x=("hidden", [3, 8, 40]),
        y=("train_examples", [20, 70, None]),
    )
    fits.step(130)
    fits.loss("dev")
    same_numbers(fits, 130)


def test_a_trainer_from_the_map_goes_on_as_the_one_alone_would():
    fits = mlp.FitMap(SMALL, WORDS, x=("hidden", [4, 8]), y=("train_examples", [50, None]))
    fits.step(77)
    for row, col in ((0, 0), (1, 1)):
        ours, theirs = fits.trainer(row, col), alone(fits, row, col, 77)
        assert ours.step(60) == theirs.step(60)
        assert torch.equal(ours.model.theta, theirs.model.theta)
        assert ours.timeline.steps[-1] >= 77
        assert len(ours.timeline.losses("dev")) == len(ours.timeline.steps)
    assert fits.steps_done == 77


def test_the_trainer_brings_its_curve_and_its_snapshots_along(tmp_path):
    fits = mlp.FitMap(SMALL, WORDS, x=("hidden", [8]), y=("train_examples", [50]))
    fits.step(100)
    trainer, theirs = fits.trainer(0, 0), alone(fits, 0, 0, 100)
    steps, train, dev = fits.curves(0, 0)
    assert trainer.timeline.steps[: len(steps)] == steps
    for step in (8, 40, steps[-1]):
        assert torch.equal(trainer.at(step).theta, theirs.at(step).theta)
        model = theirs.at(step)
        assert (train[steps.index(step)], dev[steps.index(step)]) == tuple(
            theirs.loss_of(model, split) for split in ("train", "dev")
        )
    assert trainer.timeline.epochs[steps.index(40)] == pytest.approx(
        theirs.timeline.epochs[theirs.timeline.steps.index(40)]
    )
    trainer.save(str(tmp_path / "run"))
    assert torch.equal(mlp.Trainer.load(str(tmp_path / "run")).model.theta, trainer.model.theta)


def test_slices_of_time_give_the_same_map_as_one_go():
    whole, sliced = (mlp.FitMap(SMALL, WORDS, x=("hidden", [4, 8]), y=("train_examples", [50, None])) for _ in range(2))
    whole.step(90)
    done = 0
    while sliced.steps_done < 90:
        done += sliced.run_for(0.0005, until=90)
    assert done == 90
    assert torch.equal(whole.loss("dev"), sliced.loss("dev"))
    assert sliced.updates == 90 * 4
    assert sliced.snapshot().step == 90
    assert sliced.seconds > 0
    assert sliced.run_for(1.0, until=90) == 0


def test_a_network_that_diverges_is_frozen_and_harms_no_other():
    settings = SMALL.with_changes(optimizer="momentum", direct=True)
    fits = mlp.FitMap(settings, WORDS, x=("learning_rate", [0.01, 10.0]), y=("train_examples", [50, None]))
    fits.step(400)
    loss = fits.loss("dev")
    assert loss[:, 0].isfinite().all()
    ended = [row for row in (0, 1) if not math.isfinite(loss[row, 1])]
    assert ended, "a rate of 10 with momentum should diverge"
    for row in ended:
        theirs, ours = alone(fits, row, 1, 400), fits.trainer(row, 1)
        assert theirs.diverged
        assert ours.diverged == fits.snapshot().fits[row][1].diverged
        assert ours.steps_done == theirs.steps_done
        assert torch.equal(ours.model.theta, theirs.model.theta)
        assert math.isfinite(ours.evaluate("train"))
        assert fits.model(row, 1).theta.isfinite().all()
        assert all(math.isfinite(value) for value in fits.curves(row, 1)[2])
    for row in (0, 1):
        assert torch.equal(fits.trainer(row, 0).model.theta, alone(fits, row, 0, 400).model.theta)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_whenever_one_looks_a_network_is_finite_or_has_diverged(optimizer):
    settings = SMALL.with_changes(weight_decay=1, optimizer=optimizer)
    fits = mlp.FitMap(settings, WORDS, x=("learning_rate", [0.1, 5, 10]), y=("train_examples", [50]))
    for _ in range(120):
        fits.step()
        assert not fits.loss("dev").isnan().any()
        for col in range(3):
            assert fits.trainer(0, col).model.theta.isfinite().all()
            assert fits.model(0, col).theta.isfinite().all()
    assert fits.loss("dev").isinf().tolist() == [[False, True, True]]
    assert fits.trainer(0, 2).diverged


def test_a_map_whose_networks_have_all_diverged_comes_to_rest():
    settings = SMALL.with_changes(learning_rate=10, weight_decay=1)
    fits = mlp.FitMap(settings, WORDS, x=("hidden", [8]), y=("embedding_dim", [2]))
    fits.step(2000)
    assert fits.steps_done < 2000
    assert fits.snapshot().fits[0][0].diverged
    assert fits.snapshot().loss("dev").isinf().all()
    assert fits.loss("train").isinf().all()
    assert fits.run_for(10.0) == 0


def test_a_snapshot_stays_as_it_was():
    fits = mlp.FitMap(SMALL, WORDS, x=("hidden", [4, 8]), y=("train_examples", [50, None]))
    before = fits.snapshot()
    assert (before.step, before.loss("dev").isnan().all().item()) == (0, True)
    fits.step(40)
    early = fits.snapshot()
    theta, dev = early.fits[1][1].model.theta.clone(), early.loss("dev")
    fits.step(200)
    assert torch.equal(early.fits[1][1].model.theta, theta)
    assert torch.equal(early.loss("dev"), dev)
    assert early.fits[1][1].steps[-1] == early.step == 40
    assert early.fits[1][1].loss("dev") == pytest.approx(early.fits[1][1].model.loss(*fits_dev(early)), rel=1e-5)


def fits_dev(snapshot):
    dev = snapshot.fits[1][1].dataset.dev
    return dev.X, dev.Y


def test_snapshots_are_thinned_where_memory_is_short():
    small = mlp.Limits(map_bytes=20_000)
    fits = mlp.FitMap(SMALL, WORDS, x=("hidden", [8]), y=("train_examples", [50]), limits=small)
    fits.step(300)
    cell = fits.cells[0][0]
    assert len(cell.snapshots) < len(cell.steps)
    assert {0, cell.steps[-1]} <= cell.snapshots.keys()
    timeline = fits.trainer(0, 0).timeline
    assert timeline.losses("dev")[: len(cell.dev)] == cell.dev


def test_one_large_network_is_a_map_too():
    fits = mlp.FitMap(mlp.Settings(), WORDS, x=("hidden", [1024]), y=("block_size", [3]))
    fits.step(3)
    assert fits.loss("dev").shape == (1, 1)
    assert fits.loss("dev").item() == pytest.approx(alone(fits, 0, 0, 3).evaluate("dev"), rel=1e-5)


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (("hidden", [5, 5]), ("block_size", [3]), "Hidden units lists the same value twice"),
        (("hidden", [5]), ("hidden", [6]), "must be different settings"),
        (("colour", [5]), ("hidden", [6]), "“colour” cannot be an axis"),
        (("hidden", []), ("block_size", [3]), "Hidden units needs at least one value"),
        (("hidden", [0]), ("block_size", [3]), "Hidden units must be a whole number from 1 to 1,024"),
        (("hidden", list(range(1, 30))), ("block_size", list(range(1, 12))), "at most|can have at most 256 networks"),
        (("hidden", list(range(1000, 1016))), ("embedding_dim", list(range(48, 64))), "million parameters"),
    ],
)
def test_a_map_that_cannot_be_is_refused_in_a_sentence(x, y, says):
    with pytest.raises(ValueError, match=says) as error:
        mlp.FitMap(mlp.Settings(block_size=12) if "million" in says else SMALL, WORDS, x=x, y=y)
    assert "\n" not in str(error.value)


def test_there_is_no_map_of_the_test_loss():
    fits = mlp.FitMap(SMALL, WORDS, x=("hidden", [2]), y=("block_size", [3]))
    with pytest.raises(ValueError, match="test"):
        fits.loss("test")
