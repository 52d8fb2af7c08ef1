"""A step in parts gives the numbers of a step in one go, and can be broken off without a trace."""

import pytest
import torch

import mlp
from mlp.training import chunked_step as chunks
from mlp.training.chunked_step import ChunkedStep, Interrupted


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("direct", [False, True])
def test_parts_add_up_to_the_whole(monkeypatch: pytest.MonkeyPatch, optimizer: str, direct: bool) -> None:
    settings = mlp.Settings(
        hidden=12, batch_size=100, train_examples=250, optimizer=optimizer, direct=direct, weight_decay=0.01,
        learning_rate=0.05, init="scaled",
    )  # fmt: skip
    whole = mlp.Trainer(settings)
    losses = [whole.step() for _ in range(20)]
    monkeypatch.setattr(chunks, "MAX_WORK", 30 * whole.model.theta.numel())
    parts = mlp.Trainer(settings)
    assert losses == pytest.approx([parts.step() for _ in range(20)], rel=1e-4)
    assert any(isinstance(step, ChunkedStep) for step in parts.batches._steps.values())
    assert torch.allclose(whole.model.theta, parts.model.theta, atol=1e-4)
    assert parts.evaluate("dev") == pytest.approx(whole.evaluate("dev"), rel=1e-4)


@pytest.mark.parametrize("after", [0, 1, 3, 5, 7])
def test_a_step_that_is_broken_off_leaves_no_trace(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    settings = mlp.Settings(hidden=12, batch_size=100, train_examples=300, optimizer="adam")
    trainer = mlp.Trainer(settings)
    monkeypatch.setattr(chunks, "MAX_WORK", 30 * trainer.model.theta.numel())
    trainer, undisturbed = mlp.Trainer(settings), mlp.Trainer(settings)
    trainer.step(3)
    asked = iter([False] * after + [True] + [False] * 1000)
    trainer.interrupt = lambda: next(asked)
    with pytest.raises(Interrupted):
        trainer.step()
    assert trainer.steps_done == 3
    trainer.step(4)
    undisturbed.step(7)
    assert torch.equal(trainer.model.theta, undisturbed.model.theta)
    assert trainer.timeline.batch_losses == undisturbed.timeline.batch_losses
