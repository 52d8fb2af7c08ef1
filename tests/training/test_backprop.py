"""The gradients by hand are autograd's, in float64: rounding hides nothing."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.model import Model
from mlp.training.backprop import gradients


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
