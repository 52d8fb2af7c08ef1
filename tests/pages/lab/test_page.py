"""The fitting lab as AppTest sees it (no JavaScript): its controls, its sentences, and what the socket may ask."""

import math
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mlp.analysis.presets import MAP, PRESETS, REMEDIES
from mlp.settings import SPECS, Settings
from mlp.sweep.fit_map import FitMap
from mlp.training.curves import CHANCE
from mlp.words import load_words
from pages.ui.lab import jobs as jobs
from pages.ui.lab import views as views
from pages.ui.lab.bench import Lab, lab_of
from pages.ui.lab.form import OWN
from pages.ui.live.classroom import Classroom
from pages.ui.live.session import Application, Session
from tests.paths import FRAME
from tests.waiting import eventually


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=60).run()
    return app.switch_page("lab.py").run()


@pytest.fixture
def lab() -> Lab:
    """A lab with a map of six networks that has been trained to the end."""
    session = Session(Application(), Settings(), [])
    made = Lab(session)
    made.session = session  # type: ignore[attr-defined]  # sessions are only weakly known elsewhere
    fits = FitMap(Settings(train_examples=64), x=("hidden", (2, 5, 9)), y=("learning_rate", (0.01, 0.1)))
    made.train_map(fits, 60)
    eventually(lambda: made.map is not None and not made.map.playing)
    return made


def test_trains_a_map_of_what_was_typed(app: AppTest) -> None:
    app.text_input(key="lab_x_hidden").set_value("4, 1, 8")
    app.text_input(key="lab_y_train_examples").set_value("all")
    app.number_input(key="lab_steps").set_value(20)
    app.run()
    next(button for button in app.button if button.label == "Train the map").click().run()
    assert not app.exception
    fits = lab_of(app.session_state.live).map.fits
    assert (fits.x, fits.y) == (("hidden", (1, 4, 8)), ("train_examples", (None,)))
    eventually(lambda: lab_of(app.session_state.live).map.done)


def test_a_map_is_there_without_being_asked_for_once(app: AppTest) -> None:
    first = lab_of(app.session_state.live).map
    assert (first.fits.x, first.fits.y, first.goal) == (MAP.x, MAP.y, MAP.steps)
    app.run()
    assert lab_of(app.session_state.live).map is first


def test_a_hidden_setting_is_no_axis() -> None:
    app = AppTest.from_file(FRAME, default_timeout=60).run()
    hidden = frozenset({"hidden", "embedding_dim"})
    app.session_state.live.room = Classroom("teacher", Settings(), load_words("pokemon"), hidden)
    app.switch_page("lab.py").run()
    assert not app.exception
    offered = app.selectbox(key="lab_x").options + app.selectbox(key="lab_y").options
    assert SPECS["train_examples"].label in offered
    assert not {SPECS[name].label for name in hidden} & set(offered)


def test_one_axis_twice_is_refused_with_a_sentence(app: AppTest) -> None:
    app.selectbox(key="lab_y").set_value("hidden").run()
    assert next(button for button in app.button if button.label == "Train the map").disabled
    assert "must be different settings" in app.warning[0].value


def test_a_map_too_large_is_refused_with_a_sentence(app: AppTest) -> None:
    app.selectbox(key="lab_y").set_value("embedding_dim").run()
    app.text_input(key="lab_x_hidden").set_value(", ".join(map(str, range(1, 101)))).run()
    assert "256 networks" in app.warning[0].value
    first = lab_of(app.session_state.live).map
    app.text_input(key="lab_x_hidden").set_value(", ".join(map(str, range(990, 1020)))).run()
    app.segmented_control(key="lab_common").set_value(OWN).run()
    app.session_state.live.run.set("block_size", 12)
    app.run()
    next(button for button in app.button if button.label == "Train the map").click().run()
    assert "million parameters" in app.error[0].value
    assert lab_of(app.session_state.live).map is first


def test_the_cursor_stays_on_the_map(lab: Lab) -> None:
    lab.move({"x": 2})
    lab.move({"y": 0})
    assert (lab.cursor, lab.along) == ((0, 2), "y")
    lab.move({"x": 99, "y": -5})
    assert lab.cursor == (0, 2)
    lab.move({"x": math.inf, "y": 1})
    assert lab.cursor == (1, 2)


