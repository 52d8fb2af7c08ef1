"""A run can be told and had again: by its link, its pin, its file, and by Undo. The address never lies."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

import mlp
from mlp.analysis.presets import PRESETS
from mlp.settings import from_link
from mlp.training.link import from_parameter
from tests.browser.app import App, eventually
from tests.browser.test_lab import cost, set_steps

SMALL = "?train_examples=256&hidden=20"


def parameters(app: App) -> dict[str, str]:
    return app.page.evaluate("Object.fromEntries(new URL(location.href).searchParams)")


def edited(app: App) -> None:
    """A run whose rate was turned down twice."""
    app.open(SMALL)
    for rate, at in (("0.05", 8), ("0.02", 16)):
        app.press("Epoch")
        app.wait_for_step(lambda step: step == at)  # noqa: B023
        app.type("Learning rate", rate)
        eventually(lambda: f"to {rate} at step" in app.note(), "the note")  # noqa: B023
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 24)


def shown(app: App) -> dict[str, str]:
    """What the bar and the page say of a run at rest."""
    eventually(lambda: not math.isnan(app.number("Dev loss")), "the losses")
    names = ("Step", "Epoch", "Train loss", "Dev loss", "Parameters")
    return {name: app.text(name) for name in names} | {"names": app.page.locator(".live-words").inner_text()}


def test_the_copied_link_opens_the_very_run_in_another_tab(app: App, context: BrowserContext) -> None:
    edited(app)
    app.page.evaluate("navigator.clipboard.writeText = () => new Promise(() => {}); 0")  # as some do
    app.press("Copy link")
    field = app.page.get_by_label("Link to this run")
    eventually(lambda: field.count() == 1, "the link")
    assert "learning_rate=0.02" in field.input_value()
    said = app.page.locator(".live-link [role=status]")
    eventually(lambda: "sees this run at step 24, with its 2 changes on the way" in said.inner_text(), "what it holds")
    other = App(context.new_page(), "")
    other.open(field.input_value())
    other.wait_for_step(lambda step: step == 24)
    eventually(lambda: other.note() == "This is the run of the link, at step 24.", "the note")
    eventually(lambda: shown(other) == shown(app), "the same numbers and names")
    other.press("Step")  # and the two tabs do not share a run
    other.wait_for_step(lambda step: step == 25)
    assert app.step() == 24
    app.page.keyboard.press("Escape")
    eventually(lambda: not field.is_visible(), "the link is put away")
    other.check_console()


def test_a_spoilt_link_says_so_in_one_line_and_opens_its_settings(app: App) -> None:
    edited(app)
    eventually(lambda: "run" in parameters(app), "the address")
    spoilt = parameters(app) | {"run": parameters(app)["run"][:-10]}
    spoilt.pop("mine", None)  # as in a link that was sent; with it, the run that was kept is opened
    app.open("?" + "&".join(f"{name}={value}" for name, value in spoilt.items()))
    assert app.page.get_by_text("so only the settings were opened").count() == 1
    assert app.step() == 0
    assert app.field("Learning rate").input_value() == "0.02"


def press(name: str) -> Callable[[App], None]:
    return lambda app: app.press(name)


def pin_and_open(app: App) -> None:
    app.press("Pin this run")
    app.press("Step")
    app.press("Open 1")


def fork_here(app: App) -> None:
    app.press("Fork")
    app.choose("Setting to change", "Weight decay")
    app.page.get_by_text("from here", exact=True).click()
    app.settle()
    app.write(app.page.get_by_role("textbox", name="New value of weight decay"), "0.01")
    app.page.keyboard.press("Tab")
    app.settle()
    app.press("Start the fork")


def go_back(app: App) -> None:
    app.press("Restore best step")
    app.press("Pin this run first, then go back")


WAYS: dict[str, Callable[[App], None]] = {
    "step": press("Step"),
    "epoch": press("Epoch"),
    "reset": press("Reset"),
    "new seed": press("New seed"),
    "reset all": press("Reset all settings"),
    "preset": lambda app: app.choose("Preset", PRESETS["notes"].label),
    "live": lambda app: app.type("Weight decay", "0.01"),
    "new network": lambda app: app.type("Hidden units", "31"),
    "drag": lambda app: app.slider("Batch size").press("ArrowRight"),
    "choice": lambda app: app.page.get_by_label("Optimizer").select_option("adam"),
    "pin": pin_and_open,
    "fork": fork_here,
    "back": go_back,
    "undo": lambda app: (app.press("Reset"), app.press("Undo")),
}


WALKS = [
    ("step", "live", "choice", "epoch", "undo", "drag", "back"),
    ("fork", "pin", "reset", "step", "new network"),
    ("new seed", "preset", "epoch", "reset all"),
]  # several ways, one after another: each page that is opened costs seconds


@pytest.mark.parametrize("walk", WALKS, ids=" ".join)
def test_whatever_changes_the_run_changes_the_address(app: App, walk: tuple[str, ...]) -> None:
    """The address is opened where it counts: its recipe, done again by the package, has the numbers on the screen."""
    edited(app)
    for way in walk:
        before = app.link()
        WAYS[way](app)
        app.settle()
        if way not in ("undo", "back", "pin"):  # these may lead to where the run was before
            eventually(lambda: app.link() != before, f"another address after “{way}”")  # noqa: B023
        app.button("Play").wait_for()
        address_is_the_run(app, way)


def test_every_way_to_change_a_run_is_walked() -> None:
    assert {way for walk in WALKS for way in walk} == set(WAYS)


def address_is_the_run(app: App, way: str) -> None:
    def true() -> bool:
        told = parameters(app)
        settings, notes = from_link(told)
        text = told.get("run")
        trainer = mlp.replay(from_parameter(text, settings)) if text else mlp.Trainer(settings)
        return (
            not notes
            and trainer.steps_done == app.step()
            and sum(p.numel() for p in trainer.model.parameters.values()) == app.number("Parameters")
            and math.isclose(trainer.evaluate("dev"), app.number("Dev loss"), abs_tol=2e-4)
            and math.isclose(trainer.evaluate("train"), app.number("Train loss"), abs_tol=2e-4)
        )

    eventually(true, f"an address that is the run on the screen, after “{way}”")


def test_the_map_opened_from_the_lab_is_in_the_address(app: App) -> None:
    app.open("lab")
    app.enter("Values of hidden units", "4, 8")
    app.enter("Values of training examples", "64, 128")
    set_steps(app, 50)
    app.press("Train the map")
    app.page.get_by_label("Cursor on the map").wait_for()
    eventually(lambda: "step 50 of 50" in cost(app), "the end of the map")
    app.press("Open in the playground")
    app.wait_for_step(lambda step: step == 50)
    eventually(lambda: "/lab" not in app.link(), "the playground")  # Streamlit empties the address as the page changes
    eventually(lambda: {"hidden", "train_examples", "run"} <= parameters(app).keys(), "the address")
    told = parameters(app)
    trainer = mlp.replay(from_parameter(told["run"], from_link(told)[0]))
    assert trainer.steps_done == 50
    assert math.isclose(trainer.evaluate("train"), app.number("Train loss"), abs_tol=5e-4)


def test_a_change_leaves_a_mark_and_undo_brings_back_the_run_that_a_new_seed_threw_away(app: App) -> None:
    edited(app)
    eventually(
        lambda: "Changed at step 8: learning rate 0.05." in (app.chart("Loss curve").get_attribute("aria-label") or ""),
        "the mark in words",
    )
    before = shown(app)
    assert not app.button("Undo").count()
    app.press("New seed")
    app.wait_for_step(lambda step: step == 0)
    app.button("Undo").focus()
    app.page.keyboard.press("Enter")
    app.wait_for_step(lambda step: step == 24)
    eventually(lambda: shown(app) == before, "the same run")
    eventually(lambda: not app.button("Undo").is_visible(), "nothing more to undo")


def test_the_file_of_a_run_opens_it_and_another_file_does_no_harm(app: App, tmp_path: Path) -> None:
    trainer = mlp.Trainer(mlp.Settings(train_examples=64), ["ada", "bo", "cleo", "dan"])
    trainer.step(30)
    good, bad = tmp_path / "run.json", tmp_path / "other.json"
    good.write_text(trainer.recipe().model_dump_json())
    bad.write_text(json.dumps({"surprise": 1}))
    app.open(SMALL)
    app.press("Step")
    app.press("Open a run’s file")
    picker = app.page.get_by_test_id("stFileUploaderDropzoneInput")
    picker.set_input_files(bad)
    eventually(lambda: app.page.get_by_text("does not hold a run of this app").count() == 1, "the sentence")
    assert app.step() == 1
    picker.set_input_files(good)
    eventually(lambda: app.step() == 30, "the run of the file")
    eventually(lambda: math.isclose(app.number("Train loss"), trainer.evaluate("train"), abs_tol=2e-4), "its loss")


def test_what_is_pressed_while_the_connection_is_lost_is_done_in_order_once_each(app: App) -> None:
    app.page.add_init_script(
        "const Real = WebSocket; window.sockets = []; window.WebSocket = class extends Real {"
        "constructor(...a) { super(...a); if (String(a[0]).includes('/live/')) window.sockets.push(this); } }"
    )
    app.open(SMALL)
    app.page.evaluate("window.sockets.at(-1).close()")
    eventually(lambda: app.page.get_by_text("Reconnecting…").is_visible(), "that it says so", 5)
    for _ in range(3):
        app.press("Step")
    app.wait_for_step(lambda step: step == 3)
    eventually(lambda: not app.page.get_by_text("Reconnecting…").is_visible(), "that it is over")
    app.page.wait_for_timeout(500)  # long enough for a command that was sent twice
    assert app.step() == 3
    app.page.context.set_offline(True)  # of which the socket itself hears nothing for a minute
    eventually(lambda: app.page.get_by_text("Reconnecting…").is_visible(), "that it says so", 5)
    app.page.context.set_offline(False)
    eventually(lambda: not app.page.get_by_text("Reconnecting…").is_visible(), "that it is over")
    app.press("Step")
    app.wait_for_step(lambda step: step == 4)


def test_charts_come_though_a_first_fetch_fails(app: App) -> None:
    failed: list[str] = []

    def fail_once(route) -> None:
        path = route.request.url.split("?")[0]
        if path in failed:
            route.continue_()
        else:
            failed.append(path)
            route.abort()

    app.page.route("**/live/plotly.min.js*", fail_once)
    app.page.route("**/live/mount.js*", fail_once)
    app.open()
    eventually(lambda: app.draws("Loss curve") > 0, "the chart")
    assert len(failed) == 2
    app.complaints = [text for text in app.complaints if "ERR_FAILED" not in text]


def test_a_chart_that_cannot_be_fetched_says_so_and_can_be_tried_again(app: App) -> None:
    app.page.route("**/live/plotly.min.js*", lambda route: route.abort())
    app.open()
    again = app.button("Try again").first
    eventually(lambda: again.is_visible(), "the button")
    app.page.unroute("**/live/plotly.min.js*")
    again.click()
    eventually(lambda: app.draws("Character embedding") > 0, "the chart")
    app.complaints = [text for text in app.complaints if "ERR_FAILED" not in text]


def test_labels_code_and_names_are_not_translated(app: App) -> None:
    app.open()
    for part in (".live-transport", ".live-panel", ".live-words", ".live-chart"):
        assert app.page.locator(part).first.evaluate("element => element.closest('[translate=no]') !== null"), part


def test_the_verdict_is_spoken_when_its_kind_changes_and_on_pause(app: App) -> None:
    app.open(SMALL)
    app.page.evaluate(
        "() => { const place = document.querySelector('.live-spoken'); window.spoken = [];"
        "new MutationObserver(() => window.spoken.push(place.textContent))"
        ".observe(place, {childList: true, characterData: true, subtree: true}); }"
    )
    app.press("Play")
    app.wait_for_step(lambda step: step > 3000)
    app.press("Pause")
    app.button("Play").wait_for()
    app.page.wait_for_timeout(1500)
    spoken = app.page.evaluate("window.spoken")
    assert spoken
    kinds = [text.split(":")[0] for text in spoken]
    assert len(kinds) <= len(set(kinds)) + 3  # each change of kind, and the numbers on pause
