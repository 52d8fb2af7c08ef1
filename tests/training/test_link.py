"""A link with its one parameter is the run; one that was spoilt says so and still has its settings."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import settings as example_settings

import mlp
from mlp.settings import from_link, to_link
from mlp.training import link
from tests.training.test_recipe import deeds, do, equal
from tests.training.test_trainer import SMALL


def edited() -> mlp.Trainer:
    trainer = mlp.Trainer(SMALL)
    for rate in (0.05, 0.02, 0.01):
        trainer.step(40)
        trainer.change(learning_rate=rate)
    trainer.step(13)
    return trainer


def opened(parameters: dict[str, str]) -> mlp.Recipe:
    """What a link's query parameters stand for."""
    settings, notes = from_link(parameters)
    assert not notes
    return link.from_parameter(parameters["run"], settings)


def parameters_of(trainer: mlp.Trainer) -> dict[str, str]:
    return {**to_link(trainer.settings), "run": parameter_of(trainer)}


def parameter_of(trainer: mlp.Trainer) -> str:
    return link.to_parameter(trainer.recipe(), trainer.settings)


@given(deeds)
@example_settings(max_examples=40, deadline=None)
def test_the_link_of_a_run_is_the_run_whatever_was_done_to_it(tmp_path_factory, done):
    trainer = mlp.Trainer(mlp.Settings(hidden=6, train_examples=40, batch_size=7))
    for deed, value in [*done, ("step", 3)]:
        trainer = do(trainer, deed, value, tmp_path_factory.getbasetemp())
    if trainer.recipe().step == 0:  # as where it diverges at once
        assert parameter_of(trainer) == ""
        return
    recipe = opened(parameters_of(trainer))
    assert recipe == trainer.recipe().model_copy(update={"goings_back": ()})


def test_the_settings_of_now_stay_readable_and_the_rest_is_short():
    trainer = edited()
    parameters = parameters_of(trainer)
    assert parameters["learning_rate"] == "0.01"
    assert len(parameters["run"]) < 200
    assert set(parameters["run"]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    again = mlp.replay(opened(parameters))
    assert equal(again, trainer)


def test_an_untrained_network_needs_no_parameter():
    assert parameter_of(mlp.Trainer(SMALL)) == ""


def test_whatever_is_spoilt_is_noticed():
    parameters = parameters_of(edited())
    text = parameters["run"]
    settings = from_link(parameters)[0]
    for i in range(2, len(text) - 1):  # the last one has bits that mean nothing
        other = "A" if text[i] != "A" else "B"
        for spoilt in (text[:i] + other + text[i + 1 :], text[:i], text[:i] + text[i + 1 :]):
            with pytest.raises(ValueError, match="does not fit its settings"):
                link.from_parameter(spoilt, settings)
    with pytest.raises(ValueError, match="does not fit its settings"):
        link.from_parameter(text, settings.with_changes(hidden=9))


@pytest.mark.parametrize("text", ["", ".", "1.", "1.x", "nonsense", "1.é", "1." + "A" * 50, "1.====", "\0", "-1.AAAA"])
def test_nonsense_is_told_in_one_sentence(text):
    with pytest.raises(ValueError, match=r"only the settings were opened\.$"):
        link.from_parameter(text, SMALL)


def test_another_version_and_too_long_a_link_say_so():
    with pytest.raises(ValueError, match="another version"):
        link.from_parameter("2.AAAA", SMALL)
    with pytest.raises(ValueError, match="too long"):
        link.from_parameter("1." + "A" * 7000, SMALL)


def forged(told: bytes, settings: mlp.Settings) -> str:
    """A parameter whose check fits, as only a hand that knows this code can make."""
    packed = zlib.compress(told)
    return "1." + base64.urlsafe_b64encode(link._check(packed, settings) + packed).decode().rstrip("=")


@pytest.mark.parametrize(
    "told",
    [
        b"[]", b"{}", b"null", b"nonsense", b"\xff", b'{"step":1}',
        b'{"step":-1,"words":"%s","before":[]}', b'{"step":1e400,"words":"%s","before":[]}',
        b'{"step":9,"words":"%s","before":[[3,{"hidden":7}]]}', b'{"step":9,"words":"%s","before":[[3,{"x":1}]]}',
        b'{"step":9,"words":"%s","before":[[30,{"learning_rate":7}]]}', b'{"step":9,"words":"%s","before":7}',
        b'{"step":9,"words":"%s","before":[[3,{"learning_rate":-7}]]}', b'{"step":9,"words":"%s","before":[[3]]}',
        b" " * 3_000_000,
    ],
)  # fmt: skip
def test_a_forged_link_does_no_harm(told):
    words = mlp.load_words("pokemon").id[:12].encode()
    with pytest.raises(ValueError, match=r"only the settings were opened\.$"):
        link.from_parameter(forged(told.replace(b"%s", words), SMALL), SMALL)


def test_another_word_list_of_the_same_name_is_noticed():
    text = forged(b'{"step":9,"words":"0123456789ab","before":[]}', SMALL)
    with pytest.raises(ValueError, match="another word list"):
        link.from_parameter(text, SMALL)


def test_what_no_link_can_hold_is_told():
    with pytest.raises(ValueError, match="words of your own"):
        parameter_of(mlp.Trainer(SMALL, ["ada", "bo", "cleo"]))
    trainer = mlp.Trainer(SMALL)
    for i in range(2500):
        trainer.step()
        trainer.change(learning_rate=0.01 + 0.0123456789 * ((i * 7919) % 97))
    with pytest.raises(ValueError, match="2,500 changes, too many"):
        parameter_of(trainer)
