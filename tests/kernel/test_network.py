"""The compiled network has autograd's gradients and torch.optim's updates, and reads nothing that is not its own."""

import threading

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

import mlp
from mlp.dataset import Split
from mlp.kernel.compiled_network import CompiledNetwork
from mlp.kernel.examples import Examples, Plan
from mlp.kernel.torch_network import TorchNetwork
from mlp.model import Model
from mlp.training.backprop import gradients

OPTIMIZERS = {
    "sgd": lambda p, s: torch.optim.SGD(p, lr=s.learning_rate, weight_decay=s.weight_decay),
    "momentum": lambda p, s: torch.optim.SGD(p, lr=s.learning_rate, weight_decay=s.weight_decay, momentum=0.9),
    "adam": lambda p, s: torch.optim.Adam(p, lr=s.learning_rate, weight_decay=s.weight_decay),
}


@st.composite
def networks(draw):
    """A network and its examples, in which characters repeat; batches of one block, of several, and of a part."""
    settings = mlp.Settings(
        block_size=draw(st.integers(1, 6)),
        embedding_dim=draw(st.integers(1, 12)),
        hidden=draw(st.integers(1, 70)),
        init=draw(st.sampled_from(["normal", "scaled"])),
        direct=draw(st.booleans()),
        seed=draw(st.integers(0, 1000)),
    )
    vocabulary, count = draw(st.integers(2, 80)), draw(st.integers(1, 100))
    generator = torch.Generator().manual_seed(settings.seed)
    high = draw(st.integers(1, vocabulary))  # 1: all contexts are the same character over and over
    X = torch.randint(0, high, (count, settings.block_size), generator=generator)
    Y = torch.randint(0, vocabulary, (count,), generator=generator)
    return Model(settings, vocabulary), Split((), X, Y)


def examples_of(model, split):
    return Examples(split, model.settings.block_size, len(model.C))


def one_batch(rows):
    return Plan(np.asarray(rows), np.zeros(1, np.int64), np.array([len(rows)]))


def no_memory(model):
    return torch.zeros_like(model.theta), torch.zeros_like(model.theta), 0


def close(ours, theirs, scale=1.0):
    return (ours - theirs).abs().max() <= 2e-5 * max(scale, theirs.abs().max().item())


@given(networks())
def test_every_gradient_is_the_one_worked_out_by_hand(case):
    model, split = case
    before, moved = model.at(model.theta.clone()), model.settings.with_changes(learning_rate=1.0)
    plan = one_batch(np.arange(len(split)))
    (loss,) = CompiledNetwork(model).train(*no_memory(model), examples_of(model, split), plan, moved).losses
    forward = before.forward(split.X)
    assert loss == pytest.approx(F.cross_entropy(forward.logits, split.Y).item(), rel=1e-5, abs=1e-6)
    hand = gradients(before, forward, split.X, split.Y)
    size = before.theta.abs().max().item()
    for name, parameter in model.parameters.items():
        assert close(before.parameters[name] - parameter, hand[name], size), name


def flat(parts, model):
    """Gradients by name as one vector, in the order of `theta`."""
    return torch.cat([parts[name].flatten() for name in model.parameters])


def is_clear(gradient):
    """Which parts of a gradient are more than rounding: Adam divides by their size, however small they are."""
    return gradient.abs() > 1e-4 * gradient.abs().max()


@given(networks(), st.sampled_from(list(OPTIMIZERS)), st.sampled_from([0.0, 1e-3, 0.1]))
@example_settings(max_examples=60)
def test_every_optimizer_is_torch_optims(case, name, decay):
    model, split = case
    model.theta.mul_(0.3)  # small enough for a few updates not to be chaotic
    settings = model.settings.with_changes(optimizer=name, learning_rate=0.01, weight_decay=decay)
    leaf = model.theta.double().clone().requires_grad_()
    theirs = OPTIMIZERS[name]([leaf], settings)
    cut = (len(split) + 1) // 2  # two batches in turn, the second often shorter
    sizes = [cut, len(split) - cut] if cut < len(split) else [cut]
    plan = Plan(np.arange(len(split)), np.cumsum([0, *sizes[:-1]]), np.array(sizes))
    network, (first, second, _) = CompiledNetwork(model), no_memory(model)
    told_apart = torch.ones_like(leaf, dtype=torch.bool)
    for turn in range(5):
        network.train(first, second, turn * len(sizes), examples_of(model, split), plan, settings)
        for begin, size in zip(plan.begins, plan.sizes, strict=True):
            x, y = split.X[begin : begin + size], split.Y[begin : begin + size]
            theirs.zero_grad()
            F.cross_entropy(model.at(leaf).forward(x).logits, y).backward()
            told_apart &= is_clear(leaf.grad + decay * leaf.detach())
            theirs.step()
    far = (model.theta - leaf.detach()).abs()
    if name == "adam":
        assert far[told_apart].max() < 3e-3
        assert far.max() <= 2 * 10 * settings.learning_rate
    else:
        assert far.max() < 2e-5


@given(networks(), st.sampled_from(list(OPTIMIZERS)))
@example_settings(max_examples=40)
def test_the_network_without_a_compiler_is_the_same_network(case, name):
    model, split = case
    model.theta.mul_(0.3)
    other = model.at(model.theta.clone())
    settings = model.settings.with_changes(optimizer=name, learning_rate=0.01, weight_decay=1e-3)
    plan = one_batch(np.arange(len(split)))
    ours, theirs = CompiledNetwork(model), TorchNetwork(other)
    examples = examples_of(model, split)
    forward = model.forward(split.X)
    told_apart = is_clear(flat(gradients(model, forward, split.X, split.Y), model) + 1e-3 * model.theta)
    losses = [network.train(*no_memory(model), examples, plan, settings).losses for network in (ours, theirs)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5, abs=1e-6)
    far = (model.theta - other.theta).abs()
    assert far[told_apart].max() < 1e-5
    assert far.max() <= (2 * settings.learning_rate if name == "adam" else 1e-5)
    assert ours.loss(examples) == pytest.approx(theirs.loss(examples), rel=1e-3)
    luck = np.random.default_rng(1).random((20, 6))
    agreeing = (CompiledNetwork(other).draw_words(luck) == theirs.draw_words(luck)).all(1)
    assert agreeing.mean() >= 0.9  # a draw that is too close to call may fall on either side