@pytest.mark.parametrize("nonsense", [None, 3, {}, [], {"x": "far"}, {"x": None}, {"x": math.nan}, {"y": [1]}])
def test_a_cursor_nowhere_is_refused(lab: Lab, nonsense: object) -> None:
    before = lab.cursor
    with pytest.raises(ValueError, match="cell does not exist"):
        lab.move(nonsense)
    assert lab.cursor == before


def test_the_views_show_the_network_under_the_cursor(lab: Lab) -> None:
    assert lab.map
    lab.move({"x": 1, "y": 1})
    snapshot, fit = lab.run.now(), lab.map.fits.snapshot().fits[1][1]
    row = views.numbers(lab)(snapshot)["rows"][0]
    assert row == ["5", "0.1", *(f"{loss:.4f}" for loss in (fit.train[-1], fit.dev[-1], fit.dev[-1] - fit.train[-1]))]
    curve = views.of_network(lab, views.curve)(snapshot)
    assert curve["data"][2]["y"][-1] == pytest.approx(fit.dev[-1], rel=1e-4)
    assert len(views.of_network(lab, views.names)(snapshot)["words"]) == 8
    assert views.capacities(lab)(snapshot)["layout"]["xaxis.tickvals"] == [0, 1, 2]
    lab.move({"y": 0})
    assert views.capacities(lab)(snapshot)["layout"]["xaxis.ticktext"] == ["0.01", "0.1"]
    assert views.grid_sliders(lab)(snapshot)["share"] == 1


def test_a_view_is_worked_out_again_only_for_another_network(lab: Lab) -> None:
    view, snapshot = views.heat(lab, "gap"), lab.run.now()
    first = view(snapshot)
    assert view(snapshot) is first
    lab.move({"x": 0})
    assert view(snapshot) is not first


def test_an_opened_network_has_the_numbers_of_the_map(lab: Lab) -> None:
    assert lab.map
    lab.move({"x": 2, "y": 1})
    lab.open()
    eventually(lambda: lab.run.now().step == 60)
    eventually(lambda: not math.isnan(lab.run.now().losses[2]))
    fit = lab.map.fits.snapshot().fits[1][2]
    assert lab.run.now().losses[1:] == pytest.approx((fit.train[-1], fit.dev[-1]))
    assert lab.run.now().settings == fit.settings


def test_the_rate_search_leaves_the_network_as_it_is(lab: Lab) -> None:
    before = lab.run.now()
    lab.use_rate()  # nothing found yet: nothing happens
    lab.find_rate()
    eventually(lambda: lab.search is not None and lab.search.done)
    after = lab.run.now()
    assert (after.step, after.settings) == (before.step, before.settings)
    assert (after.model.theta == before.model.theta).all()
    lab.use_rate()
    eventually(lambda: lab.run.now().settings.learning_rate != before.settings.learning_rate)
    assert f"Suggested rate: {lab.run.now().settings.learning_rate:g}, half" in jobs.rate_text(lab)(after)["text"]


def test_another_page_is_not_worked_for() -> None:
    session = Session(Application(), Settings(), [])
    session.activate("one")
    session.show("chart", lambda snapshot: {})
    session.activate("one")
    assert session.views
    session.activate("two")
    assert not session.views


@pytest.mark.parametrize("times", [1, 10])
def test_the_remedies_are_compared_with_a_guess_for_as_many_steps_as_were_chosen(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    short = replace(PRESETS["over_fit"], steps=60)
    monkeypatch.setattr("pages.ui.lab.bench.remedies", lambda words: (short, dict(REMEDIES)))
    app.segmented_control(key="lab_times").set_value(times)
    app.radio(key="lab_guess").set_value("Fewer units")
    next(button for button in app.button if button.label == "Compare the remedies").click().run()
    assert not app.exception
    live = app.session_state.live
    told = live.views["lab-results"]
    eventually(lambda: told(live.run.now())["text"].startswith("Done:"), seconds=60)
    shown = told(live.run.now())
    best = min(float(row[2]) for row in shown["rows"])
    mine = next(float(row[2]) for row in shown["rows"] if row[0] == "Fewer units")
    assert f"step {60 * times} of {60 * times}." in shown["text"]
    said = "right" if mine <= best + CHANCE else "not this one"
    assert shown["text"].endswith(f"You guessed Fewer units: {said}.")
