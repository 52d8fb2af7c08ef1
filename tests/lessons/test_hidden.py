"""Three ways of joining give the same numbers, one of them for free; saturation is counted as one would by hand."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.lessons.hidden import joinings, passages, saturation, slope, storage, uneven
from mlp.saturation import SATURATED
from mlp.training.backprop import gradients
from pages.ui.lessons.hidden_views import DEAD


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 64))
def test_three_ways_of_joining_are_equal_and_the_view_is_free(B, T, d):
    embedded = torch.randn(B, T, d)
    slices, unbind, view = joinings(embedded)
    expected = torch.stack([torch.cat(list(row)) for row in embedded])
    for joined in (slices, unbind, view):
        assert torch.equal(joined.value, expected)
        assert eval(joined.code, {"torch": torch, "emb": embedded}).shape == (B, T * d)
        assert joined.stride == joined.value.stride()
    assert view.shares
    assert view.value.data_ptr() == embedded.data_ptr()
    assert storage(view.value).numbers == B * T * d
    assert storage(view.value).pointer == storage(embedded).pointer
    assert not unbind.shares or T == 1
    assert not slices.shares or T == 1


def test_saturation_by_hand():
    hidden = torch.tensor([[0.98, -0.99, 0.98, 0.1], [0.99, -1.0, -0.98, 0.98]])
    found = saturation(hidden)
    assert found.mask.tolist() == [[abs(value) > SATURATED for value in row] for row in hidden.tolist()]
    assert found.fraction == pytest.approx(7 / 8)
    assert found.dead == (0, 1, 2)
    assert found.always_on == (0,)
    assert found.always_off == (1,)


def test_the_slope_is_autograds():
    x = torch.linspace(-5, 5, 101, requires_grad=True)
    h = torch.tanh(x)
    h.sum().backward()
    assert torch.allclose(slope(h), x.grad, atol=1e-6)


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 64))
def test_rows_that_do_not_come_out_even_are_refused(B, T, d):
    embedded = torch.zeros(B, T, d)
    found = uneven(embedded)
    with pytest.raises(RuntimeError) as caught:
        eval(found.code, {"emb": embedded})
    assert (found.error, found.message) == ("RuntimeError", str(caught.value))


@pytest.mark.parametrize("settings", [{}, {"direct": True, "block_size": 8, "embedding_dim": 5}])
def test_what_gets_through_is_autograds(settings):
    trainer = mlp.Trainer(mlp.Settings(**settings))
    batch = trainer.dataset.train.first(32)
    model, forward = trainer.model, trainer.model.forward(batch.X)
    a = forward.preactivation.clone().requires_grad_()
    h = torch.tanh(a)
    h.retain_grad()
    direct = 0 if model.W is None else forward.concatenated @ model.W
    F.cross_entropy(h @ model.W2 + model.b2 + direct, batch.Y).backward()
    assert torch.allclose(gradients(model, forward, batch.X, batch.Y)["hidden"], h.grad, atol=1e-6)
    found = passages(forward.hidden, h.grad)
    mask = forward.hidden.abs() > SATURATED
    for passage, chosen in zip(found, (mask, ~mask), strict=True):
        assert passage.values == int(chosen.sum())
        assert passage.arriving == pytest.approx(h.grad[chosen].abs().mean().item(), rel=1e-4)
        assert passage.passed == pytest.approx(a.grad[chosen].abs().mean().item(), rel=1e-4)
        assert passage.fraction == pytest.approx(
            (a.grad[chosen].abs().sum() / h.grad[chosen].abs().sum()).item(), rel=1e-4
        )
    assert found[0].fraction < 1 - SATURATED**2 < found[1].fraction


@pytest.mark.parametrize("seed", [1337, 1, 2, 3, 42])
def test_what_the_page_suggests_shows_dead_units_at_any_seed(seed):
    trainer = mlp.Trainer(mlp.Settings(block_size=DEAD["block_size"], seed=seed))
    trainer.step(DEAD["steps"])
    hidden = trainer.model.forward(trainer.dataset.train.X[:32]).hidden
    assert (hidden.abs() > SATURATED).all(0).any()


@pytest.mark.parametrize("seed", [1337, 5])
def test_scaled_weights_keep_pre_activations_from_growing_with_the_inputs(seed):
    sizes = {
        init: [_mean_size(init, seed, T, d) for T, d in ((1, 2), (8, 4), (12, 64))] for init in ("normal", "scaled")
    }
    assert all(0.5 < size < 2 for size in sizes["scaled"])
    small, large, largest = sizes["normal"]
    assert largest > 2 * large > 4 * small


def _mean_size(init, seed, block_size, dim):
    trainer = mlp.Trainer(mlp.Settings(init=init, seed=seed, block_size=block_size, embedding_dim=dim))
    return trainer.model.forward(trainer.dataset.train.X).preactivation.abs().mean().item()
