"""The best step and early stopping, on curves short enough to read."""

import math

import mlp
from mlp.analysis.presets import remedies
from mlp.training.curves import best_step, stopping_step


def test_the_best_step_is_the_first_with_the_lowest_dev_loss():
    assert best_step([0, 1, 2, 3], [3.0, 2.0, 2.0, 2.5]) == 1
    assert best_step([0, 5, 9], [3.0, math.nan, 4.0]) == 0
    assert best_step([0, 5], [math.nan, math.nan]) is None
    assert best_step([], []) is None


def test_early_stopping_waits_as_long_as_it_is_told():
    steps, dev = [0, 10, 20, 30, 40, 50], [3.0, 2.0, 2.1, 2.2, 2.3, 2.4]
    assert stopping_step(steps, dev, patience=20) == 30
    assert stopping_step(steps, dev, patience=15) == 30
    assert stopping_step(steps, dev, patience=40) == 50
    assert stopping_step(steps, dev, patience=41) is None


def test_a_new_best_starts_the_wait_afresh():
    assert stopping_step([0, 10, 20, 30, 40, 50], [3.0, 2.0, 2.1, 1.9, 2.3, 2.4], patience=20) == 50


def test_losses_not_yet_known_stop_nothing():
    assert stopping_step([0, 10, 20], [2.0, math.nan, math.nan], patience=5) is None
    assert stopping_step([0, 10, 20], [math.nan, 2.0, 1.9], patience=5) is None


def test_each_remedy_lowers_the_dev_loss_of_the_over_fit_preset():
    preset, ways = remedies()
    ill = mlp.Trainer(preset.settings)
    ill.step(preset.steps)
    assert len(ways) == 4
    for way in ways.values():
        trainer = mlp.Trainer(preset.settings.with_changes(**way.changes))
        trainer.step(preset.steps)
        dev = trainer.evaluate("dev")
        if way.patience:
            steps, losses = trainer.timeline.steps, trainer.timeline.losses("dev")
            stop = stopping_step(steps, losses, way.patience)
            assert stop is not None
            assert stop < preset.steps
            seen = steps.index(stop) + 1
            dev = losses[steps.index(best_step(steps[:seen], losses[:seen]))]
        assert dev < ill.evaluate("dev") - 0.3, way.label
