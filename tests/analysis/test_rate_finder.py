"""The finder leaves the trainer as it was, and its valley is where rates work and above which they do not."""

import math

import pytest
import torch

import mlp
from mlp.analysis.rate_finder import AT_LEAST, RateFinder, find_rate


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_trainer_is_untouched(optimizer):
    settings = mlp.Settings(hidden=20, optimizer=optimizer, learning_rate=0.01)
    trainer, twin = (mlp.Trainer(settings) for _ in range(2))
    for one in (trainer, twin):
        one.step(250)
    luck = torch.get_rng_state()
    find_rate(trainer, 400)
    assert torch.equal(torch.get_rng_state(), luck)
    assert trainer.settings == settings
    assert torch.equal(trainer.model.theta, twin.model.theta)
    assert torch.equal(trainer.optimizer.second, twin.optimizer.second)
    assert (trainer.steps_done, trainer.timeline.steps) == (250, twin.timeline.steps)
    assert trainer.step(100) == twin.step(100)
    assert torch.equal(trainer.model.theta, twin.model.theta)


def test_its_first_batch_is_the_trainers_next():
    trainer = mlp.Trainer(mlp.Settings(hidden=20))
    trainer.step(40)
    assert find_rate(trainer, 400).losses[0] == trainer.step()


def test_rates_rise_evenly_from_a_thousandth_to_ten():
    curve = find_rate(mlp.Trainer(mlp.Settings(hidden=1)), 400)
    assert curve.exponents[0] == pytest.approx(-3)
    gaps = {round(b - a, 9) for a, b in zip(curve.exponents, curve.exponents[1:], strict=False)}
    assert gaps == {round(4 / 399, 9)}
    assert len(curve.exponents) == len(curve.losses) == len(curve.smoothed) <= 400


def test_the_notes_network_finds_about_the_notes_rate():
    curve = find_rate(mlp.Trainer(mlp.Settings()))
    assert 0.03 < curve.suggested < 0.5
    assert curve.stopped
    assert curve.smoothed[-1] > curve.smoothed[curve.valley] + 1


def test_the_suggested_rate_trains_and_a_rate_past_the_end_does_not():
    settings = mlp.Settings(init="scaled", embedding_dim=10)
    curve = find_rate(mlp.Trainer(settings))
    good, bad = (
        mlp.Trainer(settings.with_changes(learning_rate=rate)) for rate in (curve.suggested, 10 ** curve.exponents[-1])
    )
    for trainer in (good, bad):
        trainer.step(500)
    assert good.evaluate("train") < 2.9 < bad.evaluate("train")


def test_it_stops_where_the_loss_is_no_longer_a_number():
    curve = find_rate(mlp.Trainer(mlp.Settings(direct=True, optimizer="momentum")), 100)
    assert curve.stopped
    assert all(math.isfinite(loss) for loss in curve.losses)
    assert AT_LEAST <= len(curve.losses) < 100


def test_slices_find_what_one_go_finds():
    trainer = mlp.Trainer(mlp.Settings(hidden=20))
    finder = RateFinder(trainer, 400)
    assert finder.curve().exponents == ()
    tried = [finder.run_for(0.001) for _ in range(3)]
    assert tried == sorted(tried)
    while not finder.done:
        finder.run_for(0.002)
    assert finder.curve() == find_rate(trainer, 400)
