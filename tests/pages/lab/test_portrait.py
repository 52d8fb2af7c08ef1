"""A network's portrait shows what its trainer would say of itself."""

import math

import numpy as np
import pytest

import mlp
from pages.ui.lab.portrait import curve_of_fit, loss_range, reach_of, summary


@pytest.fixture(scope="module")
def fits() -> mlp.FitMap:
    made = mlp.FitMap(mlp.Settings(train_examples=300), x=("hidden", [2, 40]), y=("embedding_dim", [1, 3]))
    made.run_for(math.inf, 400)
    return made


def test_names_and_verdict_are_those_of_the_trainer(fits: mlp.FitMap) -> None:
    for row in range(2):
        for col in range(2):
            shown, trainer = summary(fits.snapshot().fits[row][col]), fits.trainer(row, col)
            assert [name for name, _ in shown.names] == trainer.sample(8)
            known = trainer.dataset.train.words
            assert all(training == (name in known) for name, training in shown.names)
            assert shown.diagnosis.verdict == mlp.diagnose(trainer).verdict


def test_a_portrait_is_painted_once(fits: mlp.FitMap) -> None:
    picture = fits.snapshot()
    assert summary(picture.fits[0][0]) is summary(picture.fits[0][0])


def test_the_curve_is_the_maps_with_the_epochs_of_a_trainer(fits: mlp.FitMap) -> None:
    curve = curve_of_fit(fits.snapshot().fits[1][1])
    trainer = fits.trainer(1, 1)
    assert curve.steps[-1] == 400
    assert curve.dev[-1] == pytest.approx(trainer.evaluate("dev"))
    assert curve.epochs[-1] == pytest.approx(trainer.epoch_done, abs=0.1)


def test_the_axes_hold_every_network_and_fit_each_dimension(fits: mlp.FitMap) -> None:
    picture = fits.snapshot()
    wide = reach_of(picture, 3)
    assert wide.shape == (2, 2)
    assert reach_of(picture, 1).shape == (2, 1)
    C = picture.fits[1][1].model.C[:, :2].numpy()
    assert (wide[0] <= C).all()
    assert (wide[1] >= C).all()


def test_a_network_far_out_does_not_stretch_the_axes() -> None:
    made = mlp.FitMap(mlp.Settings(), x=("hidden", [2, 3, 4]), y=("block_size", [2]))
    made.cells[0][1].model.theta.mul_(1e6)
    made._publish(0)
    assert np.abs(reach_of(made.snapshot(), 2)).max() < 10


def test_axes_of_networks_without_finite_numbers_are_plain() -> None:
    made = mlp.FitMap(mlp.Settings(), x=("hidden", [2]), y=("block_size", [2]))
    made.cells[0][0].model.theta.fill_(math.nan)
    made._publish(0)
    assert np.isfinite(reach_of(made.snapshot(), 2)).all()


def test_the_loss_axis_begins_below_the_lowest_loss_and_does_not_follow_the_worst(fits: mlp.FitMap) -> None:
    picture = fits.snapshot()
    bottom, top = loss_range(picture)
    assert 0 <= bottom < picture.loss("train").min() < bottom + 0.5
    assert math.log(34) < top < 2 * math.log(34)
