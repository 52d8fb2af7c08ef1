"""Three ways of joining give the same numbers, one of them for free; saturation is counted as one would by hand."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mlp.lessons.hidden import SATURATED, joinings, saturation, slope, storage


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
    assert found.share == pytest.approx(7 / 8)
    assert found.dead == (0, 1, 2)
    assert found.always_on == (0,)
    assert found.always_off == (1,)


def test_the_slope_is_autograds():
    x = torch.linspace(-5, 5, 101, requires_grad=True)
    h = torch.tanh(x)
    h.sum().backward()
    assert torch.allclose(slope(h), x.grad, atol=1e-6)
