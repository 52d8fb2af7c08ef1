"""What the pages quote PyTorch with is what it says, and what they measure is what a plain computation gives."""

import math

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons import last_lines, slips
from mlp.lessons.by_heart import by_heart
from mlp.lessons.descent import descent
from mlp.lessons.draws import draws
from mlp.lessons.snippets import namespace


@pytest.mark.parametrize("block_size", [1, 3])
def test_embeddings_must_be_joined_unless_there_is_one(block_size):
    emb, W1 = torch.randn(6, block_size, 2), torch.randn(2 * block_size, 10)
    for slip in (slips.unjoined(emb, W1), slips.transposed(emb)):
        assert bool(slip.error) is (block_size > 1)
    assert "happens to match" in slips.unjoined(torch.randn(6, 1, 2), torch.randn(2, 10)).why


def test_sums_without_keepdim_are_an_error_or_a_silent_mistake():
    unequal, equal = torch.randn(6, 34), torch.randn(34, 34)
    with pytest.raises(RuntimeError) as caught:
        unequal.exp() / unequal.exp().sum(1)
    assert slips.without_keepdim(unequal).message == str(caught.value)
    assert slips.without_keepdim(equal).error == ""
    assert "silently" in slips.without_keepdim(equal).why
    assert not torch.allclose((equal.exp() / equal.exp().sum(1)).sum(1), torch.ones(34))


def test_what_training_refuses():
    logits, Y, p = torch.randn(6, 34), torch.zeros(6, dtype=torch.int64), torch.randn(3)
    before = p.clone()
    assert "expected target dtype" in slips.int32_targets(logits, Y).message
    assert "does not require grad" in slips.not_recording(logits, Y).message
    assert "in-place operation" in slips.without_data(p).message
    assert torch.equal(p, before)


def test_two_modules_are_the_fused_loss_and_a_softmax_too_many_is_not():
    logits, Y = 5 * torch.randn(6, 34), torch.arange(6)
    by_modules, fused, twice = slips.in_two_modules(logits, Y)
    assert by_modules == pytest.approx(fused)
    assert fused == pytest.approx(-torch.log_softmax(logits, 1)[range(6), range(6)].mean().item(), rel=1e-5)
    assert twice == pytest.approx(F.cross_entropy(torch.softmax(logits, 1), Y).item())
    assert twice != pytest.approx(fused)


def test_uniform_weights_push_an_examples_units_to_one_side():
    settings = mlp.Settings()
    train = mlp.Trainer(settings).dataset.train.first(32)
    found = draws(settings, 34, train.X)
    assert found["torch.rand"].negative == 0
    assert found["torch.randn"].negative == pytest.approx(0.5, abs=0.05)
    assert found["torch.randn"].one_side < 0.6 < 0.8 < found["torch.rand"].one_side


def test_the_notes_run_is_known_by_heart():
    found = by_heart()
    assert (found.examples, found.steps) == (32, 1000)
    assert found.loss == pytest.approx(0.1776, abs=1e-3)
    assert found.lowest == pytest.approx(0.1733, abs=1e-4)
    assert {character for character, _ in found.start.counts} == set("bivc")
    assert found.lowest == pytest.approx(found.start.total * math.log(4) / 32)


@pytest.mark.parametrize("direct", [False, True])
def test_the_loop_prints_the_losses_shown(direct, capsys):
    trainer = mlp.Trainer(mlp.Settings(direct=direct))
    train = trainer.dataset.train.first(32)
    names = namespace(trainer.model, train.X, train.Y, trainer.dataset.vocabulary, [])
    exec(last_lines.training_loop(direct, 10), names)
    printed = [float(line) for line in capsys.readouterr().out.split()]
    shown = descent(trainer.model, [(train.X, train.Y)] * 10, 0.1).cleared
    assert printed == pytest.approx(shown, abs=2e-3)
    if not direct:
        assert printed[0] == pytest.approx(17.0956, abs=1e-4)
