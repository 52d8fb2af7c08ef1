"""By keys and by ear: where the focus goes, which keys there are, and what is said and when."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext

from mlp.plots import graph
from tests.browser.app import App, eventually
from tests.browser.reading import label

FOCUS = "() => document.activeElement.innerText ?? ''"
DRAWN = "() => Number(document.querySelector('.live-chart')?.dataset.draws) > 0"
NOT_YET = "the backward pass has not started"


def list_of_keys(app: App):
    return app.page.get_by_role("dialog", name="Keys")


def test_another_page_has_its_own_title_and_the_focus_at_its_heading(app: App) -> None:
    app.open()
    assert app.page.title() == "Playground – See a network learn"
    assert app.page.evaluate("document.activeElement === document.body")  # at the first page it stays where it is
    app.page.get_by_role("link", name="Fitting lab").first.click()
    eventually(lambda: app.page.evaluate(FOCUS).startswith("Fitting lab: under"), "the focus at the heading")
    assert app.page.title() == "Fitting lab – See a network learn"


def test_a_question_mark_lists_the_keys_which_can_be_switched_off_for_good(app: App) -> None:
    app.open()
    app.page.keyboard.press("Shift+ArrowRight")  # selects
    app.page.keyboard.press("?")
    assert "play and pause" in list_of_keys(app).inner_text()
    app.page.get_by_role("checkbox", name="Single keys work").press("Space")
    app.page.keyboard.press("Escape")
    list_of_keys(app).wait_for(state="hidden")
    assert app.step() == 0
    for key in ("?", "Space", "ArrowRight"):
        app.page.keyboard.press(key)
    app.open("backward")
    eventually(lambda: NOT_YET in label(app, graph.TITLE), "the graph")
    app.page.keyboard.press("b")
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)  # one, by the button
    assert not list_of_keys(app).is_visible()
    assert NOT_YET in label(app, graph.TITLE)
    app.press("Keys")
    app.page.get_by_role("checkbox", name="Single keys work").press("Space")
    app.page.keyboard.press("Escape")
    app.page.evaluate("document.activeElement.blur()")
    app.page.keyboard.press("ArrowRight")
    app.wait_for_step(lambda step: step == 2)


def test_space_scrolls_a_long_page(app: App) -> None:
    app.open("output")
    app.page.locator("h1").click()
    app.page.keyboard.press("Space")
    eventually(lambda: app.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 100, "a scroll")
    assert app.button("Play").count()
    assert app.step() == 0


def test_little_is_said_while_it_trains_and_all_when_it_rests(app: App) -> None:
    app.open()
    app.page.evaluate(
        """() => {
          window.said = { label: 0, verdict: 0 };
          const count = (what) => () => (window.said[what] += 1);
          new MutationObserver(count("label")).observe(
            document.querySelector(".st-key-live-loss .live-chart"), { attributeFilter: ["aria-label"] });
          new MutationObserver(count("verdict")).observe(
            document.querySelector(".live-spoken"), { childList: true, characterData: true, subtree: true });
        }"""
    )
    app.press("Play")
    app.page.wait_for_timeout(5000)
    said = app.page.evaluate("window.said")
    assert 1 <= said["label"] <= 4
    assert said["verdict"] <= 2
    app.press("Pause")
    app.button("Play").wait_for()
    eventually(lambda: f"at step {app.step():,}" in label(app, "Loss curve"), "its last step")


def test_tab_goes_into_an_open_popover_and_on_after_it(app: App) -> None:
    app.open()
    app.button("Axes").press("Enter")
    app.page.get_by_test_id("stPopoverBody").get_by_text("All current points").wait_for()
    app.settle()
    inside = "document.querySelector('[data-testid=stPopoverBody]').contains(document.activeElement)"
    app.page.keyboard.press("Tab")
    assert app.page.evaluate(inside)
    app.page.keyboard.press("Shift+Tab")
    assert app.page.evaluate("document.activeElement.dataset.testid") == "stPopoverButton"
    for _ in range(10):
        app.page.keyboard.press("Tab")
        if not app.page.evaluate(inside):
            break
    assert not app.page.evaluate(inside)


def test_the_reasons_lie_over_the_charts(app: App) -> None:
    app.open()
    top = app.chart("Loss curve").bounding_box()
    app.page.get_by_text("Why?").click()
    app.page.locator(".live-verdict li").first.wait_for()
    assert app.chart("Loss curve").bounding_box() == top
    app.page.keyboard.press("Escape")
    app.page.locator(".live-verdict li").first.wait_for(state="hidden")


@pytest.mark.parametrize("context", [{"forced_colors": "active"}], indirect=True)
def test_forced_colours_keep_light_light_and_sliders_drawn(context: BrowserContext, app: App) -> None:
    app.open()
    assert not app.page.evaluate("document.documentElement.classList.contains('live-dark')")
    eventually(lambda: app.page.evaluate(DRAWN), "the charts")
    tick = app.page.locator(".st-key-live-loss .ytick text").first
    assert tick.evaluate("text => getComputedStyle(text).fill") == "rgb(29, 37, 48)"
    picture = Image.open(BytesIO(app.slider("Weight decay").screenshot())).convert("L")
    right = picture.width * 3 // 4  # of the thumb, which stands at 0
    column = [picture.getpixel((right, y)) for y in range(picture.height)]
    assert min(column) < 60, "no track is drawn"


@pytest.mark.parametrize(
    "context", [{"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}], indirect=True
)
def test_a_page_at_twice_the_size_can_be_used(context: BrowserContext, app: App) -> None:
    app.open()
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)
    chart = app.chart("Loss curve")
    chart.scroll_into_view_if_needed()
    assert app.button("Play").is_visible()
    main = "document.querySelector('[data-testid=stMain]')"
    assert app.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
