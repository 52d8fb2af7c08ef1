"""What one call of a kernel keeps on the way is what as many single updates come to."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

import mlp
from mlp.dataset import make_dataset
from mlp.kernel.compiled_network import CompiledNetwork
from mlp.kernel.torch_network import TorchNetwork
from mlp.training import loop as loop_module
from mlp.training.loop import Loop

SMALL = mlp.Settings(hidden=5, train_examples=40, batch_size=16)
DATASET = make_dataset(SMALL, mlp.load_words(SMALL.word_list))


def new_loop(**changes):
    return Loop(SMALL.with_changes(**changes), DATASET)


@pytest.fixture(params=[CompiledNetwork, TorchNetwork])
def network(request, monkeypatch):
    monkeypatch.setattr(loop_module, "network_of", request.param)


def plain(state):
    """A state as numbers that `==` compares exactly."""
    return [
        part.tolist() if isinstance(part, torch.Tensor) else part for part in (state.theta, *(state.memory or ()))
    ], state[2:]


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("batch_size", [16, 40])
def test_kept_states_are_those_of_single_updates(optimizer, batch_size):
    alone, at_once = (new_loop(optimizer=optimizer, batch_size=batch_size) for _ in range(2))
    states, losses = [], []
    for _ in range(9):
        losses.append(alone.updates(alone.steps_done + 1).last)
        states.append(alone.state())
    made = at_once.updates(9, [1, 2, 5, 9])
    assert [plain(kept.state) for kept in made.kept] == [plain(states[step - 1]) for step in (1, 2, 5, 9)]
    assert (made.first, made.last) == (losses[0], losses[-1])
    assert [kept.next_loss for kept in made.kept[:-1]] == [losses[1], losses[2], losses[5]]
    assert math.isnan(made.kept[-1].next_loss), "the update after the last is not made"


def test_batches_too_large_for_one_call_keep_the_same_states(monkeypatch):
    whole = new_loop(batch_size=40).updates(6, [2, 6])
    monkeypatch.setattr(loop_module, "rows_at_once", lambda parameters: 8)
    in_parts = new_loop(batch_size=40).updates(6, [2, 6])
    for kept, other in zip(whole.kept, in_parts.kept, strict=True):
        torch.testing.assert_close(kept.state.theta, other.state.theta)
        assert kept.state[2:] == other.state[2:]
        assert kept.next_loss == pytest.approx(other.next_loss, nan_ok=True)


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("keep", [[0], [6], [3, 3], [4, 2], [-1]])
def test_steps_that_are_not_on_the_way_are_refused(keep):
    with pytest.raises(ValueError, match="in their order"):
        new_loop().updates(5, keep)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 50))
@example_settings(deadline=None, max_examples=50)
def test_the_next_steps_to_remember_are_those_that_single_questions_find(after, length, most):
    trainer = mlp.Trainer(SMALL)
    remembered = trainer.timeline
    while remembered.due() <= after:
        remembered.steps.append(remembered.due())
    expected, begin = [], list(remembered.steps)
    while remembered.due() <= after + length and len(expected) < most:
        expected.append(remembered.due())
        remembered.steps.append(remembered.due())
    remembered.steps = begin
    assert remembered.dues(after, after + length, most) == expected
