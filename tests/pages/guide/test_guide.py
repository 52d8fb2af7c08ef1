"""A guided lesson drives the app: pages, settings and training, step by step; it waits, asks and can be left."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import mlp
from mlp.analysis.presets import PRESETS
from mlp.guided.action import PAGES
from mlp.guided.lesson import Lesson
from mlp.guided.reading import read_lessons, shipped
from mlp.settings import Settings
from mlp.words import load_words
from pages.ui.classroom import teacher
from pages.ui.guide.guide import Guide
from pages.ui.lab.bench import lab_of
from pages.ui.live.classroom import Classroom
from pages.ui.playground import pins
from pages.ui.shared.plain import plain
from tests.pages.opening import opened
from tests.waiting import eventually

TOUR = b"""
lessons:
  - id: tour
    title: A tour
    minutes: 2
    goal: See it all.
    needs: {settings: {hidden: 7, train_examples: 64}}
    steps:
      - say: Look at the playground.
        do: {action: page, name: playground}
        ask: {question: Which one, choices: [this, that], right: 1, why: Because.}
      - say: Train, keep, and train another.
        do: [{action: run_to, step: 30}, {action: fork, changes: {hidden: 9}}, {action: run_to, step: 20}]
        wait_for: step>=20
      - say: The second example of a word.
        do: [{action: page, name: examples}, {action: pick_word, word: mew, example: 2}]
        wait_for: page:examples
      - say: And the map.
        do: [{action: page, name: lab}, {action: highlight, target: lab-map}]
        wait_for: page:lab
