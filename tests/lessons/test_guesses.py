"""What the questions of the pages are answered with: W1 scaled, logits scaled, signs, and where two curves cross."""

import math

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.architecture import counts, first_wrong
from mlp.lessons.descent import Descent
from mlp.lessons.examples import word_examples
from mlp.lessons.saturate import saturate
from mlp.lessons.sign_quiz import QUESTIONS, question
from mlp.lessons.temperature import right_and_wrong


@pytest.fixture(scope="module")
def trainer():
    made = mlp.Trainer(mlp.Settings())
    made.step(100)
    return made


@pytest.mark.parametrize("factor", [0.1, 1.0, 5.0])
def test_a_scaled_w1_saturates_as_autograd_says(trainer, factor):
    model, train = trainer.model, trainer.dataset.train.first(32)
    before = model.theta.clone()
    found = saturate(model, train.X, train.Y, factor)
    a = (model.C[train.X].flatten(1) @ (factor * model.W1) + model.b1).clone().requires_grad_()
    h = torch.tanh(a)
    h.retain_grad()
    F.cross_entropy(h @ model.W2 + model.b2, train.Y).backward()
    assert found.fraction == pytest.approx((h.abs() > 0.97).float().mean().item())
    assert found.passed == pytest.approx((a.grad.abs().sum() / h.grad.abs().sum()).item(), rel=1e-4)
    assert torch.equal(model.theta, before)


def test_right_and_wrong_examples_are_right_and_wrong(trainer):
    right, wrong = right_and_wrong(trainer.model, trainer.dataset.train)
    for example, correct in ((right, True), (wrong, False)):
        logits = trainer.model.forward(example.context[None]).logits[0]
        assert (int(logits.argmax()) == example.label) is correct
        for factor in (0.5, 3.0):
            expected = -math.log(torch.softmax(factor * logits.double(), 0)[example.label].item())
            assert example.loss(factor) == pytest.approx(expected, rel=1e-4)
            grows = expected > example.loss(1.0)
            assert example.effect(factor) == ("rises" if grows else "falls")
        assert example.effect(1.0) == "stays"
    assert right.effect(3.0) == "falls"


def test_a_split_without_a_right_example_has_none(trainer):
    model, train = trainer.model, trainer.dataset.train
    wrong = model.forward(train.X[:50]).logits.argmin(1)
    assert right_and_wrong(model, mlp.dataset.Split((), train.X[:50], wrong))[0] is None


def test_the_signs_of_the_quiz_are_those_of_autograd(trainer):
    found = word_examples("ralts", trainer.dataset.vocabulary, 3)
    leaf = trainer.model.theta.clone().requires_grad_()
    F.cross_entropy(trainer.model.at(leaf).forward(found.X).logits, found.Y).backward()
    slopes = trainer.model.at(leaf.grad).parameters
    asked = [question(trainer.model, found.X, found.Y, 7, number) for number in range(QUESTIONS)]
    assert len({(one.name, one.entry) for one in asked}) > 5
    assert {one.name for one in asked} == set(slopes)  # in turn
    for one in asked:
        assert (one.loss_above > one.loss_below) is bool(slopes[one.name][one.entry] > 0)


def test_a_ruined_network_has_no_quiz(trainer):
    found = word_examples("ralts", trainer.dataset.vocabulary, 3)
    ruined = trainer.model.at(torch.full_like(trainer.model.theta, math.nan))
    assert question(ruined, found.X, found.Y, 7, 0) is None


@pytest.mark.parametrize(
    ("cleared", "piled", "step"),
    [([3, 3, 2, 1], [3, 3, 1, 2], 3), ([3, 2], [3, 2], None), ([3, 2], [3, math.nan], 1), ([3, 2, 5], [3, 1, 4], None)],
)
def test_where_the_curves_cross(cleared, piled, step):
    assert Descent(cleared, piled).crossing == step


def test_the_first_wrong_factor():
    rows = counts(mlp.Settings(direct=True), 34)
    right = [tensor.nelement() for tensor in mlp.Trainer(mlp.Settings(direct=True)).model.parameters.values()]
    assert first_wrong(rows, right) is None
    assert first_wrong(rows, [*right[:2], right[2] + 1, *right[3:-1], 0]).name == "b1"
