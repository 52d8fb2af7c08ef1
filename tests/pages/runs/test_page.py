"""The page of saved runs: everything it offers is done, each with a sentence, and nobody sees another's runs."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.runs import shelf
from tests.pages.opening import opened, press


@pytest.fixture
def app() -> AppTest:
    made = opened("runs")
    made.session_state.live.run.call(lambda trainer: trainer.step(30))
    return made


def runs(app: AppTest) -> list[str]:
    live = app.session_state.live
    return [run.name for run in live.app.store.list(live.owner, "saved")]


def test_a_run_is_saved_opened_named_copied_deleted_and_brought_back(app: AppTest) -> None:
    assert "No run is saved yet" in app.info[0].value
    app.text_input(key="runs_name").set_value("first try").run()
    press(app, "Save this run")
    assert "Saved as “first try”" in app.success[0].value
    live = app.session_state.live
    theta = live.run.now().model.theta.tolist()
    live.run.call(lambda trainer: trainer.step(30))
    press(app, "Open this run")
    assert (live.run.now().step, live.run.now().model.theta.tolist()) == (30, theta)
    (run,) = live.app.store.list(live.owner, "saved")
    app.text_input(key=f"runs_name_{run.id}").set_value("better name").run()
    press(app, "Rename")
    app.text_input(key=f"runs_tags_{run.id}").set_value("demo, monday").run()
    app.text_area(key=f"runs_note_{run.id}").set_value("<b>bold</b> **x**").run()
    press(app, "Save note and tags")
    (run,) = live.app.store.list(live.owner, "saved")
    assert (run.name, run.tags, run.note) == ("better name", ("demo", "monday"), "<b>bold</b> **x**")
    press(app, "Copy")
    assert sorted(runs(app)) == ["Copy of better name", "better name"]
    press(app, "Delete")
    assert len(runs(app)) == 1
    press(app, "Undo the deletion")
    assert sorted(runs(app)) == ["Copy of better name", "better name"]


def test_a_name_is_made_of_what_is_not_as_usual(app: AppTest) -> None:
    live = app.session_state.live
    live.run.set("hidden", 20)
    live.run.call(lambda trainer: trainer.step(5))
    live.run.now()
    press(app, "Save this run")
    assert runs(app) == ["hidden units 20, step 5"]
    (run,) = live.app.store.list(live.owner, "saved")
    trainer = live.run.trainer
    assert (run.train, run.dev) == (trainer.evaluate("train"), trainer.evaluate("dev"))


def test_a_click_that_comes_before_the_script_has_run_is_for_what_was_chosen_and_typed(app: AppTest) -> None:
    for name in ("one", "two"):
        app.text_input(key="runs_name").set_value(name)
        press(app, "Save this run")
    live = app.session_state.live
    ids = {run.name: run.id for run in live.app.store.list(live.owner, "saved")}
    assert set(ids) == {"one", "two"}
    for name in ("two", "one"):  # “one” is chosen so far
        assert app.selectbox(key="runs_chosen").value == ids["one"]
        app.selectbox(key="runs_chosen").select(ids[name])
        press(app, "Delete")
        assert name not in runs(app)


def test_a_renamed_run_stays_the_chosen_one(app: AppTest) -> None:
    for name in ("one", "two"):
        app.text_input(key="runs_name").set_value(name)
        press(app, "Save this run")
    live = app.session_state.live
    for name in ("three", "four"):
        chosen = app.selectbox(key="runs_chosen").value
        app.text_input(key=f"runs_name_{chosen}").set_value(name)
        press(app, "Rename")
        assert app.selectbox(key="runs_chosen").value == chosen
        assert live.app.store.list(live.owner, "saved")[1].name == name


def test_nobody_sees_anothers_runs(app: AppTest) -> None:
    press(app, "Save this run")
    other = opened("runs")
    assert "No run is saved yet" in other.info[0].value
    assert len(runs(app)) == 1


def test_the_table_shows_settings_only_where_two_runs_differ(app: AppTest) -> None:
    press(app, "Save this run")
    live = app.session_state.live
    live.run.set("learning_rate", 0.01)
    live.run.now()
    press(app, "Save this run")
    columns = shelf.table(live.app.store.list(live.owner, "saved"))
    assert columns["Learning rate"] == ["0.01", "0.1"]
    assert "Hidden units" not in columns


def test_what_the_store_cannot_do_gets_a_sentence(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    press(app, "Save this run")
    live = app.session_state.live
    (run,) = live.app.store.list(live.owner, "saved")
    live.app.store.delete(run.id)  # as from another tab, while this one still shows it
    press(app, "Open this run")
    assert "not there (any more)" in app.warning[0].value.replace("\\", "")
    monkeypatch.setattr(type(live.app), "store", None)
    monkeypatch.setattr(type(live.app), "store_fault", "Runs are not saved on this server.")
    app.run()
    assert not app.exception
    assert "not saved on this server" in app.info[0].value
