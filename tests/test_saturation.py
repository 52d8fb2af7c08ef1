"""One threshold says what saturated means, and a fraction is counted as one would by hand."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mlp.lessons.snippets import PAGES
from mlp.plots import saturation as figure
from mlp.plots import tanh
from mlp.saturation import SATURATED, SATURATED_FROM, saturated, saturated_fraction


@given(st.lists(st.floats(-1, 1, width=32), max_size=30))
def test_the_fraction_is_counted(values):
    limit = torch.tensor(SATURATED).item()  # as a float32 holds it
    beyond = [abs(value) > limit for value in torch.tensor(values).tolist()]
    assert saturated(torch.tensor(values)).tolist() == beyond
    assert saturated_fraction(torch.tensor(values)) == pytest.approx(sum(beyond) / max(1, len(values)))


def test_a_pre_activation_beyond_the_limit_saturates():
    assert math.tanh(SATURATED_FROM) == pytest.approx(SATURATED)
    for side in (-1, 1):
        around = side * SATURATED_FROM + torch.tensor([-0.01, 0.01])
        assert saturated(torch.tanh(around)).tolist() == [side < 0, side > 0]


def test_there_is_one_threshold():
    assert figure.SATURATED == tanh.SATURATED == SATURATED
    names = {"h": torch.tensor([[SATURATED - 0.001], [SATURATED + 0.001]])}
    exec(PAGES["saturation"], names)
    assert names["saturated"].tolist() == [[False], [True]]
