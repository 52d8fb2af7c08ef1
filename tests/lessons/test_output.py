"""Probabilities and losses are those of plain PyTorch, also where the way by hand overflows."""

import math

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.output import example_losses, first_loss, output, worst


@pytest.fixture(scope="module")
def trained():
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step(300)
    return trainer


def test_probabilities_and_loss_are_plain_pytorch(trained):
    X, Y = trained.dataset.train.X[:32], trained.dataset.train.Y[:32]
    logits = trained.model.forward(X).logits
    found = output(logits, Y)
    assert torch.allclose(found.probabilities, torch.softmax(logits, 1), atol=1e-6)
    assert torch.allclose(found.probabilities.sum(1), torch.ones(32), atol=1e-5)
    assert found.by_hand == pytest.approx(F.cross_entropy(logits, Y).item(), rel=1e-5)
    assert found.fused == F.cross_entropy(logits, Y).item()
    assert torch.allclose(example_losses(logits, Y), -torch.log_softmax(logits, 1)[torch.arange(32), Y], atol=1e-5)


def test_a_large_constant_overflows_by_hand_only(trained):
    X, Y = trained.dataset.train.X[:8], trained.dataset.train.Y[:8]
    logits = trained.model.forward(X).logits
    plain, large = output(logits, Y), output(logits, Y, added=200.0)
    assert not plain.overflows
    assert large.overflows
    assert torch.isinf(large.counts).any()
    assert math.isnan(large.by_hand)
    assert large.fused == pytest.approx(plain.fused, abs=1e-3)


def test_the_worst_examples(trained):
    train, vocabulary = trained.dataset.train, trained.dataset.vocabulary
    logits = trained.model.forward(train.X).logits
    losses = F.cross_entropy(logits, train.Y, reduction="none")
    found = worst(trained.model, train, vocabulary, 5)
    assert [example.loss for example in found] == pytest.approx(sorted(losses.tolist())[:-6:-1], rel=1e-5)
    for example in found:
        assert vocabulary.encode(example.context) == train.X[example.number].tolist()
        assert vocabulary.index[example.label] == train.Y[example.number]
        probabilities = torch.softmax(logits[example.number], 0)
        assert example.probability == pytest.approx(probabilities[train.Y[example.number]].item(), rel=1e-3)
        assert example.top == vocabulary.characters[int(probabilities.argmax())]
        assert example.top_probability == pytest.approx(probabilities.max().item(), rel=1e-4)


def test_the_first_loss_of_the_notes():
    trainer = mlp.Trainer(mlp.Settings(train_examples=32))
    trainer.step(50)
    found = first_loss(trainer.model, trainer.dataset.train)
    assert found.loss == pytest.approx(17.0956, abs=1e-4)
    assert found.uniform == pytest.approx(3.5264, abs=1e-4)


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("init", ["normal", "scaled"])
@pytest.mark.parametrize("hidden", [10, 100, 1000])
def test_the_spread_of_the_first_logits_is_explained(direct, init, hidden):
    trainer = mlp.Trainer(mlp.Settings(direct=direct, init=init, hidden=hidden))
    found = first_loss(trainer.model, trainer.dataset.train)
    assert found.spread == pytest.approx(found.expected_spread, rel=0.3)
    if init == "scaled":
        assert found.loss == pytest.approx(found.uniform, abs=0.1)
