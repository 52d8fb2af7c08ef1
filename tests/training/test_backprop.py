"""The gradients by hand are autograd's and every optimizer is torch.optim's, in float64: rounding hides nothing."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.model import Model
from mlp.training.backprop import Optimizer, Step, gradients

OPTIMIZERS = {
    "sgd": lambda p, s: torch.optim.SGD(p, lr=s.learning_rate, weight_decay=s.weight_decay),
    "momentum": lambda p, s: torch.optim.SGD(p, lr=s.learning_rate, weight_decay=s.weight_decay, momentum=0.9),
    "adam": lambda p, s: torch.optim.Adam(p, lr=s.learning_rate, weight_decay=s.weight_decay),
}


@pytest.fixture(autouse=True, scope="module")
def _double_precision():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@st.composite
def networks(draw):
    """A network, and examples in which characters repeat."""
    settings = mlp.Settings(
        block_size=draw(st.integers(1, 6)),
        embedding_dim=draw(st.integers(1, 6)),
        hidden=draw(st.integers(1, 30)),
        init=draw(st.sampled_from(["normal", "scaled"])),
        direct=draw(st.booleans()),
        seed=draw(st.integers(0, 1000)),
    )
    vocabulary, batch = draw(st.integers(2, 40)), draw(st.integers(1, 50))
    generator = torch.Generator().manual_seed(settings.seed)
    high = draw(st.integers(1, vocabulary))  # 1: all contexts are the same character over and over
    X = torch.randint(0, high, (batch, settings.block_size), generator=generator)
    Y = torch.randint(0, vocabulary, (batch,), generator=generator)
    return Model(settings, vocabulary), X, Y


def differentiable(model):
    """The same network with leaves that autograd fills, and those leaves."""
    copy = model.at(model.theta.clone())
    copy.parameters = {name: tensor.clone().requires_grad_() for name, tensor in model.parameters.items()}
    copy.__dict__.update(copy.parameters)
    return copy, copy.parameters


def close(ours, theirs):
    return torch.allclose(ours, theirs, rtol=1e-7, atol=1e-9)


@given(networks())
def test_every_gradient_is_autograds(case):
    model, X, Y = case
    twin, leaves = differentiable(model)
    forward = twin.forward(X)
    between = {
        name: getattr(forward, name) for name in ("embedded", "concatenated", "preactivation", "hidden", "logits")
    }
    for tensor in between.values():
        tensor.retain_grad()
    F.cross_entropy(forward.logits, Y).backward()
    ours = gradients(model, model.forward(X), X, Y)
    assert ours.keys() == {*between, *leaves}
    for name, tensor in {**between, **leaves}.items():
        assert ours[name].shape == tensor.shape
        assert close(ours[name], tensor.grad), name


@given(networks())
def test_the_fast_step_has_the_same_gradients(case):
    model, X, Y = case
    step, target = Step(model, len(Y)), model.at(torch.full_like(model.theta, torch.nan))
    x, y = X.flatten(), Y.view(1, -1)
    with torch.inference_mode():
        step.forward(x.numpy())
        loss = step.loss(y)
        step.backward(x, y, target, 1 / len(Y), 0.0)
    assert loss == pytest.approx(F.cross_entropy(model.forward(X).logits, Y).item(), rel=1e-9, abs=1e-12)
    for name, gradient in gradients(model, model.forward(X), X, Y).items():
        if name in model.parameters:
            assert close(target.parameters[name], gradient), name


@given(networks(), st.sampled_from(list(OPTIMIZERS)), st.sampled_from([0.0, 1e-3, 0.1]))
def test_every_optimizer_is_torch_optims(case, name, decay):
    model, X, Y = case
    twin, leaves = differentiable(model)
    settings = model.settings.with_changes(optimizer=name, learning_rate=0.01, weight_decay=decay)
    theirs, ours = OPTIMIZERS[name](list(leaves.values()), settings), Optimizer(model)
    cut = (len(Y) + 1) // 2  # two batches in turn, the second often shorter
    batches = [(X[:cut], Y[:cut]), (X[cut:], Y[cut:])] if cut < len(Y) else [(X, Y)]
    steps = [Step(model, len(y)) for _, y in batches]
    for turn in range(20):
        which = turn % len(batches)
        x, y = batches[which]
        theirs.zero_grad()
        F.cross_entropy(twin.forward(x).logits, y).backward()
        theirs.step()
        with torch.inference_mode():
            steps[which].forward(x.flatten().numpy())
            ours.update(steps[which], x.flatten(), y.view(1, -1), settings)
    for key, leaf in leaves.items():
        assert close(model.parameters[key], leaf), key


def test_forgetting_starts_an_optimizer_afresh():
    model = Model(mlp.Settings(hidden=4), 9)
    optimizer = Optimizer(model)
    x, y = torch.tensor([1, 2, 3]), torch.tensor([[4]])
    step = Step(model, 1)
    with torch.inference_mode():
        step.forward(x.numpy())
        optimizer.update(step, x, y, model.settings.with_changes(optimizer="adam"))
    assert optimizer.count == 1
    optimizer.forget("sgd")
    assert optimizer.count == 0
    assert not optimizer.first.any()
    assert not optimizer.second.any()
