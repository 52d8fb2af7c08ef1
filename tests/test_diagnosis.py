"""Each verdict on runs that are known to be that, on curves made by hand, and under noise."""

import math

import numpy as np
import pytest

import mlp
from mlp.baselines import baselines
from mlp.curves import Smoothed
from mlp.diagnosis import VERDICTS, diagnose_view, saturated_share
from mlp.presets import PRESETS

STEPS = [0, *(round(10 * 1.1**n) for n in range(75))]  # up to some 11,500


@pytest.fixture(scope="module")
def trainer():
    return mlp.Trainer(mlp.Settings(hidden=20))


def judge(trainer, train, dev, steps=STEPS, **more):
    return diagnose_view(steps, train, dev, trainer.model, trainer.dataset, trainer.settings, **more)


def falling(start, end, steps=STEPS):
    """A loss that falls from start to end, quickly at first."""
    return [end + (start - end) / (1 + step / 100) for step in steps]


def turning(low, turn, steps=STEPS):
    """A dev loss that falls to `low` at step `turn` and then rises again."""
    return [low + 0.3 * abs(math.log((step + 10) / (turn + 10))) for step in steps]


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_shows_its_regime(name):
    preset = PRESETS[name]
    trainer = mlp.Trainer(preset.settings)
    trainer.step(preset.steps)
    assert mlp.diagnose(trainer).verdict == preset.verdict in VERDICTS


def test_an_untrained_network_is_called_so():
    found = mlp.diagnose(mlp.Trainer(mlp.Settings()))
    assert found.verdict == "untrained"
    assert "random" in found.sentence


def test_a_run_that_diverges_truly_ends_in_numbers_that_are_not_finite():
    preset = PRESETS["diverges"]
    trainer = mlp.Trainer(preset.settings)
    assert not math.isfinite(trainer.step(preset.steps))
    found = mlp.diagnose(trainer)
    assert found.sentence == trainer.diverged
    assert "learning rate is 10" in found.reasons[0]


def test_a_loss_that_only_grows_is_diverging_though_it_is_finite():
    trainer = mlp.Trainer(mlp.Settings(learning_rate=10))
    trainer.step(300)
    assert not trainer.diverged
    found = mlp.diagnose(trainer)
    assert found.verdict == "diverged"
    assert "learning rate 10 is too large" in found.sentence


def test_ten_dimensions_and_200_units_over_fit_all_names_from_the_turn_of_the_dev_loss_on():
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=10, hidden=200, init="scaled"))
    trainer.step(600)
    assert mlp.diagnose(trainer).verdict in ("learning", "good fit")
    trainer.step(7400)
    found = mlp.diagnose(trainer)
    assert found.verdict == "overfitting"
    since = int(found.sentence.split("step ")[1].split(":")[0].replace(",", ""))
    assert 500 < since < 2500
    assert trainer.timeline.at(since).loss(trainer.dataset.dev.X, trainer.dataset.dev.Y) < trainer.evaluate("dev") - 0.2


def test_five_hidden_units_are_not_enough():
    trainer = mlp.Trainer(mlp.Settings(hidden=5))
    trainer.step(30_000)
    assert mlp.diagnose(trainer).verdict == "underfitting"


def test_memorising_counts_the_words_copied():
    trainer = mlp.Trainer(PRESETS["notes"].settings)
    trainer.step(1000)
    found = mlp.diagnose(trainer)
    copies = sum(word in trainer.dataset.train.words for word in trainer.sample(10))
    assert copies >= 5
    assert f"{copies} of 10 sampled words are training words" in found.sentence


def test_the_early_noise_of_a_run_is_learning(trainer):
    for count in range(2, 20):
        assert judge(trainer, falling(9, 2.4)[:count], falling(9, 2.5)[:count], STEPS[:count]).verdict == "learning"


def test_a_turn_is_seen_and_dated(trainer):
    found = judge(trainer, falling(4, 1.5), turning(2.5, 1000))
    assert found.verdict == "overfitting"
    best = min(STEPS, key=lambda step: abs(step - 1000))
    assert f"since step {best:,}" in found.sentence


@pytest.mark.parametrize("seed", range(20))
def test_noise_changes_no_verdict(trainer, seed):
    noise = np.random.default_rng(seed).normal(0, 0.03, (2, len(STEPS)))
    cases = {
        "overfitting": (falling(4, 2.2), turning(2.5, 300)),
        "good fit": (falling(4, 2.40), falling(4, 2.55)),
        "underfitting": (falling(4, 2.9), falling(4, 2.91)),
    }
    for verdict, (train, dev) in cases.items():
        assert judge(trainer, (train + noise[0]).tolist(), (dev + noise[1]).tolist()).verdict == verdict


