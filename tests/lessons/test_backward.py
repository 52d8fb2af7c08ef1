"""Every value and gradient of a trace is autograd's; the checks and the step say what PyTorch does."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.backward import (
    check_gradients,
    embedding_movement,
    finite_difference,
    next_batch,
    plain_update,
    without_zeroing,
)
from mlp.lessons.trace import trace

CASES = [
    {}, {"direct": True}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"block_size": 12, "embedding_dim": 64},
    {"hidden": 1024, "direct": True}, {"init": "scaled"},
]  # fmt: skip


@pytest.fixture(params=CASES, ids=str)
def case(request):
    trainer = mlp.Trainer(mlp.Settings(**request.param))
    return trainer, trainer.dataset.train.X[:7], trainer.dataset.train.Y[:7]


def plain(model, X, Y):
    """The notes' own code on leaves of its own, with every intermediate kept."""
    p = {name: tensor.clone().requires_grad_() for name, tensor in model.parameters.items()}
    v = {"embedded": p["C"][X]}
    v["concatenated"] = v["embedded"].view(len(X), -1)
    v["preactivation"] = v["concatenated"] @ p["W1"] + p["b1"]
    v["hidden"] = torch.tanh(v["preactivation"])
    v["logits"] = v["hidden"] @ p["W2"] + p["b2"]
    if "W" in p:
        v["logits"] = v["logits"] + v["concatenated"] @ p["W"]
    v["logprobs"] = F.log_softmax(v["logits"], 1)
    v["loss"] = F.nll_loss(v["logprobs"], Y)
    for tensor in v.values():
        tensor.retain_grad()
    v["loss"].backward()
    return {**p, **v}


def close(ours, theirs):
    return torch.allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_trace_is_what_autograd_sees(case):
    trainer, X, Y = case
    found, expected = trace(trainer.model, X, Y), plain(trainer.model, X, Y)
    assert set(found.nodes) == {"X", "Y", *expected}
    assert set(found.backward) == set(expected)
    for name, tensor in expected.items():
        node = found.nodes[name]
        assert close(node.value, tensor), name
        assert close(node.gradient, tensor.grad), name
        assert node.gradient.shape == node.value.shape
        assert node.gradient_formula
        assert node.gradient_code
        assert node.meaning
    assert found.nodes["X"].gradient is None


def test_a_trace_is_in_order(case):
    trainer, X, Y = case
    found = trace(trainer.model, X[:1], Y[:1])
    seen = set()
    for node in found.nodes.values():
        assert seen.issuperset(node.parents)
        seen.add(node.name)
    children = {name: [n.name for n in found.nodes.values() if name in n.parents] for name in found.backward}
    for steps, name in enumerate(found.backward):
        assert set(children[name]) <= set(found.reached(steps))
    assert found.reached(0) == ()
    assert found.reached(99) == found.backward


def test_by_hand_beside_autograd(case):
    trainer, X, Y = case
    expected = plain(trainer.model, X, Y)
    for check in check_gradients(trainer.model, X, Y):
        assert close(check.autograd, expected[check.name].grad)
        assert check.difference == (check.hand - check.autograd).abs().max().item()
        assert check.difference <= 1e-4 * max(1.0, check.largest)


def test_a_nudge_measures_the_gradient(case):
    trainer, X, Y = case
    expected = plain(trainer.model.at(trainer.model.theta.double()), X, Y)
    for name, tensor in trainer.model.parameters.items():
        entry = tuple(size // 2 for size in tensor.shape)
        found = finite_difference(trainer.model, X, Y, name, entry)
        assert found.by_hand == pytest.approx(expected[name].grad[entry].item(), rel=1e-9, abs=1e-12)
        assert found.measured == pytest.approx(found.by_hand, rel=1e-3, abs=1e-6)
        assert found.value == tensor[entry].item()


def test_a_nudge_of_nothing_is_refused():
    trainer = mlp.Trainer(mlp.Settings())
    X, Y = trainer.dataset.train.X[:2], trainer.dataset.train.Y[:2]
    with pytest.raises(ValueError, match="no parameter “W”"):
        finite_difference(trainer.model, X, Y, "W", (0, 0))
    with pytest.raises(ValueError, match="no entry"):
        finite_difference(trainer.model, X, Y, "C", (34, 0))
    with pytest.raises(ValueError, match="no entry"):
        finite_difference(trainer.model, X, Y, "b1", (0, 0))


def test_without_zeroing_gradients_add_up(case):
    trainer, X, Y = case
    expected = plain(trainer.model, X, Y)
    for count, seen in enumerate(without_zeroing(trainer.model, X, Y, 3), start=1):
        for name, gradient in seen.items():
            assert close(gradient, count * expected[name].grad)


def test_a_plain_update_is_the_notes_own(case):
    trainer, X, Y = case
    before = trainer.model.theta.clone()
    expected = plain(trainer.model, X, Y)
    found = plain_update(trainer.model, X, Y, 0.1)
    for name in trainer.model.parameters:
        assert close(found.after[name], found.before[name] - 0.1 * expected[name].grad)
    assert found.loss_before == pytest.approx(expected["loss"].item(), rel=1e-5)
    assert torch.equal(trainer.model.theta, before)
    moved = trainer.model.at(torch.cat([tensor.flatten() for tensor in found.after.values()]))
    assert found.loss_after == pytest.approx(F.cross_entropy(moved.forward(X).logits, Y).item(), rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 32, 3000, None])
@pytest.mark.parametrize("weight_decay", [0.0, 0.01])
def test_the_arrows_are_where_the_next_step_really_goes(batch_size, weight_decay):
    trainer = mlp.Trainer(mlp.Settings(batch_size=batch_size, weight_decay=weight_decay, train_examples=5000))
    for _ in range(4):  # 3,000 of 5,000: the pass ends with a short batch
        X, Y = next_batch(trainer.settings, trainer.dataset.train, trainer.epoch_done)
        found = embedding_movement(trainer.model, trainer.settings, X, Y)
        before = trainer.model.C.clone()
        trainer.step()
        assert found.exact
        assert torch.allclose(trainer.model.C - before, found.move, rtol=1e-3, atol=2e-5)


def test_the_next_batch_is_known_deep_in_a_run():
    trainer = mlp.Trainer(mlp.Settings(batch_size=100))
    trainer.step(1234)
    X, Y = next_batch(trainer.settings, trainer.dataset.train, trainer.epoch_done)
    expected = trainer.model.loss(X, Y)
    assert trainer.step() == pytest.approx(expected, rel=1e-5)


def test_only_plain_sgd_is_exact():
    trainer = mlp.Trainer(mlp.Settings(optimizer="adam"))
    X, Y = next_batch(trainer.settings, trainer.dataset.train, 0.0)
    found = embedding_movement(trainer.model, trainer.settings, X[:1], Y[:1])
    assert not found.exact
    assert found.moving <= 3
