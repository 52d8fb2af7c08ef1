"""Steps with and without `p.grad = None` are those of plain PyTorch, on the batches that training would take."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.descent import STEPS, descent, next_batches, next_descent


def plain(model, batches, learning_rate, set_to_none):
    """The notes' own loop, on a copy of the network."""
    C, W1, b1, W2, b2 = parameters = [p.clone().requires_grad_() for p in model.parameters.values()]
    losses = []
    for X, Y in batches:
        h = torch.tanh(C[X].view(len(X), -1) @ W1 + b1)
        loss = F.cross_entropy(h @ W2 + b2, Y)
        losses.append(loss.item())
        for p in parameters:
            if set_to_none:
                p.grad = None
        loss.backward()
        for p in parameters:
            p.data += -learning_rate * p.grad
    return losses


@pytest.mark.parametrize("set_to_none", [True, False])
def test_both_ways_are_plain_pytorch(set_to_none):
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step(50)
    before = trainer.model.theta.clone()
    batches = next_batches(trainer.settings, trainer.dataset.train, trainer.epoch_done, 12)
    found = descent(trainer.model, batches, 0.1)
    losses = found.cleared if set_to_none else found.piled_up
    assert losses == pytest.approx(plain(trainer.model, batches, 0.1, set_to_none), rel=1e-3)
    assert torch.equal(trainer.model.theta, before)


def test_the_batches_are_those_that_training_takes():
    trainer = mlp.Trainer(mlp.Settings(train_examples=100))
    batches = next_batches(trainer.settings, trainer.dataset.train, 0.0, 9)  # more than twice through
    assert [len(Y) for _, Y in batches] == [25] * 9
    assert descent(trainer.model, batches, 0.1).cleared == pytest.approx([trainer.step() for _ in batches], rel=1e-3)


def test_without_taking_them_away_training_goes_wrong():
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step(222)
    found = descent(trainer.model, next_batches(trainer.settings, trainer.dataset.train, 1.0, STEPS), 0.1)
    assert sum(found.cleared[-10:]) / 10 < 3.5
    assert sum(found.piled_up[-10:]) / 10 > 6


def test_a_huge_network_takes_fewer_steps():
    small = mlp.Trainer(mlp.Settings(batch_size=None))
    found = next_descent(small.model, small.settings, small.dataset.train, 0.0)
    assert len(found.cleared) == len(found.piled_up) == STEPS
    huge = mlp.Trainer(mlp.Settings(block_size=12, embedding_dim=64, hidden=1024))
    assert 20 <= len(next_descent(huge.model, huge.settings, huge.dataset.train, 0.0).piled_up) < STEPS