def test_a_dev_loss_that_rises_with_the_train_loss_is_no_overfitting(trainer):
    together = turning(2.8, 300)
    assert judge(trainer, together, together).verdict != "overfitting"


def test_a_wide_gap_is_overfitting_even_before_the_dev_loss_rises(trainer):
    assert judge(trainer, falling(4, 1.9), falling(4, 2.6)).verdict == "overfitting"
    assert judge(trainer, falling(4, 2.2), falling(4, 2.6)).verdict == "good fit"


def test_a_train_loss_near_the_lowest_possible_is_memorising(trainer):
    lowest = baselines(trainer.dataset).lowest
    assert judge(trainer, falling(4, lowest + 0.1), turning(2.6, 300)).verdict == "memorising"
    assert judge(trainer, falling(4, lowest + 0.6), turning(2.6, 300)).verdict == "overfitting"


def test_training_words_among_the_samples_are_memorising(trainer):
    words, curves = trainer.dataset.train.words, (falling(4, 1.9), turning(2.6, 300))
    assert judge(trainer, *curves, samples=[*words[:5], *"abcde"]).verdict == "memorising"
    assert judge(trainer, *curves, samples=[*words[:4], *"abcdef"]).verdict == "overfitting"


def test_a_capacity_of_one_character_is_no_memorising_at_its_lowest_loss():
    trainer = mlp.Trainer(mlp.Settings(block_size=1))
    lowest = baselines(trainer.dataset).lowest
    assert judge(trainer, falling(4, lowest), falling(4, lowest + 0.1)).verdict in ("good fit", "underfitting")


def test_saturation_is_measured_over_units_and_examples():
    trainer = mlp.Trainer(mlp.Settings(hidden=10))
    assert saturated_share(trainer.model, trainer.dataset) < 0.5
    trainer.model.b1.fill_(50.0)
    assert saturated_share(trainer.model, trainer.dataset) == 1.0
    assert judge(trainer, falling(4, 2.9), falling(4, 3.0)).verdict == "saturated"
    assert judge(trainer, falling(4, 2.4), falling(4, 2.5)).verdict == "good fit"  # stuck units that do no harm


def test_losses_not_yet_known_and_a_missing_dev_split_are_borne(trainer):
    nan = [math.nan] * len(STEPS)
    assert judge(trainer, nan, nan).verdict == "untrained"
    assert judge(trainer, [], [], []).verdict == "untrained"
    assert judge(trainer, falling(4, 2.9), nan).verdict == "underfitting"
    assert judge(trainer, falling(4, 2.4), nan).reasons[-1].startswith("There are no dev words")
    assert judge(trainer, falling(4, 2.4), nan, samples=trainer.dataset.train.words[:10]).verdict == "memorising"
    holes = [value if n % 3 == 0 else math.nan for n, value in enumerate(turning(2.5, 1000))]
    assert judge(trainer, falling(4, 1.5), holes).verdict == "overfitting"
    assert judge(trainer, [*falling(4, 2.4)[:-1], math.inf], falling(4, 2.5)).verdict == "diverged"


def test_a_map_of_fits_gets_its_verdicts_from_a_snapshot():
    fits = mlp.FitMap(PRESETS["over_fit"].settings, x=("hidden", [2, 200]), y=("train_examples", [256, None]))
    fits.step(1500)
    fits.loss("dev")
    small, large = fits.snapshot().fits[0][1], fits.snapshot().fits[1][0]
    verdicts = [
        diagnose_view(f.steps, f.train, f.dev, f.model, f.dataset, f.settings, f.diverged).verdict
        for f in (small, large)
    ]
    assert verdicts[0] in ("overfitting", "memorising")
    assert verdicts[1] in ("learning", "underfitting")


def test_smoothing_averages_near_steps_and_nothing_else():
    smooth = Smoothed.of([0, 85, 100, 110, 200], [9.0, 1.0, 2.0, 3.0, 5.0], [math.nan] * 5)
    assert smooth.train.tolist() == [9.0, 1.5, 2.0, 2.5, 5.0]
    assert np.isnan(smooth.dev).all()
    assert (smooth.at(150).step, smooth.at(150).train) == (110, 2.5)


def test_noise_is_measured_about_the_trend():
    steps, luck = list(range(100, 400)), np.random.default_rng(1).normal(0, 0.1, 300)
    steady = [5 - step / 100 for step in steps]
    assert Smoothed.of(steps, steady, steady).train_error.max() < 1e-9
    noisy = Smoothed.of(steps, (steady + luck).tolist(), steady)
    last = sum(step >= 399 * 0.8 for step in steps)
    assert noisy.train_error[-1] * last**0.5 == pytest.approx(0.1, rel=0.5)