def test_a_batch_of_many_blocks_is_the_same_in_parts(monkeypatch):
    settings = mlp.Settings(batch_size=None, optimizer="adam", weight_decay=0.01, direct=True, hidden=20)
    whole, parts = mlp.Trainer(settings), mlp.Trainer(settings)
    losses = [whole.step() for _ in range(5)]
    monkeypatch.setattr("mlp.kernel.parts.MOST_WORK", 500 * whole.model.theta.numel())
    assert losses == pytest.approx([parts.step() for _ in range(5)], rel=1e-12)
    assert torch.equal(whole.model.theta, parts.model.theta)
    assert torch.equal(whole.optimizer.second, parts.optimizer.second)


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_a_step_that_is_broken_off_leaves_no_trace(monkeypatch, after):
    settings = mlp.Settings(hidden=12, batch_size=200, train_examples=600, optimizer="adam")
    trainer, undisturbed = mlp.Trainer(settings), mlp.Trainer(settings)
    monkeypatch.setattr("mlp.kernel.parts.MOST_WORK", 32 * trainer.model.theta.numel())
    trainer.step(3)
    asked = iter([False] * after + [True] + [False] * 1000)
    trainer.interrupt = lambda: next(asked)
    with pytest.raises(mlp.kernel.parts.Interrupted):
        trainer.step()
    assert trainer.steps_done == 3
    trainer.step(4)
    undisturbed.step(7)
    assert torch.equal(trainer.model.theta, undisturbed.model.theta)
    assert trainer.timeline.batch_losses == undisturbed.timeline.batch_losses


def test_side_by_side_in_threads_every_network_is_as_alone():
    settings = [mlp.Settings(seed=seed, hidden=30) for seed in range(4)]
    alone, together = ([mlp.Trainer(s) for s in settings] for _ in range(2))
    for trainer in alone:
        trainer.step(1500)
    threads = [threading.Thread(target=trainer.step, args=(1500,)) for trainer in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(torch.equal(a.model.theta, b.model.theta) for a, b in zip(alone, together, strict=True))


MODEL = Model(mlp.Settings(block_size=2, hidden=4), 5)
GOOD = Split((), torch.tensor([[0, 1], [1, 4], [4, 4]]), torch.tensor([1, 4, 0]))


@pytest.mark.parametrize(
    "plan",
    [
        Plan(np.arange(3), np.array([1]), np.array([3])),  # beyond the rows
        Plan(np.arange(4), np.array([0]), np.array([4])),  # an example that there is not
        Plan(np.array([-1, 0]), np.array([0]), np.array([2])),
        Plan(np.arange(3), np.array([-1]), np.array([2])),
        Plan(np.arange(3), np.array([0]), np.array([0])),
        Plan(np.arange(3), np.array([0, 1]), np.array([1])),
        Plan(np.arange(3), np.zeros(0, np.int64), np.zeros(0, np.int64)),
    ],
)
def test_a_plan_that_reaches_beyond_the_examples_is_refused_before_anything_is_read(plan):
    before = MODEL.theta.clone()
    with pytest.raises(ValueError, match="batch"):
        CompiledNetwork(MODEL).train(*no_memory(MODEL), examples_of(MODEL, GOOD), plan, MODEL.settings)
    assert torch.equal(before, MODEL.theta)


@pytest.mark.parametrize(
    ("X", "Y"),
    [
        (torch.tensor([[0, 5]]), torch.tensor([0])),
        (torch.tensor([[0, -1]]), torch.tensor([0])),
        (torch.tensor([[0, 1]]), torch.tensor([5])),
        (torch.tensor([[0, 1]]), torch.tensor([0, 1])),
        (torch.tensor([[0, 1]], dtype=torch.int32), torch.tensor([0])),
        (torch.tensor([[0, 1], [2, 3]]).T, torch.tensor([0, 1])),
    ],
)
def test_examples_that_do_not_fit_are_refused(X, Y):
    with pytest.raises(ValueError, match=r"belong|vocabulary|needs"):
        Examples(Split((), X, Y), 2, 5)


def test_parameters_and_memories_of_another_size_or_kind_are_refused():
    with pytest.raises(ValueError, match="needs float32"):
        CompiledNetwork(MODEL.at(MODEL.theta.double()))
    plan, short = one_batch([0]), torch.zeros(3)
    with pytest.raises(ValueError, match="do not fit"):
        CompiledNetwork(MODEL).train(short, short, 0, examples_of(MODEL, GOOD), plan, MODEL.settings)
    with pytest.raises(ValueError, match="not of this network"):
        CompiledNetwork(MODEL).loss(Examples(GOOD, 2, 6))


def test_what_is_not_a_number_stays_so():
    """A kernel that turned nan into a finite number would hide that a run has diverged."""
    for name in MODEL.parameters:
        model = MODEL.at(MODEL.theta.clone())
        model.parameters[name].flatten()[0] = torch.nan
        twice = Split((), torch.tensor([[0, 0], [0, 0]]), torch.tensor([0, 0]))
        model.parameters[name].fill_(torch.nan)
        assert np.isnan(CompiledNetwork(model).loss(examples_of(model, twice))), name
