"""The fitting lab's map: train it, walk over it with sliders, open a network of it."""

import itertools
import time
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError

import mlp
from mlp.analysis.presets import MAP
from tests.browser.app import App, at_rest, eventually

HIDDEN, STEPS = [2, 20, 100], 300


def lab(app: App) -> App:
    """The lab, with a small map laid out: hidden units across, training examples upwards."""
    app.open("lab")
    with suppress(TimeoutError):  # the map that trains by itself only takes time from the tests beside this one
        app.button("Stop").click(timeout=2000)
    app.enter("Values of hidden units", ", ".join(map(str, HIDDEN)))
    app.enter("Values of training examples", "64, all")
    set_steps(app, STEPS)
    return app


def set_steps(app: App, count: int) -> None:
    app.unfold("spinbutton", "Steps")
    field = app.page.get_by_role("spinbutton", name="Steps")
    app.write(field, str(count))
    field.press("Enter")
    app.settle()


def cost(app: App) -> str:
    return app.page.get_by_label("Cursor on the map").locator("p").inner_text()


def train_for_long(app: App) -> None:
    """Begin a map that is not done soon, and wait until it has taken the place of the one that trains by itself."""
    set_steps(app, 100_000)
    app.press("Train the map")
    eventually(lambda: "of 100,000" in cost(app), "the new map")
    app.button("Stop").wait_for()


def train(app: App) -> None:
    app.press("Train the map")
    app.page.get_by_label("Cursor on the map").wait_for()
    eventually(lambda: f"step {STEPS} of {STEPS} (" in cost(app), "the trained map", 60)


def numbers(app: App) -> list[str]:
    return app.page.get_by_label("The selected network").locator("td").all_inner_texts()


def test_the_cursor_is_dragged_clicked_and_moved_by_keys(app: App) -> None:
    train(lab(app))
    dragging_shows_the_numbers_of_networks_trained_alone(app)
    the_pictures_follow_the_finger_to_and_fro_before_it_is_lifted(app)
    a_click_on_a_cell_moves_the_cursor(app)
    keys_move_the_cursor_and_turn_the_capacity_curve_to_the_other_axis(app)


def dragging_shows_the_numbers_of_networks_trained_alone(app: App) -> None:
    app.slider("Map: Hidden units").scroll_into_view_if_needed()
    time.sleep(0.5)
    box = app.slider("Map: Hidden units").bounding_box()
    assert box
    app.page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    app.page.mouse.down()
    seen = {}
    for share in (0.02, 0.5, 0.98):
        app.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=4)
        time.sleep(0.5)
        units, *rest = numbers(app)
        seen[int(units)] = rest
    app.page.mouse.up()
    assert sorted(seen) == HIDDEN, "the network follows the finger, not the release"
    for units, (examples, train_loss, dev_loss, _) in seen.items():
        assert examples == "all"
        trainer = mlp.Trainer(MAP.settings.with_changes(hidden=units, train_examples=None))
        trainer.step(STEPS)
        assert float(train_loss) == pytest.approx(trainer.evaluate("train"), abs=2e-3)
        assert float(dev_loss) == pytest.approx(trainer.evaluate("dev"), abs=2e-3)


def the_pictures_follow_the_finger_to_and_fro_before_it_is_lifted(app: App) -> None:
    slider = app.slider("Map: Hidden units")
    slider.scroll_into_view_if_needed()
    time.sleep(0.5)
    box = slider.bounding_box()
    assert box

    app.page.evaluate(
        "window.seen = [];"
        "new MutationObserver(() => seen.push(document.querySelector("
        "'[aria-label=\"The selected network\"] td').textContent))"
        ".observe(document.querySelector('.live-chart[aria-label^=\"Loss curve\"]'), {attributes: true})"
    )
    app.page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    app.page.mouse.down()
    places = itertools.cycle([*range(0, 101, 5), *range(100, -1, -5)])

    def drag() -> bool:
        """Move on a little; True when every network was seen and twenty pictures were drawn, the finger still down."""
        place = next(places) / 100
        app.page.mouse.move(box["x"] + 4 + place * (box["width"] - 8), box["y"] + box["height"] / 2)
        seen = app.page.evaluate("seen")
        return len(seen) >= 20 and set(seen) == {str(units) for units in HIDDEN}

    eventually(drag, "pictures that follow the finger", 40)
    app.page.mouse.up()


def a_click_on_a_cell_moves_the_cursor(app: App) -> None:
    plot = app.chart("Map of fits").locator(".nsewdrag").first
    box = plot.bounding_box()
    assert box
    for col, row in ((0, 1), (2, 0)):
        plot.click(position={"x": box["width"] * (col + 0.5) / 3, "y": box["height"] * (1.5 - row) / 2})
        place = [str(HIDDEN[col]), ["64", "all"][row]]
        eventually(lambda: numbers(app)[:2] == place, f"the cursor on {place}")  # noqa: B023
        assert app.slider("Map: Hidden units").input_value() == str(col)
        eventually(lambda: "Cursor: Hidden units " + place[0] in label(app), "the cursor in words")  # noqa: B023


