"""The table of settings: bounds hold everywhere, and a link brings back exactly the settings it was made from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlp.settings import SPECS, Settings, explain, from_link, nearest, parse, show, to_link


def legal(spec):
    """Every legal value of a setting."""
    if spec.choices is not None:
        return st.sampled_from(list(spec.choices))
    numbers = st.integers(int(spec.low), int(spec.high)) if spec.whole else st.floats(spec.low, spec.high)
    return st.none() | numbers if spec.none else numbers


every_setting = (
    st.fixed_dictionaries({name: legal(spec) for name, spec in SPECS.items()})
    .map(lambda values: {**values, "dev_share": min(values["dev_share"], 1 - values["train_share"])})
    .map(lambda values: Settings(**values))
)


@given(every_setting)
def test_a_link_brings_back_the_same_settings(settings):
    assert from_link(to_link(settings)) == (settings, [])


def test_defaults_make_an_empty_link():
    assert to_link(Settings()) == {}
    assert from_link({}) == (Settings(), [])


@given(
    st.dictionaries(st.sampled_from([*SPECS, "page", "x"]), st.text() | st.floats().map(str) | st.integers().map(str))
)
def test_any_link_opens_with_legal_settings(parameters):
    settings, notes = from_link(parameters)
    assert settings == Settings(**settings.model_dump())
    assert all(isinstance(note, str) and note.endswith(".") for note in notes)


@pytest.mark.parametrize(
    ("parameters", "value", "words"),
    [
        ({"hidden": "5000"}, {"hidden": 1024}, "out of range; using 1024"),
        ({"hidden": "-3"}, {"hidden": 1}, "out of range; using 1"),
        ({"hidden": "1e300"}, {"hidden": 1024}, "out of range"),
        ({"hidden": "many"}, {"hidden": 100}, "was not understood; using 100"),
        ({"block_size": "2,5"}, {}, "was not understood; using 3"),
        ({"hidden": "1,00"}, {}, "was not understood; using 100"),
        ({"train_examples": "1,0000"}, {}, "was not understood; using all"),
        ({"learning_rate": "0,0,5"}, {}, "was not understood; using 0.1"),
        ({"hidden": "nan"}, {"hidden": 100}, "was not understood"),
        ({"hidden": "7.6"}, {"hidden": 8}, "using 8"),
        ({"learning_rate": "inf"}, {"learning_rate": 0.1}, "was not understood"),
        ({"learning_rate": "0"}, {"learning_rate": 1e-4}, "using 0.0001"),
        ({"optimizer": "lion"}, {"optimizer": "sgd"}, "was not understood; using sgd"),
        ({"direct": "perhaps"}, {"direct": False}, "was not understood; using false"),
        ({"train_share": "0.9", "dev_share": "0.9"}, {"train_share": 0.8, "dev_share": 0.1}, "more than 1"),
    ],
)
def test_a_link_that_cannot_be_taken_as_it_is_says_what_was_changed(parameters, value, words):
    settings, notes = from_link(parameters)
    assert settings == Settings(**value)
    assert len(notes) == 1
    assert words in notes[0]


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ({"batch_size": "full"}, {"batch_size": None}),
        ({"train_examples": "all"}, {}),
        ({"train_examples": "1,024"}, {"train_examples": 1024}),
        ({"train_examples": "1.024"}, {"train_examples": 1024}),
        ({"train_examples": "10 000"}, {"train_examples": 10000}),
        ({"train_examples": "1’000’000"}, {"train_examples": 1_000_000}),
        ({"hidden": "50.0"}, {"hidden": 50}),
        ({"learning_rate": "0,05"}, {"learning_rate": 0.05}),
        ({"learning_rate": "0,050"}, {"learning_rate": 0.05}),
        ({"learning_rate": "1e-3"}, {"learning_rate": 0.001}),
        ({"optimizer": " ADAM "}, {"optimizer": "adam"}),
        ({"direct": "true"}, {"direct": True}),
        ({"hidden": "1e2"}, {}),
        ({"utm_source": "mail"}, {}),
    ],
)
def test_a_link_is_read_as_it_is_meant(parameters, value):
    assert from_link(parameters) == (Settings(**value), [])


@pytest.mark.parametrize("name", [name for name, spec in SPECS.items() if spec.choices is None])
def test_bounds_hold(name):
    spec = SPECS[name]
    room = {"train_share": 0.1, "dev_share": 0.0}  # so that the shares still add up to one
    for edge in (spec.low, spec.high):
        assert getattr(Settings(**{**room, name: edge}), name) == edge
        assert nearest(name, show(name, edge)) == (edge, "")
    for beyond in (spec.low - 1, spec.high + 1, float("nan"), float("inf"), "much"):
        with pytest.raises(ValueError, match=name) as caught:
            Settings(**{**room, name: beyond})
        assert isinstance(caught.value, ValidationError)
        assert explain(caught.value) == spec.sentence()


@pytest.mark.parametrize("name", list(SPECS))
def test_every_setting_is_described(name):
    spec = SPECS[name]
    assert spec.label
    assert spec.help.endswith(".")
    assert spec.sentence().startswith(spec.label)
    assert parse(name, show(name, spec.default)) == spec.default


def test_sentences_name_the_bounds():
    assert SPECS["hidden"].sentence() == "Hidden units must be a whole number from 1 to 1,024."
    assert SPECS["batch_size"].sentence() == "Batch size must be a whole number from 1 to 4,096, or “full”."


def test_live_settings_are_those_that_keep_the_network_and_its_examples():
    live = {name for name, spec in SPECS.items() if spec.live}
    assert live == {"batch_size", "learning_rate", "optimizer", "weight_decay"}


def test_settings_are_immutable_and_know_their_names():
    with pytest.raises(ValidationError):
        Settings().hidden = 3
    with pytest.raises(ValueError, match="hiden"):
        Settings(hiden=3)


def test_shares_beyond_the_whole_are_refused():
    with pytest.raises(ValidationError) as caught:
        Settings(train_share=0.8, dev_share=0.3)
    assert explain(caught.value) == "The train and dev fractions may add up to at most 1."


def test_but_checks_again_and_differences_follow_the_table():
    changed = Settings().with_changes(seed=1, hidden=7)
    assert changed.differences(Settings()) == ["hidden", "seed"]
    with pytest.raises(ValueError, match="hidden"):
        changed.with_changes(hidden=0)
