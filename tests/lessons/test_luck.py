"""Five networks of five seeds: only their weights and the order of their examples differ, and the spread is exact."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import mlp
from mlp.dataset import make_dataset
from mlp.lessons.luck import Luck
from mlp.lessons.short_runs import BEND_STEPS, CUT_STEPS, EARLY_CHANCE
from mlp.model import Model
from mlp.settings import later_seed

FULL = mlp.Settings(batch_size=None, train_examples=32, hidden=10)  # no more than a short run takes at once


def made(settings: mlp.Settings, steps: int = 60) -> Luck:
    luck = Luck(settings, make_dataset(settings, mlp.load_words(settings.word_list)), steps=steps)
    luck.run_for()
    assert luck.done
    return luck


def test_each_is_the_network_of_its_seed_on_the_words_of_the_first() -> None:
    luck = made(FULL)
    assert luck.seeds == [1337, 1338, 1339, 1340, 1341]
    split = luck.dataset.train
    for seed, attempt in zip(luck.seeds, luck.attempts, strict=True):
        model = Model(FULL.with_changes(seed=seed), len(luck.dataset.vocabulary))
        theta = model.theta.clone().requires_grad_()
        for _ in range(60):  # plain gradient descent on the whole batch, by autograd
            (slope,) = torch.autograd.grad(cross_entropy(model.at(theta).forward(split.X).logits, split.Y), theta)
            theta = (theta - FULL.learning_rate * slope).detach().requires_grad_()
        dev = luck.dataset.dev
        expected = cross_entropy(model.at(theta).forward(dev.X).logits, dev.Y).item()
        assert attempt.final[1] == pytest.approx(expected, abs=1e-4), seed


def test_the_first_is_the_network_of_the_settings_bit_by_bit() -> None:
    settings = mlp.Settings(hidden=10)
    trainer = mlp.Trainer(settings)
    trainer.step(60)
    luck = made(settings)
    assert torch.equal(luck._runners[0].trainer.model.theta, trainer.model.theta)
    assert luck.attempts[0].final[1] == trainer.evaluate("dev")


def test_the_spread_is_that_of_the_dev_losses() -> None:
    luck = made(mlp.Settings(hidden=10))
    losses = [attempt.final[1] for attempt in luck.attempts]
    assert len(set(losses)) == 5
    spread = luck.spread()
    assert spread
    assert spread == pytest.approx((min(losses), max(losses), np.std(losses, ddof=1)))


@pytest.mark.parametrize("steps", [BEND_STEPS, CUT_STEPS])
def test_so_early_the_default_network_differs_by_as_much_as_is_told(steps: int) -> None:
    spread = made(mlp.Settings(), steps).spread()
    assert spread
    assert round(spread.deviation, 2) == EARLY_CHANCE


def test_without_dev_words_or_with_a_network_that_diverges_there_is_no_spread() -> None:
    assert made(mlp.Settings(hidden=10, dev_share=0.0)).spread() is None
    assert made(mlp.Settings(hidden=10, learning_rate=10, direct=True), 300).spread() is None


def test_after_the_highest_seed_comes_the_lowest() -> None:
    highest = int(mlp.settings.SPECS["seed"].high or 0)
    assert [later_seed(highest - 1, by) for by in range(3)] == [highest - 1, highest, 0]


def test_a_large_network_is_given_fewer_steps_batches_and_examples() -> None:
    settings = mlp.Settings(hidden=1024, embedding_dim=64, block_size=12, batch_size=None)
    luck = Luck(settings, make_dataset(settings, mlp.load_words("names")))
    assert luck.short.cut_short
    assert luck.short.smaller_batch
    assert luck.goal == luck.short.steps < 2000
    assert len(luck.short.test) < len(luck.dataset.dev)
    luck.run_for(0.01)
    loop = luck._runners[0].trainer
    assert (loop.batches.size, len(loop.dataset.dev)) == (32, len(luck.short.test))