"""


@pytest.fixture
def app() -> AppTest:
    app = opened("lessons")
    guide(app).load(TOUR)
    return app.run()


def guide(app: AppTest) -> Guide:
    return app.session_state.guide


def panel(app: AppTest, page: str) -> dict[str, Any]:
    """What the panel shows of the run as it is."""
    return guide(app).view(page)(app.session_state.live.run.now())


def finish(app: AppTest, page: str) -> None:
    """Run the script again, as the panel asks for it, until the step has done what it does."""

    def done() -> bool:
        shown = panel(app, page)
        if shown["due"]:
            app.run()
        return not shown["due"] and not guide(app)._queue

    eventually(done, seconds=60)


def start(app: AppTest) -> None:
    app.button(key="start_tour").click().run()
    assert not app.exception


def title(app: AppTest) -> str:
    return app.session_state.live.page


def test_a_lesson_begins_with_its_network_on_its_page_and_the_run_before_can_be_had_again(app: AppTest) -> None:
    run = app.session_state.live.run
    run.call(lambda trainer: trainer.step(5))
    start(app)
    assert title(app) == "Playground"
    now = run.now()
    assert now.settings == Settings(hidden=7, train_examples=64)
    assert (now.step, now.playing) == (0, False)
    shown = panel(app, "playground")
    assert (shown["title"], shown["place"], shown["count"], shown["say"]) == ("A tour", 0, 4, "Look at the playground.")
    run.undo()
    assert (run.now().settings, run.now().step) == (Settings(), 5)


def test_it_asks_before_it_tells_and_the_first_answer_stands(app: AppTest) -> None:
    start(app)
    shown = panel(app, "playground")
    assert (shown["question"], shown["choices"]) == ("Which one", ["this", "that"])
    assert (shown["right"], shown["why"]) == (None, "")
    assert "answer" in shown["missing"]
    for nonsense in (None, "1", -1, 2, 0.5, [], {}):
        guide(app).answer(nonsense)
    assert panel(app, "playground")["chosen"] is None
    guide(app).answer(0)
    guide(app).answer(1)
    shown = panel(app, "playground")
    assert (shown["chosen"], shown["right"], shown["why"], shown["missing"]) == (0, 1, "Because.", "")


def test_what_it_does_is_done_in_order_each_after_the_end_of_the_one_before(app: AppTest) -> None:
    start(app)
    guide(app).turn(1)
    assert not panel(app, "playground")["due"]  # the script that turned is about to do it: a second run would cross it
    app.run()
    assert panel(app, "playground")["missing"]
    eventually(lambda: app.session_state.live.run.now().step == 30, seconds=60)
    assert panel(app, "playground")["missing"]  # it is the fork that is to come to step 20
    finish(app, "playground")
    eventually(lambda: not panel(app, "playground")["missing"], seconds=60)
    now = app.session_state.live.run.now()
    assert (now.step, now.settings.hidden) == (20, 9)
    assert [(pin.recipe.step, pin.settings.hidden) for pin in pins.board(app.session_state.live).pins] == [(30, 7)]
    alone = mlp.Trainer(Settings(hidden=9, train_examples=64))
    alone.step(20)
    assert now.model.theta.equal(alone.model.theta)


def test_a_step_that_is_gone_back_to_changes_what_is_looked_at_and_no_run(app: AppTest) -> None:
    start(app)
    for _ in range(2):
        guide(app).turn(1)
        app.run()
        finish(app, title(app).lower())
    assert title(app) == "Examples"
    assert app.text_input(key="lesson_word").value == "mew"
    assert app.session_state["lesson_position_4"] == 1
    eventually(lambda: app.session_state.live.run.now().step == 20, seconds=60)
    guide(app).turn(-1)
    app.run()
    guide(app).turn(-1)
    app.run()
    assert title(app) == "Playground"
    guide(app).turn(1)
    app.run()
    assert app.session_state.live.run.now().step == 20
    assert "been here before" in panel(app, "playground")["aside"]
    assert len(pins.board(app.session_state.live).pins) == 1


def test_skipping_leaves_out_what_was_still_to_be_done(app: AppTest) -> None:
    start(app)
    guide(app).turn(1)  # nothing of it is carried out yet
    guide(app).turn(1)
    app.run()
    assert title(app) == "Examples"
    assert app.session_state.live.run.now().settings.hidden == 7


def test_it_can_be_left_resumed_and_finished(app: AppTest) -> None:
    start(app)
    guide(app).turn(1)
    assert app.session_state.live.mine["lesson"] == "tour.2"
    guide(app).leave()
    app.switch_page("lessons.py").run()
    assert "lesson" not in app.session_state.live.mine
    assert panel(app, "lessons") == {"title": ""}
    app.button(key="resume_tour").click().run()
    assert (title(app), panel(app, "playground")["place"]) == ("Playground", 1)
    for _ in range(3):
        guide(app).turn(1)
    assert guide(app).active is None
    app.run()
    assert not app.exception
    assert title(app) == "Lessons"
    assert any("Done." in caption.value for caption in app.caption)
    assert not [button for button in app.button if button.key == "resume_tour"]


def test_a_setting_that_the_reader_changes_in_between_is_told(app: AppTest) -> None:
    start(app)
    assert panel(app, "playground")["aside"] == ""
    app.session_state.live.run.set("hidden", 8)
    assert "You have changed a setting" in panel(app, "playground")["aside"]
    guide(app).turn(1)
    app.run()
    finish(app, "playground")
    assert panel(app, "playground")["aside"] == ""


def test_the_map_and_the_outline(app: AppTest) -> None:
    start(app)
    for _ in range(3):
        guide(app).turn(1)
    app.run()
    finish(app, "lab")
    assert panel(app, "lab")["target"] == "lab-map"
    assert panel(app, "lab")["missing"] == ""
    assert panel(app, "playground")["missing"] == "Open the page “lab”."
    assert lab_of(app.session_state.live)


def test_a_link_opens_a_lesson_or_one_of_its_steps() -> None:
    app = opened(lesson="first-look")
    assert (guide(app).active, panel(app, "playground")["place"]) == ("first-look", 0)
    app = opened(lesson="first-look.3", hidden="12")
    assert panel(app, "playground")["place"] == 2
    assert app.session_state.live.run.now().settings.hidden == 12
    assert app.session_state.live.run.now().step == 0
    assert panel(opened(lesson="first-look.99"), "playground")["place"] == 4


@pytest.mark.parametrize("nonsense", ["moon", "first-look.x", "<b>", "first-look." + "9" * 400, "../x"])
def test_a_link_to_no_lesson_says_so(nonsense: str) -> None:
    app = opened(lesson=nonsense)
    assert not app.exception
    assert guide(app).active is None
    assert any("There is no lesson" in info.value for info in app.info)


def test_a_wrong_file_is_told_and_the_lessons_stay(app: AppTest) -> None:
    before = [lesson.id for lesson in guide(app).lessons]
    with pytest.raises(ValueError, match="not YAML"):
        guide(app).load(b"a: [")
    assert [lesson.id for lesson in guide(app).lessons] == before == [*(each.id for each in shipped()), "tour"]


def test_a_class_is_given_a_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("lessons")
    guide(app).load(TOUR)
    app.switch_page("classroom.py").run()
    app.selectbox(key="class_lesson").set_value("tour").run()
    next(button for button in app.button if button.label == "Open the class").click().run()
    room: Classroom | None = teacher.room_of(app.session_state.live)
    assert room
    assert isinstance(room.lesson, Lesson)
    member = opened(**{"class": room.id})
    assert not member.exception
    assert guide(member).active == "tour"
    app.run()
    (row,) = app.session_state.live.views["class-members"](app.session_state.live.run.now())["rows"]
    assert row[5] == "1 of 4"
    assert any(plain("Guided lesson: “A tour”") in caption.value for caption in app.caption)
    assert member.session_state.live.run.now().settings.hidden == 7
    app.session_state.live.app.classes.clear(room)


def test_every_page_that_a_lesson_may_open_is_there() -> None:
    app = opened()
    for page in PAGES:
        app.switch_page(f"{page}.py").run()
        assert not app.exception


def test_what_presets_rates_and_remedies_do_is_waited_for() -> None:
    app = opened()
    made = b"""
lessons:
  - {id: jobs, title: Jobs, minutes: 1, goal: Wait., needs: {settings: {word_list: names}}, steps: [
      {say: Load., do: {action: preset, name: diverges}},
      {say: Search., do: {action: find_rate}, wait_for: rate_found},
      {say: Set., do: [{action: set, setting: hidden, value: 5}, {action: step}, {action: epoch}, {action: reset}]}]}
"""
    guide(app).load(made)
    guide(app).begin("jobs")
    app.run()
    finish(app, "playground")
    now = app.session_state.live.run.now()
    assert now.settings == PRESETS["diverges"].settings
    assert now.diverged or now.step == 100
    guide(app).turn(1)
    app.run()
    assert title(app) == "Fitting lab"

    def found() -> bool:
        app.session_state.live.views["lab-rate"](app.session_state.live.run.now())  # somebody looks
        return not panel(app, "lab")["missing"]

    eventually(found, seconds=60)
    guide(app).turn(1)
    app.run()
    finish(app, "lab")
    now = app.session_state.live.run.now()
    assert (now.settings.hidden, now.step) == (5, 0)
    assert load_words("pokemon") == app.session_state.live.run.trainer.words


def test_each_lesson_file_is_read_alone() -> None:
    (tour,) = read_lessons(TOUR)
    assert tour.steps[2].do[0].action == "page"
