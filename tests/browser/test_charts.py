"""Charts and the bar hold still: drawn in place, with the reader's zoom, at the network's own step, always in sight."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

import mlp
from tests.browser.app import App, eventually

EMBEDDING, LOSS = "Character embedding", "Loss curve"


def drag_over(app: App, plot: Locator) -> list[float]:
    """Zoom into the middle of a chart; the range of its x axis then."""
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box
    app.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    app.page.mouse.down()
    app.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=5)
    app.page.mouse.up()
    return ranges(plot)


def ranges(plot: Locator) -> list[float]:
    return plot.evaluate("plot => [...plot._fullLayout.xaxis.range, ...plot._fullLayout.yaxis.range]")


def until_still(app: App, title: str) -> None:
    """Wait until a paused chart is drawn no more, as when the last losses of its curve are worked out."""

    def still() -> bool:
        before = app.draws(title)
        app.page.wait_for_timeout(700)
        return app.draws(title) == before

    eventually(still, "a chart that is not drawn any more")


def double_click_until(plot: Locator, true: Callable[[], bool], what: str) -> None:
    """Double-click a chart; again where a busy machine took it for two clicks."""

    def seen() -> bool:
        plot.locator(".nsewdrag").first.dblclick()
        plot.page.wait_for_timeout(1000)
        return true()

    eventually(seen, what)


def test_charts_are_drawn_in_place_and_keep_their_zoom(app: App) -> None:
    app.open()
    eventually(lambda: app.draws(EMBEDDING) > 0 and app.draws(LOSS) > 0, "the first drawing")
    plots = app.page.locator(".js-plotly-plot")
    plots.evaluate_all("plots => plots.forEach(plot => { plot.mark = 'the same'; })")
    whole = [ranges(plot) for plot in plots.all()]
    zoomed = [drag_over(app, plot) for plot in plots.all()]
    app.press("Play")
    begin = app.draws(EMBEDDING)
    eventually(lambda: app.draws(EMBEDDING) > begin + 30 and app.draws(LOSS) > 30, "thirty drawings")
    app.press("Pause")
    app.button("Play").wait_for()
    assert [ranges(plot) for plot in plots.all()] == zoomed
    assert plots.evaluate_all("plots => plots.map(plot => plot.mark)") == ["the same", "the same"]
    for plot, first, near in zip(plots.all(), whole, zoomed, strict=True):
        until_still(app, LOSS)
        double_click_until(plot, lambda: ranges(plot) not in (first, near), "axes that follow what was learned since")  # noqa: B023


def test_a_double_click_shows_everything_and_another_one_gives_the_axes_back(app: App) -> None:
    app.open()
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 222)
    plot = app.page.locator(".js-plotly-plot").nth(1)
    eventually(lambda: ranges(plot)[3] < 6, "the first losses out of the picture")
    until_still(app, LOSS)
    usual = ranges(plot)
    double_click_until(plot, lambda: ranges(plot)[3] > 17, "all losses")
    app.press("Step")
    app.wait_for_step(lambda step: step == 223)
    eventually(lambda: app.chart(LOSS).get_attribute("data-step") == "223", "the next drawing")
    assert ranges(plot)[3] > 17
    until_still(app, LOSS)
    double_click_until(plot, lambda: ranges(plot)[2:] == usual[2:], "the usual axis")


def test_a_paused_chart_shows_the_step_of_the_network(app: App) -> None:
    app.open()
    app.press("Play")
    app.wait_for_step(lambda step: step > 300)
    app.press("Pause")
    app.button("Play").wait_for()
    for title in (EMBEDDING, LOSS):
        eventually(lambda: app.chart(title).get_attribute("data-step") == str(app.step()), f"{title}")  # noqa: B023
        said = f"at step {app.step():,}"
        eventually(lambda: said in (app.chart(title).get_attribute("aria-label") or ""), said)  # noqa: B023


def test_the_map_shows_the_lookup_table(app: App) -> None:
    app.open()
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)
    eventually(lambda: app.chart(EMBEDDING).get_attribute("data-step") == "1", "the drawing")
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step()
    rows = dict(zip(trainer.dataset.vocabulary.characters, trainer.model.C.tolist(), strict=True))

    def same() -> bool:  # Plotly's own numbers follow at the next whole draw, a moment after the marks have moved
        shown = app.letters(EMBEDDING)
        return shown.keys() == rows.keys() and all(shown[name] == pytest.approx(rows[name], abs=6e-4) for name in rows)

    eventually(same, "the rows of C, point by point")


def test_losses_of_another_step_say_so_without_another_line(app: App) -> None:
    app.open("hidden")
    bar = app.page.get_by_label("Transport")
    height = bar.evaluate("bar => bar.offsetHeight")
    late = "bar => bar.querySelectorAll('dt').forEach((label) => (label.dataset.late = ' at step 123,456'))"
    assert bar.evaluate(f"bar => (({late})(bar), bar.offsetHeight)") == height
    main = app.page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


@pytest.mark.parametrize(
    "context",
    [{}, {"viewport": {"width": 390, "height": 844}, "has_touch": True}],
    indirect=True,
    ids=["wide", "phone"],
)
def test_the_bar_stays_in_sight_however_far_down_one_reads(app: App) -> None:
    app.open("hidden")
    app.page.get_by_role("link", name="Next: Output and loss").wait_for()
    app.page.wait_for_timeout(1500)  # until every chart has its height
    main = app.page.get_by_test_id("stMain")
    height = main.evaluate("main => main.scrollHeight")
    main.evaluate("main => main.scrollTo(0, 1500)")
    bar = app.page.get_by_label("Transport")
    eventually(lambda: (bar.bounding_box() or {"height": 0})["height"] < 76, "a small bar")
    assert main.evaluate("main => main.scrollHeight") == height, "nothing below moves"
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    for name in ("Play", "Step"):
        assert app.button(name).is_visible(), name
    assert app.page.get_by_text("More", exact=True).is_visible()
    read = app.page.evaluate_handle("() => document.elementFromPoint(innerWidth / 2, innerHeight / 2)")
    top = read.evaluate("read => read.getBoundingClientRect().top")
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)
    assert abs(read.evaluate("read => read.getBoundingClientRect().top") - top) < 5, "what one reads stays where it is"
    main.evaluate("main => main.scrollTo(0, 0)")
    eventually(lambda: app.page.locator(".live-note").is_visible(), "the whole bar")


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_a_swipe_over_a_chart_scrolls_the_page_and_leaves_the_chart_alone(app: App) -> None:
    app.open()
    plot = app.page.locator(".js-plotly-plot").first
    ranges = "plot => [plot.layout.xaxis.range, plot.layout.yaxis.range].map(range => [...range])"
    main = app.page.get_by_test_id("stMain")
    plot.scroll_into_view_if_needed()
    before, seen = main.evaluate("main => main.scrollTop"), plot.evaluate(ranges)
    swipe(app, plot, up=200)
    eventually(lambda: main.evaluate("main => main.scrollTop") > before + 100, "the page has scrolled down")
    swipe(app, plot, up=-200)
    eventually(lambda: main.evaluate("main => main.scrollTop") < before + 100, "and up again")
    assert plot.evaluate(ranges) == seen
    assert plot.locator(".hovertext").count() == 0
    plot.scroll_into_view_if_needed()
    app.page.wait_for_timeout(500)
    drawn = "plot => ['xaxis', 'yaxis'].map(axis => [...plot._fullLayout[axis].range])"
    before_tap, box = plot.evaluate(drawn), plot.bounding_box()
    app.page.touchscreen.tap(box["x"] + 180, box["y"] + 180)
    app.page.wait_for_timeout(900)  # longer than Plotly waits for a second click
    assert plot.evaluate(drawn) == before_tap, "Plotly takes one tap for two clicks"


def swipe(app: App, on: Locator, up: int) -> None:
    """A finger that goes down on it and moves up by so many pixels."""
    box = on.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, max(120, box["y"]) + 230
    finger = app.page.context.new_cdp_session(app.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 11):
        points = [{"x": x, "y": y - up * part / 10}]
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
        app.page.wait_for_timeout(16)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_numbers_too_small_to_be_read_are_left_out(app: App) -> None:
    app.open("hidden")
    number = app.chart("emb,").locator(".heatmaplayer text").first
    eventually(number.is_visible, "numbers that can be read")
    app.page.set_viewport_size({"width": 1024, "height": 800})
    app.open("hidden?block_size=5&embedding_dim=3")
    number.wait_for(state="attached")
    eventually(lambda: not number.is_visible(), "no number of four pixels")
