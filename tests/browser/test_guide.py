"""The first minute, a guided lesson by mouse and keys, and lecture mode."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator

from tests.browser.app import App, eventually

LESSON = "Guided lesson"
GREETING_MS = 3500  # a second more than the app waits for who has never been here


def panel(app: App) -> Locator:
    return app.page.get_by_label(LESSON, exact=True)


def place(app: App) -> str:
    return panel(app).locator(".live-guide-place").inner_text()


def outline(app: App, view: str) -> str:
    return app.page.locator(f".st-key-live-{view}").evaluate("part => getComputedStyle(part).outlineStyle")


@pytest.mark.parametrize("context", [{"newcomer": True}], indirect=True)
def test_who_has_never_been_here_sees_it_learn_within_seconds_and_only_once(
    context: BrowserContext, server: tuple[str, int]
) -> None:
    app = App(context.new_page(), server[0], first_visit=True).open()
    assert app.page.get_by_role("heading", level=1, name=re.compile("^Watch a network learn")).is_visible()
    app.wait_for_step(lambda step: step > 3)
    app.open()
    app.page.wait_for_timeout(GREETING_MS)
    assert app.step() == 0
    app.check_console()


@pytest.mark.parametrize("context", [{"newcomer": True}], indirect=True)
def test_who_touches_something_first_is_left_alone(context: BrowserContext, server: tuple[str, int]) -> None:
    app = App(context.new_page(), server[0], first_visit=True)
    app.page.goto(app.url)
    app.page.locator(".live-numbers").wait_for()
    app.page.keyboard.press("Tab")
    app.page.wait_for_timeout(GREETING_MS)
    assert app.step() == 0


def test_the_one_question_is_answered_at_the_step_that_it_names(app: App) -> None:
    app.open()
    app.page.get_by_role("radiogroup").get_by_text("i", exact=True).click()
    told = app.page.locator(".st-key-live-guess")
    eventually(lambda: told.inner_text() == "You will see at step 5,000.", "a promise")
    app.press("Play")
    eventually(lambda: app.step() > 6000, "the answer's step")
    app.press("Pause")
    eventually(lambda: re.search(r"[Aa]t step [\d,]+ “i” is ", told.inner_text()) is not None, "the answer")


def test_a_lesson_is_led_by_mouse_and_by_keys(app: App) -> None:
    app.open("lessons")
    app.page.locator(".st-key-start_first-look").get_by_role("button").click()
    eventually(lambda: place(app) == "1 of 5", "the first step")
    eventually(lambda: "lesson=first-look.1" in app.link(), "its place in the address")
    assert not panel(app).get_by_role("button", name="Next", exact=True).is_visible(), "it asks first"
    panel(app).get_by_role("button", name="It has too few hidden units").click()
    eventually(lambda: panel(app).get_by_text("Not quite.").is_visible(), "why")
    next_button = panel(app).get_by_role("button", name="Next", exact=True)
    next_button.focus()
    app.page.keyboard.press("Enter")
    eventually(lambda: place(app) == "2 of 5", "the second step")
    app.wait_for_step(lambda step: step == 222)
    app.page.keyboard.press("n")
    eventually(lambda: place(app) == "3 of 5", "the third step")
    app.wait_for_step(lambda step: step == 2000)
    app.page.keyboard.press("p")
    eventually(lambda: place(app) == "2 of 5", "the step before")
    app.page.keyboard.press("n")
    eventually(lambda: place(app) == "3 of 5", "the next one")
    eventually(lambda: panel(app).get_by_role("button", name="Lower it by about 0.2").is_visible(), "its question")
    app.page.keyboard.press("n")  # does not pass a question over
    app.page.keyboard.press("2")
    eventually(lambda: panel(app).get_by_text("Right.").is_visible(), "why")
    assert place(app) == "3 of 5"
    app.page.keyboard.press("n")
    eventually(lambda: place(app) == "4 of 5", "the fourth step")
    app.wait_for_step(lambda step: step == 20_000)
    eventually(lambda: outline(app, "embedding") == "solid", "what it speaks of in a frame")
    panel(app).get_by_role("button", name="Leave").click()
    eventually(lambda: not panel(app).is_visible(), "no lesson")
    eventually(lambda: "lesson" not in app.link(), "no lesson in the address")
    eventually(lambda: outline(app, "embedding") == "none", "no frame")


def test_a_lesson_survives_a_reload_and_another_page_where_it_is(app: App) -> None:
    app.open("?lesson=word-to-examples")
    eventually(lambda: app.page.url.split("?")[0].endswith("/examples"), "the page of the lesson")
    eventually(lambda: panel(app).get_by_role("button", name="Skip").is_visible(), "its question")
    panel(app).get_by_role("button", name="Skip").click()
    eventually(lambda: place(app) == "2 of 5", "the second step")
    app.page.get_by_role("link", name="Generate").click()
    app.settle()
    eventually(lambda: place(app) == "2 of 5", "the lesson on another page")
    app.page.reload()
    app.settle()
    eventually(lambda: place(app) == "2 of 5", "the lesson after a reload")


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_on_a_phone_a_lesson_leaves_room_and_nothing_scrolls_sideways(app: App) -> None:
    app.open("?lesson=first-look")
    eventually(lambda: place(app) == "1 of 5", "the first step")
    box = panel(app).bounding_box()
    assert box
    assert box["height"] < 0.5 * 844
    assert app.page.evaluate("document.documentElement.scrollWidth") <= 390
    panel(app).get_by_role("button", name="Fold").click()
    folded = panel(app).bounding_box()
    assert folded
    assert folded["height"] < 0.25 * 844


@pytest.mark.parametrize("context", [{"viewport": {"width": 1024, "height": 768}}], indirect=True)
def test_a_lecture_has_all_that_matters_above_the_fold(app: App) -> None:
    app.open()
    app.press("Lecture")
    timeline = app.page.locator(".live-timeline")
    for title in ("Character embedding", "Loss curve"):
        eventually(
            lambda: app.chart(title).bounding_box()["y"] + app.chart(title).bounding_box()["height"]  # noqa: B023
            <= timeline.bounding_box()["y"] + 2,
            f"{title} above the timeline",
        )  # fmt: skip
        size = app.chart(title).locator("text.xtitle").evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
        assert size == 18
    assert not app.page.get_by_test_id("stSidebar").is_visible()
    assert app.page.evaluate("document.documentElement.scrollWidth") <= 1024
    app.page.get_by_role("button", name="Spotlight on Loss curve").click()
    other = app.page.locator('[data-testid="stElementContainer"]', has=app.chart("Character embedding"))
    eventually(lambda: float(other.evaluate("part => getComputedStyle(part).opacity")) < 0.2, "the other one dimmed")
    app.page.keyboard.press("Escape")
    eventually(lambda: float(other.evaluate("part => getComputedStyle(part).opacity")) == 1, "all in the light")
    app.page.get_by_role("link", name="Fitting lab").click()
    app.settle()
    eventually(lambda: "lecture=yes" in app.link(), "the lecture in the address of another page")
    app.page.reload()
    app.settle()
    eventually(lambda: app.button("Lecture").get_attribute("aria-pressed") == "true", "the lecture after a reload")
    app.press("Lecture")
    eventually(lambda: "lecture" not in app.link(), "no lecture")
    eventually(lambda: app.page.get_by_test_id("stSidebar").is_visible(), "the settings")
