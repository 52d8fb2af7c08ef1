"""The network is the notes' own: the same draws, the same forward pass, the same loss."""

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.model import EVALUATION_ROWS, Model, parameter_count


def test_normal_weights_are_drawn_as_in_the_notes():
    settings = mlp.Settings(block_size=4, embedding_dim=5, hidden=6, seed=3, direct=True)
    g = torch.Generator().manual_seed(3)
    drawn = [torch.randn(shape, generator=g) for shape in ((30, 5), (20, 6), (6,), (6, 30), (30,), (20, 30))]
    model = Model(settings, 30)
    for ours, theirs in zip((model.C, model.W1, model.b1, model.W2, model.b2, model.W), drawn, strict=True):
        assert torch.equal(ours, theirs)


def test_scaled_weights_are_the_same_draws_made_smaller():
    normal, scaled = (Model(mlp.Settings(embedding_dim=10, hidden=200, init=init), 34) for init in ("normal", "scaled"))
    assert torch.equal(scaled.C, normal.C)
    assert torch.allclose(scaled.W1, normal.W1 * (5 / 3) / math.sqrt(30))
    assert not scaled.b2.any()
    X = torch.randint(0, 34, (500, 3), generator=torch.Generator().manual_seed(0))
    forward = scaled.forward(X)
    assert forward.preactivation.std().item() == pytest.approx(5 / 3, rel=0.1)
    assert scaled.loss(X, X[:, 0]) == pytest.approx(math.log(34), abs=0.02)  # nearly even predictions


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 20), st.integers(2, 40), st.booleans())
def test_parameter_count_is_the_size_of_theta(block_size, embedding_dim, hidden, vocabulary, direct):
    settings = mlp.Settings(block_size=block_size, embedding_dim=embedding_dim, hidden=hidden, direct=direct)
    assert len(Model(settings, vocabulary).theta) == parameter_count(settings, vocabulary)


def test_parameters_are_views_of_theta():
    model = Model(mlp.Settings(direct=True), 34)
    model.theta.fill_(7)
    assert all((tensor == 7).all() for tensor in model.parameters.values())
    other = model.at(torch.zeros_like(model.theta))
    assert not other.W.any()
    assert (model.W == 7).all()


@pytest.mark.parametrize("direct", [False, True])
def test_forward_is_equation_1_of_bengio(direct):
    model = Model(mlp.Settings(block_size=2, embedding_dim=3, hidden=4, direct=direct), 9)
    X = torch.tensor([[0, 0], [3, 8], [8, 3]])
    forward = model.forward(X)
    for row, (first, second) in enumerate(X.tolist()):
        x = torch.cat([model.C[first], model.C[second]])
        y = model.b2 + model.W2.T @ torch.tanh(model.b1 + model.W1.T @ x)
        if direct:
            y = y + model.W.T @ x
        assert torch.allclose(forward.logits[row], y, atol=1e-5)
        assert torch.equal(forward.concatenated[row], x)
    assert forward.embedded.shape == (3, 2, 3)
    assert forward.hidden.shape == forward.preactivation.shape == (3, 4)


@pytest.mark.parametrize("count", [1, 100, EVALUATION_ROWS, EVALUATION_ROWS + 1, 8887])
def test_loss_is_plain_cross_entropy(count):
    trainer = mlp.Trainer(mlp.Settings(train_share=1, dev_share=0))
    X, Y = trainer.dataset.train.X[:count], trainer.dataset.train.Y[:count]
    expected = F.cross_entropy(trainer.model.forward(X).logits.double(), Y).item()
    assert trainer.model.loss(X, Y) == pytest.approx(expected, rel=1e-6)


def test_no_examples_have_no_loss():
    model = Model(mlp.Settings(), 34)
    X = torch.empty(0, 3, dtype=torch.int64)
    assert model.forward(X).logits.shape == (0, 34)
    assert math.isnan(model.loss(X, X[:, 0]))
