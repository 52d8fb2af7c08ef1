"""What goes on inside at an update, against autograd and against the difference of two networks."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.backward import next_batch
from mlp.lessons.inside import (
    LAYERS,
    activation_histogram,
    batch_gradients,
    gradient_edges,
    gradient_histogram,
    inside,
    judged,
)
from mlp.saturation import SATURATED


def after(step, **changes):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    trainer.step(step)
    return trainer


def found(trainer):
    """The next update's numbers; the trainer makes that update."""
    before, epoch = trainer.model.theta.clone(), trainer.epoch_done
    model = trainer.model.at(before)
    trainer.step()
    return model, inside(model, trainer.settings, trainer.dataset.train, epoch, trainer.model.theta), epoch


WAYS = [
    {}, {"optimizer": "adam", "learning_rate": 0.01}, {"optimizer": "momentum"}, {"weight_decay": 0.01},
    {"direct": True, "batch_size": None, "train_examples": 300}, {"hidden": 1, "embedding_dim": 1, "block_size": 1},
]  # fmt: skip


@pytest.mark.parametrize("changes", WAYS, ids=str)
@pytest.mark.parametrize("step", [0, 57])
def test_norms_are_autograds_and_ratios_those_of_the_update_that_was_made(changes, step):
    trainer = after(step, **changes)
    model, numbers, epoch = found(trainer)
    X, Y = next_batch(trainer.settings, trainer.dataset.train, epoch)
    theta = model.theta.clone().requires_grad_()
    F.cross_entropy(model.at(theta).forward(X).logits, Y).backward()
    for name, gradient in model.at(theta.grad).parameters.items():
        assert numbers.norms[name] == pytest.approx(gradient.norm().item(), rel=1e-3, abs=1e-6)
    for name, tensor in model.parameters.items():
        moved = (trainer.model.parameters[name] - tensor).double()
        expected = math.log10((moved.norm() / tensor.double().norm()).item())
        assert numbers.ratios[name] == pytest.approx(expected, abs=1e-6)


def test_with_plain_sgd_the_update_is_the_rate_times_the_gradient():
    trainer = after(100, learning_rate=0.05)
    model, numbers, _ = found(trainer)
    for name, tensor in model.parameters.items():
        expected = math.log10(0.05 * numbers.norms[name] / tensor.norm().item())
        assert numbers.ratios[name] == pytest.approx(expected, abs=1e-2)


def test_spreads_and_saturation_are_those_of_a_plain_forward_pass():
    trainer = after(300)
    model, numbers, _ = found(trainer)
    forward = model.forward(judged(model, trainer.dataset.train))
    for name in LAYERS:
        assert numbers.spreads[name] == pytest.approx(np.std(getattr(forward, name).numpy(), dtype=np.float64))
    outside = forward.hidden.abs() > SATURATED
    assert numbers.saturated == pytest.approx(outside.float().mean().item())
    assert numbers.dead == pytest.approx(outside.all(0).float().mean().item())


def test_what_does_not_move_and_what_is_0_have_ratios_of_their_own():
    trainer = after(0, init="scaled")
    assert math.isnan(found(trainer)[1].ratios["b2"])  # it begins at 0
    still = after(0)
    numbers = inside(still.model, still.settings, still.dataset.train, 0.0, still.model.theta)
    assert set(numbers.ratios.values()) == {-math.inf}


def test_histograms_hold_every_number_once():
    trainer = after(100)
    forward, gradient = batch_gradients(trainer.model, trainer.settings, trainer.dataset.train, trainer.epoch_done)
    middles, shares = activation_histogram(forward.hidden)
    assert shares.sum() == pytest.approx(1)
    heap = (forward.hidden > 1 - (middles[1] - middles[0])).double().mean().item()
    assert shares[-1] == pytest.approx(heap, abs=1e-9)
    names = list(trainer.model.parameters)
    edges = gradient_edges(gradient, names)
    for name in names:
        _, shares, zero = gradient_histogram(gradient[name], edges)
        assert shares.sum() + zero == pytest.approx(1)
        assert zero == pytest.approx((gradient[name].abs() < 1e-12).double().mean().item())


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_numbers_that_are_none_are_in_no_bin(number):
    ruined = torch.tensor([[number, 0.5, -0.5, 0.0]])
    _, shares = activation_histogram(ruined)
    assert shares.sum() == pytest.approx(0.75)
    edges = gradient_edges({"C": ruined}, ["C"])
    _, shares, zero = gradient_histogram(ruined, edges)
    assert (shares.sum(), zero) == (pytest.approx(0.5), 0.25)
    assert len(gradient_edges({"C": torch.zeros(3)}, ["C"])) > 1
