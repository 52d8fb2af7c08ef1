"""What if a letter were elsewhere: against a network whose table really says so."""

import math

import pytest
import torch

import mlp
from mlp.lessons.what_if import moved, plane


def trained(**changes):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    trainer.step(200)
    return trainer


@pytest.mark.parametrize("changes", [{}, {"direct": True}, {"block_size": 1, "hidden": 1}])
def test_each_place_of_the_plane_is_a_forward_pass(changes):
    trainer = trained(**changes)
    model, T = trainer.model, trainer.settings.block_size
    context, slot, target = [5, 7, 9][:T], T - 1, 12
    across, up = torch.tensor([-1.0, 0.3, 2.0]), torch.tensor([-0.5, 0.25])
    found = plane(model, context, slot, target, across, up)
    assert found.shape == (2, 3)
    for i, y in enumerate(up.tolist()):
        for j, x in enumerate(across.tolist()):
            theta = model.theta.clone()
            model.at(theta).C[context[slot]] = torch.tensor([x, y])  # this character occurs once in the context
            p = model.at(theta).forward(torch.tensor([context])).logits[0].softmax(0)[target]
            assert found[i, j].item() == pytest.approx(p.item(), abs=1e-6)


def test_where_the_letter_is_the_plane_has_the_networks_own_probability():
    trainer = trained()
    place = trainer.model.C[7]
    found = plane(trainer.model, [0, 22, 7], 2, 16, place[:1], place[1:])
    p = trainer.model.forward(torch.tensor([[0, 22, 7]])).logits[0].softmax(0)[16]
    assert found.item() == pytest.approx(p.item(), abs=1e-6)


def test_moving_letters_leaves_the_network_as_it_is():
    trainer = trained()
    before = trainer.model.theta.clone()
    changed = moved(trainer.model, {5: (1.0, 2.0), 7: (math.inf, 0.0)})
    assert torch.equal(trainer.model.theta, before)
    assert changed.C[5].tolist() == [1.0, 2.0]
    same = [row for row in range(34) if row not in (5, 7)]
    assert torch.equal(changed.C[same], trainer.model.C[same])
    assert torch.equal(changed.theta[34 * 2 :], before[34 * 2 :])
    assert moved(trainer.model, {}) is trainer.model
