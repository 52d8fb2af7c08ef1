"""What a run is taken home as equals the run, and a file of a run is read back whole, or refused in a sentence."""

import json

import pytest
from streamlit.testing.v1 import AppTest

import mlp
from pages.ui.runs.take_home import THINGS, _made
from pages.ui.shared import run_file
from tests.pages.opening import opened

OWN = ["anna", "bea", "cleo", "dora", "emil", "fritz"]


@pytest.fixture
def app() -> AppTest:
    made = opened("take_home", hidden="20")
    assert not made.exception
    live = made.session_state.live
    live.run.learn_from(mlp.read_words("\n".join(OWN), "six"), "")
    live.run.pause()
    live.run.now()
    live.run.call(lambda trainer: trainer.step(50))
    return made


def test_everything_can_be_made_and_changes_nothing(app: AppTest) -> None:
    live = app.session_state.live
    before = live.run.now()
    for thing in THINGS:
        assert _made(live, thing)
    after = live.run.now()
    assert (after.step, after.model.theta.tolist()) == (before.step, before.model.theta.tolist())


def test_the_whole_run_is_read_back_with_its_words_and_its_past(app: AppTest) -> None:
    live = app.session_state.live
    before, whole = live.run.now(), next(thing for thing in THINGS if thing.make is None)
    data = _made(live, whole)
    other = opened().session_state.live
    assert isinstance(data, bytes)
    assert run_file._fault(other, data) == ""
    now = other.run.now()
    assert (now.step, now.recipe.words.own, now.settings) == (before.step, tuple(OWN), before.settings)
    assert now.model.theta.tolist() == before.model.theta.tolist()
    assert sorted(now.thetas) == sorted(before.thetas)


def test_a_run_of_a_notebook_on_own_words_is_called_that(tmp_path) -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=5), OWN)
    trainer.step(3)
    trainer.save(tmp_path / "run.mlp")
    live = opened().session_state.live
    assert run_file._fault(live, (tmp_path / "run.mlp").read_bytes()) == ""
    now = live.run.now()
    assert (now.settings.word_list, now.step) == ("own", 3)
    live.run.step()
    trainer.step()
    assert live.run.now().model.theta.tolist() == trainer.model.theta.tolist()


def test_what_is_no_run_is_refused_and_changes_nothing(app: AppTest) -> None:
    live = app.session_state.live
    network = live.run.now().network
    recipe = json.loads(live.run.now().recipe.model_dump_json())
    long = {**recipe, "words": {"name": "x", "id": "x", "own": ["a" * 65, "b", "c"]}}
    many = {**recipe, "words": {"name": "x", "id": "x", "own": [f"w{n}" for n in range(200_001)]}}
    for data in (b"", b"{", b"\x00" * 100, json.dumps({**recipe, "step": -1}).encode(), json.dumps(long).encode(),
                 json.dumps(many).encode(), b"{" + b" " * (6 * 2**20)):  # fmt: skip
        fault = run_file._fault(live, data)
        assert fault.endswith("The current run is as it was.")
        assert "\n" not in fault
    assert live.run.now().network == network


@pytest.mark.parametrize(
    ("words", "message"),
    [(["a", "a", "b"], "twice"), (["a\u202eb", "c", "d"], "clean word"), (["a b ", "c", "d"], "clean word"),
     (["e\u0301", "c", "d"], "clean word"), (["", "c", "d"], "clean word"), (["x.y", "c", "d"], "clean word")],
)  # fmt: skip
def test_the_words_of_a_file_follow_the_rules_of_the_page(app: AppTest, words: list[str], message: str) -> None:
    live = app.session_state.live
    recipe = json.loads(live.run.now().recipe.model_dump_json())
    told = {"name": "x", "own": words, "id": mlp.WordList(words).id}
    fault = run_file._fault(live, json.dumps({**recipe, "words": told}).encode())
    assert message in fault


def test_a_run_that_would_take_for_ever_is_not_begun(app: AppTest) -> None:
    live = app.session_state.live
    recipe = json.loads(live.run.now().recipe.model_dump_json())
    fault = run_file._fault(live, json.dumps({**recipe, "step": 10**12}).encode())
    assert "too many to train again" in fault
    assert live.run.now().step == 50


def test_a_recipe_of_a_notebook_on_own_words_is_trained_again() -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=5), OWN)
    trainer.step(3)
    trainer.change(learning_rate=0.05)
    trainer.step(3)
    live = opened().session_state.live
    assert run_file._fault(live, trainer.recipe().model_dump_json().encode()) == ""
    eventually = [live.run.now().step for _ in range(200) if live.run.now().step < 6]
    assert len(eventually) < 200
    now = live.run.now()
    assert (now.settings.word_list, now.settings.learning_rate) == ("own", 0.05)
    assert now.model.theta.tolist() == trainer.model.theta.tolist()
