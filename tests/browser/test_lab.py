"""The fitting lab: train a map, walk over it with sliders, open a network; search a rate; see remedies help."""

import re
import time

import pytest

import mlp
from mlp.presets import MAP
from tests.browser.app import App, eventually

HIDDEN, STEPS = [2, 20, 100], 300


def lab(app: App) -> App:
    """The lab, with a small map laid out: hidden units across, learning rate upwards."""
    app.open("lab")
    fill(app, "Values of hidden units", ", ".join(map(str, HIDDEN)))
    fill(app, "Values of training examples", "64, all")
    steps = app.page.get_by_role("spinbutton", name="Steps")
    steps.fill(str(STEPS))
    steps.press("Enter")
    app.settle()
    return app


def fill(app: App, box: str, text: str) -> None:
    field = app.page.get_by_role("textbox", name=box)
    field.fill(text)
    field.press("Enter")
    app.settle()


def cost(app: App) -> str:
    return app.page.get_by_label("Cursor on the map").locator("p").inner_text()


def train(app: App) -> None:
    app.press("Train the map")
    app.page.get_by_label("Cursor on the map").wait_for()
    eventually(lambda: f"{STEPS} of {STEPS} steps" in cost(app), "the trained map", 60)


def numbers(app: App) -> list[str]:
    return app.page.get_by_label("The network under the cursor").locator("td").all_inner_texts()


def test_dragging_walks_over_networks_that_have_the_numbers_of_networks_trained_alone(app: App) -> None:
    train(lab(app))
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
        trainer = mlp.Trainer(MAP.settings.but(hidden=units, train_examples=None))
        trainer.step(STEPS)
        assert float(train_loss) == pytest.approx(trainer.evaluate("train"), abs=2e-3)
        assert float(dev_loss) == pytest.approx(trainer.evaluate("dev"), abs=2e-3)


def test_a_network_opens_in_the_playground_with_its_numbers(app: App) -> None:
    train(lab(app))
    eventually(lambda: len(numbers(app)) == 5, "the numbers")
    units, _, train_loss, dev_loss, _ = numbers(app)
    app.press("Open in playground")
    eventually(lambda: app.page.get_by_role("heading", name="Names it dreams up now").count() == 1, "the playground")
    app.wait_for_step(lambda step: step == STEPS)
    eventually(lambda: app.text("Train loss") == train_loss and app.text("Dev loss") == dev_loss, "the same numbers")
    assert app.field("Hidden units").input_value() == units
    app.press("Step")
    app.wait_for_step(lambda step: step == STEPS + 1)


def test_a_map_can_be_stopped_and_gone_on_with(app: App) -> None:
    lab(app)
    steps = app.page.get_by_role("spinbutton", name="Steps")
    steps.fill("100000")
    steps.press("Enter")
    app.settle()
    app.press("Train the map")
    app.press("Stop")
    app.button("Go on").wait_for()
    stopped = cost(app)
    time.sleep(0.5)
    assert re.sub(r"[\d.]+ s\.", "", cost(app)) == re.sub(r"[\d.]+ s\.", "", stopped)
    app.press("Go on")
    eventually(lambda: cost(app) != stopped, "more steps")
    app.press("Stop")


@pytest.mark.parametrize(("text", "said"), [("5, 5", "twice"), ("5, many", "many"), ("0, 5000", "1,024")])
def test_a_bad_axis_gets_a_sentence(app: App, text: str, said: str) -> None:
    app.open("lab")
    fill(app, "Values of hidden units", text)
    alert = app.page.get_by_test_id("stAlert").filter(has_text=said)
    alert.first.wait_for()
    eventually(app.button("Train the map").is_disabled, "the button to be disabled")


def test_the_rate_finder_suggests_and_leaves_the_network_alone(app: App) -> None:
    app.open("lab")
    before = app.text("Train loss")
    app.press("Find a rate")
    result = app.page.get_by_label("Suggested learning rate")
    eventually(lambda: "Suggested rate:" in result.inner_text(), "the suggestion", 60)
    assert app.step() == 0
    assert app.text("Train loss") == before
    suggested = re.search(r"Suggested rate: ([\d.e-]+)\. The", result.inner_text())
    assert suggested
    app.press("Use this rate")
    eventually(lambda: app.field("Learning rate").input_value() == suggested[1], "the slider")


def test_every_remedy_ends_lower(app: App) -> None:
    app.open("lab")
    app.press("Train the comparison")
    table = app.page.get_by_label("How each remedy ends")
    eventually(lambda: "Done:" in table.inner_text(), "the comparison", 90)
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    over_fit, *tried = [float(row[2]) for row in rows]
    assert len(tried) == 4
    assert all(loss < over_fit - 0.1 for loss in tried)