def keys_move_the_cursor_and_turn_the_capacity_curve_to_the_other_axis(app: App) -> None:
    app.slider("Map: Training examples").focus()
    app.page.keyboard.press("End")
    eventually(lambda: numbers(app)[1] == "all", "all examples")
    app.page.keyboard.press("ArrowLeft")
    eventually(lambda: numbers(app)[1] == "64", "64 examples")
    eventually(lambda: app.chart("Capacity curve over Training examples").count() == 1, "the other axis")


def test_a_new_map_comes_into_sight_with_its_sliders_and_its_networks_open_in_the_playground(app: App) -> None:
    train(lab(app))

    def in_sight() -> bool:
        sliders = app.slider("Map: Hidden units").bounding_box()
        cells = app.chart("Map of fits").bounding_box()
        return bool(sliders and cells and cells["y"] > 110 and sliders["y"] + sliders["height"] < 900)

    eventually(in_sight, "the map and its sliders in one view")
    app.page.get_by_role("link", name="Playground").click()
    app.page.get_by_role("heading", name="Watch a network learn").wait_for()
    app.page.get_by_role("link", name="Fitting lab").click()
    app.chart("Map of fits").wait_for()
    app.page.wait_for_timeout(1500)
    assert app.page.get_by_test_id("stMain").evaluate("main => main.scrollTop") < 50
    eventually(lambda: len(numbers(app)) == 5, "the numbers")
    units, _, train_loss, dev_loss, _ = numbers(app)
    app.press("Open in the playground")
    eventually(lambda: app.page.get_by_role("heading", name="Watch a network learn").count() == 1, "the playground")
    app.wait_for_step(lambda step: step == STEPS)
    eventually(lambda: app.text("Train loss") == train_loss and app.text("Dev loss") == dev_loss, "the same numbers")
    assert app.field("Hidden units").input_value() == units
    app.press("Step")
    app.wait_for_step(lambda step: step == STEPS + 1)


def test_one_cell_of_a_thousand_units(app: App) -> None:
    app.open("lab")
    app.enter("Values of hidden units", "1024")
    app.enter("Values of training examples", "64")
    set_steps(app, 30)
    app.press("Train the map")
    eventually(lambda: "1 network, step 30 of 30 (" in cost(app), "the one network", 60)
    eventually(lambda: numbers(app)[:2] == ["1024", "64"], "its numbers")
    assert app.slider("Map: Hidden units").input_value() == "0"


def test_networks_that_diverge_are_drawn_as_such(app: App) -> None:
    app.open("lab?direct=true")
    app.page.get_by_text("Other axes, values or steps").click()
    app.choose("Vertical axis", "Learning rate")
    app.enter("Values of hidden units", "2, 100")
    app.enter("Values of learning rate", "0.1, 10")
    app.page.get_by_text("From my network").click()
    set_steps(app, 300)
    app.press("Train the map")
    eventually(lambda: app.chart("Map of fits").count() and "2 diverged." in label(app), "two crosses", 60)
    crosses = app.chart("Map of fits").locator(".js-plotly-plot").evaluate("plot => [plot.data[1].x, plot.data[1].y]")
    assert crosses == [[0, 1], [1, 1]]
    eventually(lambda: numbers(app)[2:] == ["diverged"] * 3, "no numbers: the cursor begins on one of them")
    assert "diverged at step" in app.page.get_by_label("Verdict").inner_text()


def label(app: App) -> str:
    return app.chart("Map of fits").get_attribute("aria-label") or ""


def test_another_tab_plays_on_while_a_map_trains(app: App) -> None:
    app.open("lab")
    train_for_long(app)
    other = App(app.page.context.new_page(), app.url).open()
    other.press("Play")
    begin = other.wait_for_step(lambda step: step > 0)
    eventually(lambda: other.step() - begin > 500, "five hundred steps")
    assert app.button("Stop").is_enabled(), "the map is still being trained"
    other.press("Pause")
    other.button("Play").wait_for()
    other.page.close()
    other.check_console()


def test_a_map_can_be_stopped_and_gone_on_with_and_rests_when_its_page_is_left(app: App) -> None:
    lab(app)
    train_for_long(app)
    app.press("Stop")
    app.button("Go on").wait_for()
    stopped = at_rest(lambda: cost(app), "a map that stands still")  # the round of updates that was running is finished
    app.press("Go on")
    eventually(lambda: cost(app) != stopped, "more steps")
    app.page.get_by_role("link", name="Playground").click()
    app.page.get_by_role("heading", name="Watch a network learn").wait_for()
    app.settle()
    time.sleep(1)  # far less than after which a map rests that nobody looks at
    app.page.get_by_role("link", name="Fitting lab").click()
    app.button("Go on").wait_for()
    assert "the page was left" in cost(app)
