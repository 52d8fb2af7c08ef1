"""The presets keep what their descriptions promise."""

import pytest

import mlp
from mlp.analysis.baselines import baselines, mixed_loss
from mlp.analysis.presets import MAP, PRESETS, remedies
from mlp.analysis.verdict_rules import rounded
from pages.ui.lab.axis_text import SUGGESTED, read_axis


def trained(name):
    trainer = mlp.Trainer(PRESETS[name].settings)
    trainer.step(PRESETS[name].steps)
    return trainer


def test_one_preset_beats_every_count_on_words_not_counted():
    trainer = trained("beats_counts")
    dev = baselines(trainer.dataset).dev
    assert trainer.evaluate("dev") < min(dev.unigram, dev.bigram, dev.trigram, dev.interpolated) - 0.02
    assert mixed_loss(trainer.model, trainer.dataset) < trainer.evaluate("dev") + 0.05


def test_the_better_start_is_the_bad_one_with_other_weights_and_far_ahead_of_it():
    bad, better = PRESETS["bad_start"], PRESETS["better_start"]
    assert bad.settings.differences(better.settings) == ["init"]
    assert bad.steps == better.steps
    assert trained("better_start").evaluate("dev") < trained("bad_start").evaluate("dev") - 0.5
    first = mlp.Trainer(better.settings)
    assert first.evaluate("train") == pytest.approx(baselines(first.dataset).random, abs=0.02)


def test_the_underfit_preset_keeps_both_losses_together_and_high():
    trainer = trained("under_fit")
    assert trainer.evaluate("dev") - trainer.evaluate("train") < 0.1
    assert trainer.evaluate("train") > baselines(trainer.dataset).train.bigram + 0.2


@pytest.mark.parametrize("name", PRESETS)
def test_a_description_is_one_sentence(name):
    assert PRESETS[name].description.endswith(".")
    assert PRESETS[name].description.count(". ") == 0


def test_the_map_shows_underfitting_a_best_point_and_overfitting():
    """The best row of the map: train loss falls with every unit more, the dev loss turns in between."""
    fits = mlp.FitMap(MAP.settings, x=MAP.x, y=("train_examples", [None]))
    fits.step(MAP.steps)
    train, dev = fits.loss("train")[0].tolist(), fits.loss("dev")[0].tolist()
    assert train == sorted(train, reverse=True)
    best = dev.index(min(dev))
    assert 0 < best < len(dev) - 1
    assert dev[0] > dev[best] + 0.05
    assert dev[-1] > dev[best] + 0.2


def test_about_a_third_of_the_map_is_too_small_even_for_pairs_of_characters():
    """Else the lab would show overfitting almost everywhere."""
    fits = mlp.FitMap(MAP.settings, x=MAP.x, y=("train_examples", [MAP.y[1][0], MAP.y[1][4], None]))
    fits.step(MAP.steps)
    pairs = [baselines(fits.trainer(row, 0).dataset).train.bigram for row in range(3)]
    worse = sum(float(loss) > pair for losses, pair in zip(fits.loss("train"), pairs, strict=True) for loss in losses)
    assert 0.25 <= worse / (3 * len(MAP.x[1])) <= 0.45


def test_the_lab_suggests_the_axes_of_the_map():
    for name, values in (MAP.x, MAP.y):
        assert read_axis(name, SUGGESTED[name]) == values


@pytest.mark.parametrize(("name", "over"), [("fewer_units", 1400), ("more_words", 1300), (None, 300)])
def test_overfitting_starts_when_the_description_says(name, over):
    preset, ways = remedies()
    trainer = mlp.Trainer(preset.settings.with_changes(**(ways[name].changes if name else {})))
    trainer.step(preset.steps if name is None else 6000)
    found = mlp.diagnose(trainer)
    assert found.verdict == "overfitting"
    assert rounded(found.turn) == over
    assert f"{over:,}" in (ways[name].description if name else preset.description)


def test_weight_decay_still_holds_when_training_goes_on():
    preset, ways = remedies()
    trainer = mlp.Trainer(preset.settings.with_changes(**ways["weight_decay"].changes))
    trainer.step(12_000)
    assert mlp.diagnose(trainer).verdict == "good fit"
