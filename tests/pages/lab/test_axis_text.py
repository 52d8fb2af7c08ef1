"""What a person types for an axis becomes values in order, or a sentence that says what is wrong."""

import pytest

import mlp
from mlp.settings import SPECS
from mlp.sweep.grid import AXES, check_axes
from pages.ui.lab.axis_text import SUGGESTED, read_axis


@pytest.mark.parametrize("name", AXES)
def test_every_axis_has_a_suggestion_that_is_legal(name: str) -> None:
    values = read_axis(name, SUGGESTED[name])
    assert len(values) == 8
    other = "hidden" if name != "hidden" else "block_size"
    check_axes((name, values), (other, read_axis(other, SUGGESTED[other])))
    assert len(values) ** 2 <= mlp.Limits().map_networks


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("hidden", "100 2,  5;20\n", (2, 5, 20, 100)),
        ("hidden", "1024", (1024,)),
        ("train_examples", "all, 1000, 64", (64, 1000, None)),
        ("weight_decay", "1e-3, 0", (0, 0.001)),
    ],
)
def test_values_are_read_and_put_in_order(name: str, text: str, values: tuple) -> None:
    assert read_axis(name, text) == values


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("hidden", "", "at least one value"),
        ("hidden", "2, banana", "banana"),
        ("hidden", "2, 99999", "99999 is out of range"),
        ("hidden", "0", "out of range"),
        ("hidden", "2.5", "must be a whole number"),
        ("hidden", "1,024", "Commas separate"),
        ("hidden", "nan", "not a valid value"),
        ("hidden", "inf", "not a valid value"),
        ("hidden", "all", "not a valid value"),
        ("learning_rate", "-1", "out of range"),
        ("block_size", "13", "from 1 to 12"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(name: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        read_axis(name, text)
    assert str(refused.value).endswith(".")
    if text:
        assert SPECS[name].label in str(refused.value) or "Commas" in str(refused.value)
