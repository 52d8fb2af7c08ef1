"""The diagnostics page: its measures over time are those of the run, and its sentences those of its numbers."""

import math
import time

import pytest

from mlp.lessons.inside import Inside
from mlp.settings import Settings
from pages.ui.diagnostics import views, words
from pages.ui.live.session import Application, Session
from tests.pages.opening import opened, patches


@pytest.fixture
def session() -> Session:
    return Session(Application(), Settings(hidden=12, train_examples=128, optimizer="adam", learning_rate=0.01), [])


def test_every_measure_is_of_the_update_that_the_run_made_also_after_a_change(session: Session) -> None:
    session.run.call(lambda trainer: trainer.step(40))
    session.run.set("learning_rate", 0.003)
    session.run.call(lambda trainer: trainer.step(60))
    now = session.run.now()
    trainer = session.run.trainer
    for step in (0, 7, 39, 40, 41, 80):
        measured = views.measure(now, step)
        before, after = trainer.at(step), trainer.at(step + 1)
        for name, tensor in before.parameters.items():
            moved = (after.parameters[name] - tensor).double().norm() / tensor.double().norm()
            assert measured.ratios[name] == pytest.approx(math.log10(moved.item()), abs=1e-6)


def inside(ratio: float, **more: float) -> Inside:
    return Inside({}, 0.1, 0.0, {}, {"C": ratio, "W1": ratio, "b1": ratio, **more})


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(-1.0, "may be too high"), (-3.2, "a usual pace"), (-5.0, "may be too low"), (-math.inf, "No tensor moves")],
)
def test_the_pace_is_said_of_the_ratios(ratio: float, said: str) -> None:
    assert said in words.updates(inside(ratio), Settings())


def test_who_reaches_furthest_is_named_and_what_has_no_ratio_is_left_out() -> None:
    text = words.updates(inside(-3.0, W2=-1.5, b2=math.nan), Settings())
    assert "from −3.0 (C) to −1.5 (W2)" in text


def test_sentences_on_gradients_and_activations_follow_the_numbers() -> None:
    assert "W1 has the largest gradient, 4.0 times" in words.gradients({"C": 0.5, "W1": 2.0})
    assert "overflowed" in words.gradients({"C": math.nan, "W1": 2.0})
    assert "The gradient of C is 0" in words.gradients({"C": 0.0, "W1": 2.0})
    assert "All gradients are 0" in words.gradients({"C": 0.0})
    assert "next to none" in words.activations(0.001, 0, 100, Settings())
    assert "scaled" in words.activations(0.7, 3, 100, Settings())
    assert "scaled" not in words.activations(0.7, 3, 100, Settings(init="scaled"))
    assert "1 of 100 units is" in words.activations(0.1, 1, 100, Settings())
    assert "overflowed" in words.activations(math.nan, 0, 100, Settings())


@pytest.mark.parametrize(
    "link",
    [
        {},
        {"block_size": "12", "embedding_dim": "64", "hidden": "1024", "direct": "true", "batch_size": "full"},
        {"block_size": "1", "embedding_dim": "1", "hidden": "1", "init": "scaled", "train_examples": "1"},
    ],
)
def test_every_view_holds_before_and_after_training(link: dict[str, str]) -> None:
    app = opened("diagnostics", **link)
    assert not app.exception
    live = app.session_state.live
    for steps in (0, 3):
        live.run.call(lambda trainer, steps=steps: trainer.step(steps))
        now = live.run.now()
        end = time.monotonic() + 30
        while not live.views["inside-ratios"](now)["data"][0]["x"]:
            assert time.monotonic() < end
            time.sleep(0.02)
        for key, patch in patches(app).items():
            assert patch, key
            assert "not worked out" not in patch.get("label", "").lower(), key
